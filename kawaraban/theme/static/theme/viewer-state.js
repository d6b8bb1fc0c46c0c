// @ts-check
// Pages are the same for everyone. What is the viewer's own (links, votes, the reply box) is asked for once and laid
// over the page; those who are not signed in are not asked about at all.

/** @param {string} id */
const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

/** @param {Record<string, number>} votes */
const press = (votes) => {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-vote]"))) {
    const comment = /** @type {HTMLElement | null} */ (button.closest(".comment"));
    const vote = button.dataset.vote ?? "";
    const pressed = String(votes[comment?.dataset.number ?? ""]) === vote;
    button.setAttribute("aria-pressed", String(pressed));
    button.value = pressed ? "0" : vote;
  }
};

/** Scores with the viewer's own votes that do not count for others yet. @param {Record<string, number[]>} scores */
const score = (scores) => {
  for (const [number, [agree, disagree]] of Object.entries(scores))
    for (const [name, value] of Object.entries({ agree, disagree, net: agree - disagree }))
      for (const place of document.querySelectorAll(`#comment-${number} [data-${name}]`)) place.textContent = String(value);
};

/** @param {{worth?: number[], folded?: number[]}} marks @param {HTMLTemplateElement | null} fold */
const mark = (marks, fold) => {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-worth]"))) {
    const comment = /** @type {HTMLElement | null} */ (button.closest(".comment"));
    const marked = !!marks.worth?.includes(Number(comment?.dataset.number));
    button.setAttribute("aria-pressed", String(marked));
    button.value = marked ? "0" : "1";
  }
  for (const number of marks.folded ?? []) {
    const who = document.querySelector(`#comment-${number} .comment__who`);
    if (fold && !who?.nextElementSibling?.matches(".comment__fold")) who?.after(fold.content.cloneNode(true));
  }
};

class ViewerState extends HTMLElement {
  connectedCallback() {
    if (document.cookie.includes("signed_in=1")) this.refresh();
  }

  /** What a write must carry; null for somebody who is not signed in. */
  get token() {
    return data("csrf-token");
  }

  /** Whether the viewer's own vote on a comment is shown to them and does not count yet. @param {number} number */
  hasFresh(number) {
    return String(number) in (data("my-scores") ?? {});
  }

  /** Ask what is the viewer's, and lay it over the page. Where no answer comes, the page stays as it is. */
  async refresh() {
    const answer = await fetch(this.getAttribute("src") ?? "").catch(() => null);
    if (!answer?.ok) return;
    const mine = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of mine.querySelectorAll("template")) {
      const place = document.getElementById(part.dataset.into ?? "");
      const slot = part.dataset.part ? place?.querySelector(part.dataset.part) : place;
      // What somebody may be writing in, or has the focus, is never taken away from under their hands.
      if (!slot || slot.querySelector("textarea")?.value || slot.contains(document.activeElement)) continue;
      slot.replaceChildren(part.content.cloneNode(true));
      if ("own" in part.dataset) place?.setAttribute("data-own", "");
    }
    for (const script of mine.querySelectorAll("script[type='application/json']")) {
      document.getElementById(script.id)?.remove();
      document.body.append(script);
    }
    press(data("my-votes") ?? {});
    score(data("my-scores") ?? {});
    mark(data("my-marks") ?? {}, mine.querySelector("#fold"));
  }
}

customElements.define("viewer-state", ViewerState);
