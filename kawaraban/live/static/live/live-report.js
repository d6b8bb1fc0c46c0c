// @ts-check
// An open live report hears what is written, corrected and taken back. A new entry is put in its place while the reader
// stands at the head of the list; further down it is announced and shown when they ask for it, so that nothing moves
// under what they read. Nothing takes the focus or the selection away, and nothing is stored.

const MINUTE = 60_000;
const NAMES = ["entry", "report", "stale"];

/** @param {number} number */
const entry = (number) => document.getElementById(`entry-${number}`);

/** @param {string} html */
const parse = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return /** @type {HTMLElement} */ (holder.content.firstElementChild);
};

/** @param {Element} element */
const words = (element) => element.textContent?.replace(/\s+/g, " ").trim() ?? "";

/** @param {Element} element Whether somebody has the focus in it, or has selected some of it. */
const inUse = (element) => {
  const selection = getSelection();
  return (
    element.contains(document.activeElement) ||
    (selection?.isCollapsed === false && selection.containsNode(element, true))
  );
};

/** Change the page without moving the first entry in the window. @param {() => void} change */
const inPlace = (change) => {
  const shown = [...document.querySelectorAll(".entry")].find((one) => one.getBoundingClientRect().bottom > 0);
  const top = () => document.getElementById(shown?.id ?? "")?.getBoundingClientRect().top ?? 0;
  const before = top();
  // Browsers that hold the place by themselves would do it twice.
  const root = document.documentElement;
  root.style.overflowAnchor = "none";
  change();
  const moved = top() - before;
  if (moved && scrollY > 0) scrollBy({ top: moved, behavior: "instant" });
  requestAnimationFrame(() => (root.style.overflowAnchor = ""));
};

/** @param {string} tag @param {string} name @param {string} [text] */
const make = (tag, name, text = "") => {
  const made = document.createElement(tag);
  made.className = `live-report__${name}`;
  made.textContent = text;
  return made;
};

class LiveReport extends HTMLElement {
  /** @type {EventSource | null} */ #source = null;
  #last = "0";
  #paused = false;
  #poll = 0;
  #hiding = 0;
  /** @type {Map<number, HTMLElement>} New entries that wait to be asked for. */ #new = new Map();
  /** @type {Map<number, HTMLElement>} Entries that changed while somebody used them. */ #changed = new Map();
  /** @type {HTMLElement | null} What stands above the entries, until it can be shown. */ #head = null;
  /** @type {Map<string, number>} How old the newest word about each thing is. */ #told = new Map();
  // Polite regions must be there before their words are, or they are not read out.
  #news = make("div", "news");
  #said = make("p", "said visually-hidden");
  #state = make("p", "state");
  #show = make("button", "show");
  #pause = make("button", "pause", "Pause updates");
  #leave = new AbortController();

  connectedCallback() {
    this.#last = this.#address("after").searchParams.get("after") ?? this.#last;
    for (const region of [this.#news, this.#said, this.#state]) region.setAttribute("role", "status");
    this.#show.addEventListener("click", () => this.#insertAll());
    this.#pause.addEventListener("click", () => this.#toggle());
    this.replaceChildren(this.#news, this.#pause, this.#said, this.#state);
    const { signal } = (this.#leave = new AbortController());
    for (const name of ["focusout", "selectionchange"])
      document.addEventListener(name, () => setTimeout(() => this.#settle()), { signal });
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

  get #list() {
    return /** @type {HTMLElement} */ (document.getElementById("entries"));
  }

  /** Whether the reader stands at the head of the list and uses none of it. */
  get #isAtHead() {
    return this.#list.getBoundingClientRect().top >= 0 && !inUse(this.#list);
  }

  // --- Listening, as live-thread.js does ---

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
    const source = (this.#source = new EventSource(this.#address("after")));
    for (const name of NAMES)
      source.addEventListener(name, (event) => this.#hear(name, event.data, event.lastEventId));
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
      if (answer.ok) for (const { name, data, id } of await answer.json()) this.#hear(name, data, id ?? "");
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
    this.#pause.textContent = this.#paused ? "Resume updates" : "Pause updates";
    this.#open();
  }

  // --- What happened ---

  /** @param {string} name @param {string} data @param {string | number} id */
  #hear(name, data, id) {
    if (id) this.#last = String(id);
    for (const [number, place, html] of JSON.parse(data)) {
      if (name === "stale") {
        this.#offer();
        continue;
      }
      const about = `${name} ${number}`;
      const known = this.#told.get(about) ?? Number(entry(number)?.dataset.changed ?? 0);
      if (place < known) continue;
      this.#told.set(about, place);
      if (name === "report") this.#head = parse(html);
      else this.#take(number, parse(html));
    }
    this.#settle();
  }

  /** @param {number} number @param {HTMLElement} made */
  #take(number, made) {
    if (entry(number)) {
      if (entry(number)?.dataset.changed !== made.dataset.changed) this.#changed.set(number, made);
    } else if ("removed" in made.dataset) {
      this.#new.delete(number); // taken back before this page showed it
    } else if (this.#new.size || !this.#isAtHead) {
      this.#new.set(number, made);
    } else {
      this.#insert(number, made);
      this.#said.textContent = `New entry: ${words(made.querySelector("h3") ?? made).slice(0, 100)}`;
    }
  }

  /** @param {number} number @param {HTMLElement} made */
  #insert(number, made) {
    const older = [...this.#list.children].find((one) => Number(one.id.slice(6)) < number);
    this.#list.insertBefore(made, older ?? null);
  }

  #settle() {
    for (const [number, made] of this.#changed) {
      const old = entry(number);
      if (!old || inUse(old)) continue;
      this.#changed.delete(number);
      inPlace(() => old.replaceWith(made));
    }
    const head = document.getElementById("live-report-head");
    if (this.#head && head && !inUse(head)) {
      const made = this.#head;
      this.#head = null;
      if (words(made) !== words(head)) {
        const [before, after] = [head, made].map((one) => one.querySelector(".notice"));
        if (!before && after) this.#said.textContent = words(after);
        inPlace(() => head.replaceWith(made));
      }
    }
    const count = this.#new.size;
    const text = `${count} new entr${count === 1 ? "y" : "ies"}`;
    if (!count) this.#show.remove();
    else if (this.#show.textContent !== text || !this.#show.isConnected) {
      this.#show.textContent = text;
      this.#news.append(this.#show);
    }
  }

  #insertAll() {
    const newest = Math.max(...this.#new.keys());
    for (const [number, made] of this.#new) this.#insert(number, made);
    this.#new.clear();
    this.#settle();
    entry(newest)?.scrollIntoView();
    /** @type {HTMLElement | null} */ (entry(newest)?.querySelector("a") ?? null)?.focus({ preventScroll: true });
  }

  #offer() {
    const link = make("a", "reload", "Load the page again");
    link.setAttribute("href", location.pathname + location.search);
    this.#state.replaceChildren("Much has happened here meanwhile. ", link);
  }
}

customElements.define("live-report", LiveReport);
