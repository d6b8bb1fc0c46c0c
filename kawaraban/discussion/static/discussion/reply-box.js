// @ts-check
// Replies and quotations go into the box at the end of the page, and what is begun there is kept on the server.
// Without this script each link leads to a page with the same box.

/** @returns {HTMLFormElement | null} */
const box = () => /** @type {any} */ (document.getElementById("write"));
const token = () => /** @type {any} */ (document.querySelector("viewer-state"))?.token;

/** Words go in where somebody was writing, or below a text that they have not touched. @param {string} words */
const insert = (words) => {
  const area = /** @type {HTMLTextAreaElement} */ (box()?.elements.namedItem("body"));
  const place = "touched" in area.dataset ? area.selectionEnd : area.value.length;
  const before = area.value.slice(0, place).trimEnd();
  const after = area.value.slice(place).trimStart();
  area.value = `${before}${before && "\n\n"}${words}\n\n${after}`;
  const at = area.value.length - after.length;
  area.focus();
  area.setSelectionRange(at, at);
  area.dispatchEvent(new Event("input", { bubbles: true }));
};

/** @param {string} number */
const answer = (number) => {
  const form = /** @type {HTMLFormElement} */ (box());
  /** @type {HTMLInputElement} */ (form.elements.namedItem("to")).value = number;
  const line = /** @type {HTMLElement} */ (form.querySelector(".reply__to"));
  line.hidden = !number;
  const link = /** @type {HTMLAnchorElement} */ (line.querySelector("a"));
  link.href = `#comment-${number}`;
  /** @type {HTMLElement} */ (line.querySelector(".reply__number")).textContent = number;
};

/** The words that are selected inside an element, with its line breaks. @param {Element} element */
const selected = (element) => {
  const selection = getSelection();
  if (!selection || selection.isCollapsed || !element.contains(selection.anchorNode) || !element.contains(selection.focusNode)) return "";
  return selection.toString().trim();
};

/** Words as a quotation, below a line that says whose they are. @param {string} words @param {HTMLElement | null} comment */
const quotation = (words, comment) => {
  const name = comment?.querySelector(".comment__author")?.textContent?.trim();
  const time = comment?.querySelector(".comment__who .meta")?.textContent?.split("·")[0].trim();
  const heading = name ? `${name}${time ? ` ${time}` : ":"}\n` : "";
  return heading + words.split("\n").map((line) => (line.trim() ? `> ${line}` : ">")).join("\n");
};

document.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest("[data-reply], [data-quote], .reply__drop");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !box() || !token()) return;
  event.preventDefault();
  if (link.matches(".reply__drop")) return answer("");
  const comment = /** @type {HTMLElement} */ (link.closest(".comment"));
  const text = /** @type {HTMLElement} */ (comment.querySelector(".comment__text"));
  if (link.matches("[data-reply]")) {
    answer(comment.dataset.number ?? "");
    /** @type {HTMLElement} */ (box()?.elements.namedItem("body")).focus();
  } else {
    // Without a selection it is the comment's own words, not those it quotes.
    const own = [...text.children].filter((part) => !part.matches(".quotation")).map((part) => /** @type {HTMLElement} */ (part).innerText);
    insert(quotation(selected(text) || own.join("\n\n"), comment));
  }
});

// Words selected in the story or in a comment bring a button with them, next to where the selection ends.
const button = document.createElement("button");
button.type = "button";
button.className = "button quote-selection";
button.hidden = true;

/** The text in which words are selected. */
const selectedIn = () => {
  const node = getSelection()?.focusNode;
  return (node instanceof Element ? node : node?.parentElement)?.closest(".prose, .story__head, .comment__text");
};
document.addEventListener("selectionchange", () => {
  const place = selectedIn();
  const words = place && token() && box() ? selected(place) : "";
  // Who has gone on to the button by keyboard keeps it.
  if (!words && button === document.activeElement) return;
  button.hidden = words.length < 3;
  if (button.hidden || !place) return;
  button.textContent = box()?.dataset.word ?? "";
  // Right after the text, where the Tab key goes on from the selection.
  if (place.nextElementSibling !== button) place.after(button);
  const end = /** @type {Selection} */ (getSelection()).getRangeAt(0).getBoundingClientRect();
  const origin = button.offsetParent?.getBoundingClientRect() ?? new DOMRect();
  const right = document.documentElement.clientWidth - button.offsetWidth - 8;
  button.style.insetBlockStart = `${end.bottom - origin.top + 6}px`;
  button.style.insetInlineStart = `${Math.max(8, Math.min(end.right, right)) - origin.left}px`;
});
// The press must not take the selection away before it is read.
button.addEventListener("pointerdown", (event) => event.preventDefault());
button.addEventListener("click", () => {
  const place = selectedIn();
  if (!place) return;
  insert(quotation(selected(place), place.closest(".comment")));
  button.hidden = true;
});

// What comes next is another comment: it has a key of its own, and answers nobody yet.
document.addEventListener("posted", (event) => {
  const form = box();
  if (!form || event.target !== form) return;
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("key"));
  key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  answer("");
  for (const part of form.querySelectorAll(".error, #preview > *, [name=plain]")) part.remove();
});

// A draft is kept when the writer pauses or leaves, and no longer waits once it is on its way to be posted.
/** @type {number | undefined} */
let waiting;
const keep = () => {
  clearTimeout(waiting);
  const form = box();
  if (!waiting || !form) return;
  waiting = undefined;
  send(form.dataset.draft ?? "", { body: /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("body")).value });
};
document.addEventListener("input", (event) => {
  const area = /** @type {HTMLTextAreaElement} */ (event.target);
  if (area.name !== "body" || area.form?.id !== "write" || !token()) return;
  clearTimeout(waiting);
  waiting = setTimeout(keep, 1500);
});
document.addEventListener("focusin", (event) => {
  const area = /** @type {HTMLElement} */ (event.target);
  if (area.matches("#write textarea")) area.dataset.touched = "";
});
// Before swap-form.js, which takes the form away.
document.addEventListener("submit", (event) => {
  if (event.target !== box() || event.submitter?.hasAttribute("formaction")) return;
  clearTimeout(waiting);
  waiting = undefined;
}, { capture: true });
addEventListener("pagehide", keep);

/** @param {string} address @param {Record<string, string>} fields */
const send = (address, fields) =>
  fetch(address, { method: "POST", keepalive: true, body: new URLSearchParams(fields), headers: { "X-CSRFToken": token() } }).catch(() => {});

// A source that is on this page is shown where it stands; a click on the way back in the browser returns.
document.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest("figcaption a, .comment__links a, .quoted-by a");
  const number = link?.getAttribute("href")?.match(/^\/t\/\d+\/(\d+)\/$/)?.[1];
  if (!number || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById(`comment-${number}`)) return;
  event.preventDefault();
  location.hash = `comment-${number}`;
});

// How far a member has read is remembered when they leave, for the link to what is new.
addEventListener("pagehide", () => {
  const numbers = [...document.querySelectorAll("#thread-comments > .comment")].map((comment) => Number(/** @type {HTMLElement} */ (comment).dataset.number));
  const form = box();
  if (!numbers.length || !form || !token()) return;
  send(form.action.replace(/comments\/$/, "seen/"), { number: String(Math.max(...numbers)) });
});
