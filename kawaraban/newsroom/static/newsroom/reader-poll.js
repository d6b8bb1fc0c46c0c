// @ts-check
// A poll on a page that everybody gets: members are shown their own view of it and vote in place. Whatever goes wrong
// falls back to the poll's own page.

class ReaderPoll extends HTMLElement {
  connectedCallback() {
    const src = this.getAttribute("src");
    if (!src) return;
    this.addEventListener("submit", (event) => this.vote(event));
    if (document.cookie.includes("signed_in=1")) this.ask(src);
  }

  /** What the member sees, with the form that carries their token. @param {string} src */
  async ask(src) {
    const answer = await fetch(src, { headers: { "X-Fragment": "1" } });
    if (!answer.ok) return;
    const html = await answer.text();
    // What was picked or has the focus meanwhile stays so.
    const picked = this.querySelector("input:checked")?.id;
    const focus = this.contains(document.activeElement) && document.activeElement?.id;
    this.innerHTML = html;
    const again = /** @type {HTMLInputElement | null} */ (picked && this.querySelector(`#${picked}`));
    if (again && !this.querySelector(".poll__result")) again.checked = true;
    if (focus) document.getElementById(focus)?.focus();
  }

  /** @param {SubmitEvent} event */
  async vote(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    // A form without a token leads to the poll's own page, and by way of the sign-in if need be.
    if (form.method !== "post") return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(/** @type {any} */ (new FormData(form))),
        headers: { "X-Fragment": "1" },
        redirect: "error",
      });
      if (![200, 400, 409].includes(answer.status)) throw new Error(String(answer.status));
      this.innerHTML = await answer.text();
      /** @type {HTMLElement | null} */ (this.querySelector(".error, .poll__said"))?.focus();
    } catch {
      HTMLFormElement.prototype.submit.call(form);
    }
  }
}

customElements.define("reader-poll", ReaderPoll);
