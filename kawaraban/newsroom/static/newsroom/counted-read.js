// @ts-check
// Says once that the story is read: after five seconds in sight, and not when its page is only loaded again. Nothing is
// sent along, and nothing is kept here.
const SECONDS = 5;

class CountedRead extends HTMLElement {
  seen = 0;

  connectedCallback() {
    const [opened] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    if (opened?.type === "navigate") this.clock = setInterval(() => this.look(), 1000);
  }

  look() {
    if (document.visibilityState !== "visible") return;
    this.seen += 1;
    if (this.seen < SECONDS) return;
    clearInterval(this.clock);
    fetch(this.getAttribute("src") ?? "", { method: "POST", credentials: "omit", keepalive: true }).catch(() => {});
  }
}

customElements.define("counted-read", CountedRead);
