// @ts-check
// The inbox says when something new has come. Without this file it does so when it is opened again.

const EVERY = 10_000; // milliseconds between two looks
const wire = /** @type {HTMLElement | null} */ (document.querySelector("[data-wire-count]"));
const news = /** @type {HTMLElement | null} */ (document.querySelector("[data-news]"));
const unread = document.querySelector("[data-unread]");

/** Tell in place, and move nothing: somebody is reading the list. @param {{unread: number, latest: number}} now */
function tell(now) {
  if (unread) unread.textContent = String(now.unread);
  if (!news || String(now.latest) === wire?.dataset.latest || news.firstChild) return;
  const link = document.createElement("a");
  link.href = news.dataset.address ?? "";
  link.textContent = news.dataset.words ?? "";
  news.append(link);
}

async function look() {
  if (!wire || document.hidden) return;
  const answer = await fetch(wire.dataset.wireCount ?? "", { headers: { Accept: "application/json" } });
  if (answer.ok && !answer.redirected) tell(await answer.json());
}

// A server that is away for a moment is asked again at the next turn.
if (wire) setInterval(() => look().catch(() => {}), EVERY);
