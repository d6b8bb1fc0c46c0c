// @ts-check
// What every part of a page does that listens to a subject: it hears events from a stream, asks now and then where none
// is to be had, stops when the reader says so, and lets go when nobody looks. Nothing is stored.

const MINUTE = 60_000;

/** @param {string} html */
export const parse = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
};

/** What an element says, however the day has changed since it was printed. @param {Element} element */
export const words = (element) => {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
};

/** @param {Element} element Whether somebody has the focus in it, or has selected some of it. */
export const inUse = (element) => {
  const selection = getSelection();
  return (
    element.contains(document.activeElement) ||
    (selection?.isCollapsed === false && selection.containsNode(element, true))
  );
};

/** Change the page without moving what the reader looks at. @param {string | undefined} kept Its id. @param {() => void} change */
export const holding = (kept, change) => {
  const top = () => document.getElementById(kept ?? "")?.getBoundingClientRect().top ?? 0;
  const before = top();
  // Browsers that hold the place by themselves would do it twice, and give up where what they hold on to is replaced.
  const root = document.documentElement;
  root.style.overflowAnchor = "none";
  change();
  // Not by nothing, which would end a scroll that is on its way.
  const moved = top() - before;
  if (moved) scrollBy({ top: moved, behavior: "instant" });
  requestAnimationFrame(() => (root.style.overflowAnchor = ""));
};

/** @param {Iterable<Element>} elements The first of them that reaches into the window, or stands below it. */
export const firstShown = (elements) => [...elements].find((one) => one.getBoundingClientRect().bottom > 0);

export class Listening extends HTMLElement {
  /** @type {string[]} The names of the events that are heard; `stale` is heard by all. */ static events = [];
  /** @type {EventSource | null} */ #source = null;
  #last = "0";
  #paused = false;
  #poll = 0;
  #hiding = 0;
  // Polite regions must be there before their words are, or they are not read out.
  news = this.make("div", "news");
  state = this.make("p", "state");
  pause = this.make("button", "pause", this.dataset.pause);
  #leave = new AbortController();
  /** @type {Map<string, number>} How old the newest word about each thing is. */ #told = new Map();

  connectedCallback() {
    this.#last = this.#address("after").searchParams.get("after") ?? this.#last;
    for (const region of [this.news, this.state]) region.setAttribute("role", "status");
    this.pause.onclick = () => this.#toggle();
    this.replaceChildren(this.news, this.pause, this.state);
    const { signal } = (this.#leave = new AbortController());
    for (const name of ["focusout", "selectionchange"])
      document.addEventListener(name, () => setTimeout(() => this.settle()), { signal });
    document.addEventListener("visibilitychange", () => this.#hide(), { signal });
    addEventListener("online", () => this.#open(), { signal });
    addEventListener("pagehide", () => this.#close(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#open(), { signal });
    this.#open();
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#close();
  }

  // --- What an element of its own does ---

  /** Keep one row of an event for `settle`. @param {string} name @param {any[]} row */
  hear(name, row) {}

  /** Show what was heard, as far as nobody uses what it changes. */
  settle() {}

  // --- What it has for that ---

  /** @param {string} tag @param {string} name @param {string} [text] */
  make(tag, name, text = "") {
    const made = document.createElement(tag);
    made.className = `${this.localName}__${name}`;
    made.textContent = text;
    return made;
  }

  /** Whether a later word about the same was heard before. @param {string} about @param {number} place @param {number} [shown] The place of what the page was made with. */
  isLate(about, place, shown = 0) {
    if (place < (this.#told.get(about) ?? shown)) return true;
    this.#told.set(about, place);
    return false;
  }

  /** The words for so many of what is new. @param {number} count */
  counted(count) {
    return (count === 1 ? this.dataset.one : this.dataset.many)?.replace("{count}", String(count)) ?? "";
  }

  /** Say it, and offer to load the page again. @param {string} [sentence] */
  say(sentence) {
    const link = this.make("a", "reload", this.dataset.reload);
    link.setAttribute("href", location.pathname + location.search);
    this.state.replaceChildren(`${sentence} `, link);
  }

  // --- Listening ---

  /** @param {string} key Whether to listen `after` or to `poll` for what came after the last event. */
  #address(key) {
    const url = new URL(this.getAttribute("src") ?? "", location.href);
    if (this.#last !== "0" || key === "poll") {
      url.searchParams.delete("after");
      url.searchParams.set(key, this.#last);
    }
    return url;
  }

  #open() {
    this.#close();
    if (this.#paused) return;
    if (!("EventSource" in window)) return this.#later();
    const source = (this.#source = new EventSource(this.#address("after")));
    for (const name of [.../** @type {typeof Listening} */ (this.constructor).events, "stale"])
      source.addEventListener(name, (event) => this.#take(name, event.data, event.lastEventId));
    // A lost connection it renews by itself; after a refusal it gives up, and so do we for a while.
    source.onerror = () => source.readyState === EventSource.CLOSED && this.#later();
  }

  #close() {
    clearTimeout(this.#poll);
    this.#source?.close();
    this.#source = null;
  }

  #later() {
    this.#poll = setTimeout(() => this.#ask(), (20 + 20 * Math.random()) * 1000);
  }

  async #ask() {
    try {
      const answer = await fetch(this.#address("poll"));
      if (answer.status === 404) return;
      if (answer.ok) for (const { name, data, id } of await answer.json()) this.#take(name, data, id ?? "");
    } catch {
      // No network: the next time.
    }
    this.#open();
  }

  // A page that nobody looks at lets go of its connection after some minutes.
  #hide() {
    clearTimeout(this.#hiding);
    if (document.hidden) this.#hiding = setTimeout(() => this.#close(), 3 * MINUTE);
    else if (!this.#source) this.#open();
  }

  #toggle() {
    this.#paused = !this.#paused;
    this.pause.textContent = (this.#paused ? this.dataset.resume : this.dataset.pause) ?? "";
    this.#open();
  }

  /** @param {string} name @param {string} data @param {string | number} id */
  #take(name, data, id) {
    if (id) this.#last = String(id);
    if (name === "stale") this.say(this.dataset.stale);
    else for (const row of JSON.parse(data)) this.hear(name, row);
    this.settle();
  }
}
