// @ts-check
// A form or link that names its place with data-into answers there, instead of on a page of its own.
// Whatever goes wrong falls back to what happens without this script.

/** The element that knows the viewer: theme/viewer-state.js. */
const viewer = () => /** @type {any} */ (document.querySelector("viewer-state"));

/** @param {string} html */
const parse = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return /** @type {HTMLElement | null} */ (holder.content.firstElementChild);
};

/** @param {string} text */
const say = (text) => {
  let live = document.getElementById("spoken");
  if (!live) {
    live = document.createElement("p");
    live.id = "spoken";
    live.className = "visually-hidden";
    live.setAttribute("role", "status");
    document.body.append(live);
  }
  live.textContent = text;
};

/** @param {HTMLElement} place @param {HTMLElement} made */
const put = (place, made) => {
  if (made.matches("li.comment") && place.id === "thread-comments") {
    place.append(made);
    made.dataset.new = "";
    say(place.dataset.posted?.replace("{number}", made.dataset.number ?? "") ?? "");
    document.querySelector(".thread__empty")?.remove();
    // At once: what changes above it at the same moment would end a scroll that takes its time.
    made.scrollIntoView({ block: "nearest", behavior: "instant" });
  } else if (made.matches("li.comment")) place.replaceWith(made);
  else if (made.matches(".preview")) {
    document.getElementById("preview")?.replaceChildren(made);
    made.focus();
  }
  else if (made.matches(".reply")) document.getElementById("write")?.replaceWith(made);
  else {
    const slot = place.querySelector(".comment__own") ?? place;
    slot.replaceChildren(made);
    // Where filling it in begins; the button does the deed, and comes last.
    /** @type {HTMLElement | null} */ (made.querySelector("textarea, input:not([type=hidden]), button"))?.focus();
  }
};

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const place = document.getElementById(form.dataset.into ?? "");
  const csrf = viewer().token;
  if (!place || !csrf) return;
  event.preventDefault();
  const button = /** @type {HTMLButtonElement | null} */ (event.submitter);
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const data = new FormData(form, button);
  const focus = button?.dataset.vote;
  try {
    const answer = await fetch(button?.hasAttribute("formaction") ? button.formAction : form.action, {
      method: "POST",
      body: new URLSearchParams(/** @type {any} */ (data)),
      headers: { "X-CSRFToken": csrf, "X-Fragment": "1" },
      redirect: "error",
    });
    const made = parse(await answer.text());
    if (!made || ![200, 201, 400, 409].includes(answer.status)) throw new Error(String(answer.status));
    if (made.matches(".preview")) {
      put(place, made);
      form.ariaBusy = "false";
      return;
    }
    if (made.matches(".error") && form.matches(".vote, .mark")) {
      form.parentElement?.querySelector(".error")?.remove();
      form.after(made);
      form.ariaBusy = "false";
      return;
    }
    // Not reset(), which would bring back the words of a former refusal.
    if (answer.ok) for (const box of form.querySelectorAll("textarea")) box.value = "";
    put(place, made);
    // The form stays where the viewer has gone on in it before what is theirs came anew.
    form.ariaBusy = "false";
    if (answer.ok) form.dispatchEvent(new Event("posted", { bubbles: true }));
    // What had the focus is gone; the focus goes on in the comment that it was about.
    const next = focus ? `[data-vote="${focus}"]` : form.matches(".mark") ? "summary" : ".comment__number";
    if (made.matches("li.comment")) /** @type {HTMLElement | null} */ (made.querySelector(next))?.focus();
    else /** @type {HTMLElement | null} */ (made.querySelector("textarea"))?.focus();
    await viewer().refresh();
  } catch {
    form.ariaBusy = "false";
    const kept = document.createElement("input");
    kept.type = "hidden";
    if (button?.name) {
      kept.name = button.name;
      kept.value = button.value;
      form.append(kept);
    }
    if (button?.hasAttribute("formaction")) form.action = button.formAction;
    HTMLFormElement.prototype.submit.call(form);
  }
});

document.addEventListener("click", async (event) => {
  const link = /** @type {HTMLElement} */ (event.target).closest(".own-link, .own-cancel");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const comment = /** @type {HTMLElement | null} */ (link.closest(".comment"));
  if (!comment || !viewer().token) return;
  event.preventDefault();
  if (link.matches(".own-cancel")) {
    /** @type {HTMLElement | null} */ (comment.querySelector(".comment__number"))?.focus();
    const form = link.closest("form");
    form?.remove();
    await viewer().refresh();
    // Back to the link that the form came from.
    /** @type {HTMLElement | null} */ (comment.querySelector(`.own-link[href="${form?.getAttribute("action")}"]`))?.focus();
    return;
  }
  try {
    const answer = await fetch(link.href, { headers: { "X-Fragment": "1" }, redirect: "error" });
    const made = answer.ok ? parse(await answer.text()) : null;
    // Whatever is a page of its own, such as a report's, is opened as one.
    if (!made?.matches(".own-form")) throw new Error(String(answer.status));
    put(comment, made);
  } catch {
    location.assign(link.href);
  }
});
