// @ts-check
// Replies and quotations go into the box at the end of the page, and what is begun there is kept on the server.
// Without this script each link leads to a page with the same box.

/** @returns {HTMLFormElement | null} */
const box = () => /** @type {any} */ (document.getElementById("write"));
const token = () => /** @type {any} */ (document.querySelector("viewer-state"))?.token;

/** @param {string} words */
const insert = (words) => {
  const area = /** @type {HTMLTextAreaElement} */ (box()?.elements.namedItem("body"));
  const before = area.value.slice(0, area.selectionEnd).trimEnd();
  const after = area.value.slice(area.selectionEnd).trimStart();
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
button.textContent = "Quote";
button.hidden = true;
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  const node = selection?.focusNode;
  const place = (node instanceof Element ? node : node?.parentElement)?.closest(".prose, .story__head, .comment__text");
  const words = place && token() && box() ? selected(place) : "";
  button.hidden = words.length < 3;
  if (button.hidden || !selection) return;
  const end = selection.getRangeAt(0).getBoundingClientRect();
  button.style.insetBlockStart = `${end.bottom + scrollY + 6}px`;
  button.style.insetInlineStart = `${Math.max(8, Math.min(end.right, document.documentElement.clientWidth - 96))}px`;
  if (!button.isConnected) document.body.append(button);
});
// The press must not take the selection away before it is read.
button.addEventListener("pointerdown", (event) => event.preventDefault());
button.addEventListener("click", () => {
  const node = getSelection()?.focusNode;
  const place = (node instanceof Element ? node : node?.parentElement)?.closest(".prose, .story__head, .comment__text");
  if (!place) return;
  insert(quotation(selected(place), place.closest(".comment")));
  button.hidden = true;
});

/** @type {number | undefined} */
let waiting;
document.addEventListener("input", (event) => {
  const area = /** @type {HTMLTextAreaElement} */ (event.target);
  const form = area.form;
  if (area.name !== "body" || form?.id !== "write" || !token()) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => send(form.dataset.draft ?? "", { body: area.value }), 1500);
});

/** @param {string} address @param {Record<string, string>} fields */
const send = (address, fields) =>
  fetch(address, { method: "POST", keepalive: true, body: new URLSearchParams(fields), headers: { "X-CSRFToken": token() } }).catch(() => {});

// A source that is on this page is shown where it stands; a click on the way back in the browser returns.
document.addEventListener("click", (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest("figcaption a, .comment__links a");
  const number = link?.getAttribute("href")?.match(/^\/t\/\d+\/(\d+)\/$/)?.[1];
  if (!number || event.ctrlKey || event.metaKey || event.shiftKey || !document.getElementById(`comment-${number}`)) return;
  event.preventDefault();
  location.hash = `comment-${number}`;
});

document.addEventListener("click", (event) => {
  const folded = /** @type {HTMLElement} */ (event.target).closest(".comment[data-folded]");
  if (folded && /** @type {HTMLElement} */ (event.target).closest(".comment__number, .unfold")) folded.removeAttribute("data-folded");
});

// How far a member has read is remembered when they leave, for the link to what is new.
addEventListener("pagehide", () => {
  const numbers = [...document.querySelectorAll("#thread-comments > .comment")].map((comment) => Number(/** @type {HTMLElement} */ (comment).dataset.number));
  const form = box();
  if (!numbers.length || !form || !token()) return;
  send(form.action.replace(/comments\/$/, "seen/"), { number: String(Math.max(...numbers)) });
});
