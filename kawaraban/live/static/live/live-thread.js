// @ts-check
// An open discussion hears what happens. What is new is announced, and shown when the reader asks for it; what changes
// is changed in its place. Nothing takes the focus, the selection or a form away, and nothing is stored.

import { Listening, firstShown, holding, inUse, parse, words } from "./listening.js";

// What stands on the page of writing here, and by which name the element has the words for its change. The server words
// and places it.
const NOTICES = { "closed-notice": "closing", rules: "rules" };

/** The element that knows the viewer: theme/viewer-state.js. */
const viewer = () => /** @type {any} */ (document.querySelector("viewer-state"));

/** @param {number | string} number */
const comment = (number) => document.getElementById(`comment-${number}`);

/** @param {string} html */
const comments = (html) => /** @type {HTMLElement[]} */ ([...parse(html).querySelectorAll("li.comment")]);

/** A link of the pattern, which is about comment 0, for another comment. @param {Element} link @param {number} number */
const fill = (link, number) => parse(link.outerHTML.replace(/(?<=[#/])0\b/g, String(number))).children[0];

/** @param {Element} element Whether somebody reads, writes or presses something in it just now. */
const isBusy = (element) => inUse(element) || element.querySelector("textarea, .own-form, form[aria-busy=true]") !== null;

/** Change the page without moving the comment or the box that is in use, or else the first one in the window. @param {() => void} change */
const inPlace = (change) => {
  const node = getSelection()?.isCollapsed === false ? getSelection()?.anchorNode : document.activeElement;
  const used = (node instanceof Element ? node : node?.parentElement)?.closest("li.comment, #reply");
  holding(used?.id ?? firstShown(document.querySelectorAll("#thread-comments > li"))?.id, change);
};

class LiveThread extends Listening {
  static events = ["new", "comment", "scores", "thread"];
  /** @type {Set<number>} */ #new = new Set();
  /** @type {Map<number, string>} */ #changed = new Map();
  /** @type {Map<number, Record<string, number[]>>} */ #answers = new Map();
  /** @type {[string, string] | null} The thread's state and what holds for writing, until it is shown. */ #rules = null;
  #show = this.make(this.hasAttribute("elsewhere") ? "a" : "button", "show");
  #seen = new MutationObserver(() => this.settle());

  connectedCallback() {
    if (!this.hasAttribute("elsewhere")) this.#show.onclick = () => this.#fetch();
    this.#seen.observe(this.#list ?? this, { childList: true, subtree: true });
    super.connectedCallback();
  }

  disconnectedCallback() {
    this.#seen.disconnect();
    super.disconnectedCallback();
  }

  get #list() {
    return document.getElementById("thread-comments");
  }

  // --- What happened ---

  /** @param {string} name @param {any[]} row */
  hear(name, row) {
    const [number, place, ...told] = row;
    if (name === "scores") return this.#score(number, place, told[0]);
    if (this.isLate(name === "thread" ? name : String(number), place)) return;
    if (name === "thread") return void (this.#rules = [told[0], told[1]]);
    const [quoted, answered, html] = told;
    this.#answers.set(number, { quoted, answered });
    if (name === "new") this.#new.add(number);
    else this.#changed.set(number, html);
  }

  settle() {
    // What the viewer is posting comes from elsewhere at the same moment.
    if (document.querySelector("form[aria-busy=true]")) return void setTimeout(() => this.settle(), 200);
    let hasChanged = false;
    for (const [number, html] of this.#changed) {
      const old = comment(number);
      if (old && isBusy(old)) continue;
      this.#changed.delete(number);
      const [made] = comments(html);
      if (!old || !made) continue;
      if ("new" in old.dataset) made.dataset.new = "";
      inPlace(() => old.replaceWith(made));
      hasChanged = true;
    }
    if (hasChanged && viewer()?.token) viewer().refresh();
    for (const [number, sources] of this.#answers) if (this.#link(number, sources)) this.#answers.delete(number);
    if (this.#rules && this.#rule(...this.#rules)) this.#rules = null;
    for (const number of this.#new) if (comment(number)) this.#new.delete(number);
    const count = this.#new.size;
    const text = this.counted(count);
    if (!count) {
      if (this.#show.isConnected) inPlace(() => this.#show.remove());
    } else if (this.#show.textContent !== text || !this.#show.isConnected) {
      inPlace(() => {
        if (this.#show instanceof HTMLAnchorElement) this.#show.href = `${this.getAttribute("elsewhere")}${Math.min(...this.#new)}/`;
        this.#show.textContent = text;
        this.news.append(this.#show);
      });
    }
  }

  /**
   * Let the sources on this page show who quotes and who answers them. The line is the server's own, with our numbers.
   * @param {number} number @param {Record<string, number[]>} sources @returns {boolean} Whether none is in use.
   */
  #link(number, sources) {
    const pattern = /** @type {HTMLTemplateElement | null} */ (document.getElementById("links"));
    const there = [...document.querySelectorAll(`[data-by] a[href$="/${number}/"]`)].map((link) => link.closest(".comment"));
    const concerned = new Set([...there, ...Object.values(sources).flat().map(comment)]);
    let isDone = true;
    for (const source of concerned) {
      const line = source?.querySelector("[data-links]");
      if (!pattern || !line) continue;
      const own = Number(/** @type {HTMLElement} */ (source).dataset.number);
      const made = /** @type {DocumentFragment} */ (pattern.content.cloneNode(true));
      for (const part of made.querySelectorAll("[data-by]")) {
        const by = /** @type {HTMLElement} */ (part).dataset.by ?? "";
        const links = [...line.querySelectorAll(`[data-by=${by}] a`)];
        const numbers = new Set(links.map((link) => Number(link.textContent?.slice(1))));
        numbers.delete(number);
        if (sources[by].includes(own)) numbers.add(number);
        const link = /** @type {Element} */ (part.querySelector("a"));
        const filled = [...numbers].sort((one, other) => one - other).map((each) => fill(link, each));
        link.replaceWith(...filled.flatMap((each, place) => (place ? [", ", each] : [each])));
        if (!filled.length) part.remove();
      }
      const whole = /** @type {Element} */ (made.lastElementChild);
      whole.replaceWith(fill(whole, own));
      if (!made.querySelector("[data-by]")) made.replaceChildren();
      if (made.textContent === line.textContent) continue;
      if (isBusy(line)) isDone = false;
      else inPlace(() => line.replaceChildren(made));
    }
    return isDone;
  }

  /**
   * Show what holds for writing here, and say that it has changed.
   * @param {string} state @param {string} html @returns {boolean} Whether it is shown: not while somebody uses it.
   */
  #rule(state, html) {
    const made = parse(html);
    const news = [];
    for (const [id, name] of Object.entries(NOTICES)) {
      const [former, next] = [document.getElementById(id), made.getElementById(id)];
      if (former && next && words(former) !== words(next)) {
        if (isBusy(former)) return false;
        inPlace(() => former.replaceWith(next));
        news.push(this.dataset[name], words(next));
      } else if (former && state === "open" && id === "closed-notice") {
        inPlace(() => former.remove());
        news.push(this.dataset.opened);
      } else if (!former && next && id === "closed-notice") {
        inPlace(() => document.querySelector(".thread__head")?.after(next));
        news.push(this.dataset.closed);
      }
    }
    if (news.length) this.say(news.join(" "));
    return true;
  }

  /** @param {number} number @param {number} agree @param {number} disagree */
  #score(number, agree, disagree) {
    const words = { agree, disagree, net: agree - disagree };
    for (const [name, value] of Object.entries(words))
      for (const place of comment(number)?.querySelectorAll(`[data-${name}]`) ?? []) place.textContent = String(value);
    // The viewer's own vote may be among these, or not yet.
    if (viewer()?.hasFresh?.(number)) viewer().refresh();
  }

  /** @param {string} [sentence] */
  say(sentence) {
    inPlace(() => super.say(sentence));
  }

  // --- Shown when asked for ---

  async #fetch() {
    const list = this.#list;
    if (!list) return;
    /** @param {Element | undefined} one */
    const number = (one) => Number(/** @type {HTMLElement | undefined} */ (one)?.dataset.number ?? 0);
    // A comment that waited for a moderator comes late, with a number below those that are shown.
    const last = Math.min(number([...list.children].at(-1)), Math.min(...this.#new) - 1);
    try {
      const answer = await fetch(`${this.getAttribute("changes")}${last}/`);
      if (!answer.ok) throw new Error(String(answer.status));
      const found = comments(await answer.text());
      const made = found.filter((one) => !comment(one.dataset.number ?? ""));
      for (const one of made) {
        one.dataset.new = "";
        list.insertBefore(one, [...list.children].find((other) => number(other) > number(one)) ?? null);
      }
      document.querySelector(".thread__empty")?.remove();
      // What is not there any more is not announced again.
      const told = number(found.at(-1));
      for (const one of this.#new) if (!found.length || one <= told) this.#new.delete(one);
      this.settle();
      /** @type {HTMLElement} */ (made[0]?.querySelector(".comment__number") ?? this.pause).focus();
      if (viewer()?.token) await viewer().refresh();
    } catch {
      this.#show.textContent = this.dataset.failed ?? "";
    }
  }
}

customElements.define("live-thread", LiveThread);
