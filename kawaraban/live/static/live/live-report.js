// @ts-check
// An open live report hears what is written, corrected and taken back. A new entry is put in its place while the reader
// stands at the head of the list; further down it is announced and shown when they ask for it, so that nothing moves
// under what they read. Nothing takes the focus or the selection away, and nothing is stored.

import { Listening, firstShown, holding, inUse, parse, words } from "./listening.js";

/** @param {number} number */
const entry = (number) => document.getElementById(`entry-${number}`);

/** Change the page without moving the first entry in the window. @param {() => void} change */
const inPlace = (change) => {
  if (scrollY > 0) holding(firstShown(document.querySelectorAll(".entry"))?.id, change);
  else change();
};

class LiveReport extends Listening {
  static events = ["entry", "report"];
  /** @type {Map<number, HTMLElement>} New entries that wait to be asked for. */ #new = new Map();
  /** @type {Map<number, HTMLElement>} Entries that changed while somebody used them. */ #changed = new Map();
  /** @type {HTMLElement | null} What stands above the entries, until it can be shown. */ #head = null;
  #said = this.make("p", "said");
  #show = this.make("button", "show");

  connectedCallback() {
    super.connectedCallback();
    this.#show.onclick = () => this.#insertAll();
    this.#said.classList.add("visually-hidden");
    this.#said.setAttribute("role", "status");
    this.append(this.#said);
  }

  get #list() {
    return /** @type {HTMLElement} */ (document.getElementById("entries"));
  }

  /** Whether the reader stands at the head of the list and uses none of it. */
  get #isAtHead() {
    return this.#list.getBoundingClientRect().top >= 0 && !inUse(this.#list);
  }

  // --- What happened ---

  /** @param {string} name @param {any[]} row */
  hear(name, [number, place, html]) {
    if (this.isLate(`${name} ${number}`, place, Number(entry(number)?.dataset.changed ?? 0))) return;
    const made = /** @type {HTMLElement} */ (parse(html).firstElementChild);
    if (name === "report") this.#head = made;
    else this.#take(number, made);
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
      this.#said.textContent = `${this.dataset.entry} ${words(made.querySelector("h3") ?? made).slice(0, 100)}`;
    }
  }

  /** @param {number} number @param {HTMLElement} made */
  #insert(number, made) {
    const older = [...this.#list.children].find((one) => Number(one.id.slice(6)) < number);
    this.#list.insertBefore(made, older ?? null);
  }

  settle() {
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
    const text = this.counted(count);
    if (!count) this.#show.remove();
    else if (this.#show.textContent !== text || !this.#show.isConnected) {
      this.#show.textContent = text;
      this.news.append(this.#show);
    }
  }

  #insertAll() {
    const newest = Math.max(...this.#new.keys());
    for (const [number, made] of this.#new) this.#insert(number, made);
    this.#new.clear();
    this.settle();
    entry(newest)?.scrollIntoView();
    /** @type {HTMLElement | null} */ (entry(newest)?.querySelector("a") ?? null)?.focus({ preventScroll: true });
  }
}

customElements.define("live-report", LiveReport);
