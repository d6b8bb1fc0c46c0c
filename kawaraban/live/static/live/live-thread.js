// @ts-check
// An open discussion hears what happens. What is new is announced, and shown when the reader asks for it; what changes
// is changed in its place. Nothing takes the focus, the selection or a form away, and nothing is stored.

const MINUTE = 60_000;
// What stands on the page of writing here, and by which name the element has the words for its change. The server words
// and places it.
const NOTICES = { "closed-notice": "closing", rules: "rules" };
const NAMES = ["new", "comment", "scores", "thread", "stale"];

/** The element that knows the viewer: theme/viewer-state.js. */
const viewer = () => /** @type {any} */ (document.querySelector("viewer-state"));

/** @param {number | string} number */
const comment = (number) => document.getElementById(`comment-${number}`);

/** @param {string} html */
const parse = (html) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content;
};

/** @param {string} html */
const comments = (html) => /** @type {HTMLElement[]} */ ([...parse(html).querySelectorAll("li.comment")]);

/** What an element says, however the day has changed since it was printed. @param {Element} element */
const words = (element) => {
  const copy = /** @type {Element} */ (element.cloneNode(true));
  for (const time of copy.querySelectorAll("time")) time.textContent = time.dateTime;
  return copy.textContent?.replace(/\s+/g, " ").trim() ?? "";
};

/** A link of the pattern, which is about comment 0, for another comment. @param {Element} link @param {number} number */
const fill = (link, number) => parse(link.outerHTML.replace(/(?<=[#/])0\b/g, String(number))).children[0];

/** @param {Element} element Whether somebody reads, writes or presses something in it just now. */
const inUse = (element) => {
  const selection = getSelection();
  return (
    element.contains(document.activeElement) ||
    element.querySelector("textarea, .own-form, form[aria-busy=true]") !== null ||
    (selection?.isCollapsed === false && selection.containsNode(element, true))
  );
};

/** @param {string} tag @param {string} name @param {string} [text] */
const make = (tag, name, text = "") => {
  const made = document.createElement(tag);
  made.className = `live-thread__${name}`;
  made.textContent = text;
  return made;
};

/** Change the page without moving the comment or the box that is in use, or else the first one in the window. @param {() => void} change */
const inPlace = (change) => {
  const node = getSelection()?.isCollapsed === false ? getSelection()?.anchorNode : document.activeElement;
  const used = (node instanceof Element ? node : node?.parentElement)?.closest("li.comment, #reply");
  const shown = [...document.querySelectorAll("#thread-comments > li")].find((one) => one.getBoundingClientRect().bottom > 0);
  const kept = used?.id ?? shown?.id;
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

class LiveThread extends HTMLElement {
  /** @type {EventSource | null} */ #source = null;
  #last = "0";
  #paused = false;
  #poll = 0;
  #hiding = 0;
  /** @type {Set<number>} */ #new = new Set();
  /** @type {Map<number, string>} */ #changed = new Map();
  /** @type {Map<number, Record<string, number[]>>} */ #answers = new Map();
  /** @type {string[] | null} The thread's state and what holds for writing, until it is shown. */ #rules = null;
  /** @type {Map<string, number>} How old the newest word about each thing is. */ #told = new Map();
  // Polite regions must be there before their words are, or they are not read out.
  #news = make("div", "news");
  #state = make("p", "state");
  #show = make(this.hasAttribute("elsewhere") ? "a" : "button", "show");
  #pause = make("button", "pause", this.dataset.pause);
  #seen = new MutationObserver(() => this.#settle());
  #leave = new AbortController();

  connectedCallback() {
    this.#last = this.#address("after").searchParams.get("after") ?? this.#last;
    for (const region of [this.#news, this.#state]) region.setAttribute("role", "status");
    if (!this.hasAttribute("elsewhere")) this.#show.addEventListener("click", () => this.#fetch());
    this.#pause.addEventListener("click", () => this.#toggle());
    this.replaceChildren(this.#news, this.#pause, this.#state);
    this.#seen.observe(this.#list ?? this, { childList: true, subtree: true });
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
    this.#seen.disconnect();
    this.#close();
  }

  get #list() {
    return document.getElementById("thread-comments");
  }

  /** @param {string} key Whether to listen `after` or to `poll` for what came after the last event. */
  #address(key) {
    const url = new URL(this.getAttribute("src") ?? "", location.href);
    if (this.#last !== "0" || key === "poll") {
      url.searchParams.delete("after");
      url.searchParams.set(key, this.#last);
    }
    return url;
  }

  // --- Listening ---

  #open() {
    this.#close();
    if (this.#paused) return;
    if (!("EventSource" in window)) return this.#later();
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
    this.#pause.textContent = (this.#paused ? this.dataset.resume : this.dataset.pause) ?? "";
    this.#open();
  }

  // --- What happened ---

  /** @param {string} name @param {string} data @param {string | number} id */
  #hear(name, data, id) {
    if (id) this.#last = String(id);
    for (const row of JSON.parse(data)) {
      if (name === "scores") this.#score(...row);
      else if (name === "stale") this.#say(this.dataset.stale);
      else this.#take(name, ...row);
    }
    this.#settle();
  }

  /** Take one row, unless a later word about the same was here first. @param {string} name @param {number} number @param {number} place @param {any[]} told */
  #take(name, number, place, ...told) {
    const about = name === "thread" ? name : String(number);
    if (place < (this.#told.get(about) ?? 0)) return;
    this.#told.set(about, place);
    if (name === "thread") return void (this.#rules = told);
    const [quoted, answered, html] = told;
    this.#answers.set(number, { quoted, answered });
    if (name === "new") this.#new.add(number);
    else this.#changed.set(number, html);
  }

  #settle() {
    // What the viewer is posting comes from elsewhere at the same moment.
    if (document.querySelector("form[aria-busy=true]")) return void setTimeout(() => this.#settle(), 200);
    let hasChanged = false;
    for (const [number, html] of this.#changed) {
      const old = comment(number);
      if (old && inUse(old)) continue;
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
    const text = (count === 1 ? this.dataset.one : this.dataset.many)?.replace("{count}", String(count)) ?? "";
    if (!count) {
      if (this.#show.isConnected) inPlace(() => this.#show.remove());
    } else if (this.#show.textContent !== text || !this.#show.isConnected) {
      inPlace(() => {
        if (this.#show instanceof HTMLAnchorElement) this.#show.href = `${this.getAttribute("elsewhere")}${Math.min(...this.#new)}/`;
        this.#show.textContent = text;
        this.#news.append(this.#show);
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
      if (inUse(line)) isDone = false;
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
        if (inUse(former)) return false;
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
    if (news.length) this.#say(news.join(" "));
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
  #say(sentence) {
    const link = make("a", "reload", this.dataset.reload);
    link.setAttribute("href", location.pathname + location.search);
    inPlace(() => this.#state.replaceChildren(`${sentence} `, link));
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
      this.#settle();
      /** @type {HTMLElement} */ (made[0]?.querySelector(".comment__number") ?? this.#pause).focus();
      if (viewer()?.token) await viewer().refresh();
    } catch {
      this.#show.textContent = this.dataset.failed ?? "";
    }
  }
}

customElements.define("live-thread", LiveThread);
