// @ts-check
// The desk's keys, and queues that count themselves. Without this file every form and link does the same.
// What it says stands in the page, in the language of whoever moderates.

const EVERY = 15_000; // milliseconds between two looks at the counts
const desk = /** @type {HTMLElement | null} */ (document.querySelector("[data-desk]"));
const news = document.querySelector("[data-news]");

/** @param {string} words */
function say(words) {
  if (news && news.textContent !== words) news.textContent = words;
}

// --- Keys -----------------------------------------------------------------------------------------------------------

/** Whether somebody is writing or choosing where letters have a meaning of their own. @param {EventTarget | null} target */
function takesLetters(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("select, textarea")) return true;
  return target.matches("input:not([type=radio], [type=checkbox], [type=submit], [type=button])");
}

/** The row before or after the one that has the focus. @param {number} step */
function move(step) {
  const rows = [...document.querySelectorAll("[data-line]")];
  const here = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[here < 0 ? (step > 0 ? 0 : rows.length - 1) : here + step];
  const link = /** @type {HTMLElement | null} */ (next?.querySelector("a"));
  link?.focus();
  return rows.length > 0;
}

/** @param {HTMLElement} control */
function press(control) {
  if (control.hasAttribute("data-needs-rule") && !document.querySelector("[data-rule]:checked")) {
    const first = /** @type {HTMLElement | null} */ (document.querySelector("[data-rule]"));
    first?.focus();
    say(desk?.dataset.needsRuleWords ?? "");
    return;
  }
  control.click();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
  if (takesLetters(event.target) || document.querySelector("[role=dialog]:not([aria-hidden=true])")) return;
  const rule = /** @type {HTMLInputElement | null} */ (
    /^[1-9]$/.test(event.key) ? document.querySelector(`[data-rule="${event.key}"]`) : null
  );
  const control = /** @type {HTMLElement | null} */ (document.querySelector(`[data-key~="${CSS.escape(event.key)}"]`));
  if (rule) {
    rule.checked = true;
    say((desk?.dataset.chosenWords ?? "").replace("{rule}", () => rule.parentElement?.textContent?.trim() ?? ""));
  } else if (control) press(control);
  else if ("nj".includes(event.key) && move(1)) say("");
  else if ("pk".includes(event.key) && move(-1)) say("");
  else if (event.key === "x") {
    const row = document.activeElement?.closest("[data-line]");
    /** @type {HTMLElement | null | undefined} */ (row?.querySelector("input[type=checkbox]"))?.click();
  } else return;
  event.preventDefault();
  event.stopImmediatePropagation(); // Wagtail has a list of keys of its own under the question mark.
}

if (desk?.dataset.keys === "on") document.addEventListener("keydown", onKey, { capture: true });

// --- Counts ---------------------------------------------------------------------------------------------------------

const nav = /** @type {HTMLElement | null} */ (document.querySelector("[data-counts]"));

/** Whole numbers and words change in place; nothing moves, and nothing takes the focus. @param {HTMLElement} nav */
async function look(nav) {
  if (document.hidden) return;
  const answer = await fetch(nav.dataset.counts ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) return;
  /** @type {Record<string, {count: number, oldest: string}>} */
  const counts = await answer.json();
  for (const [name, each] of Object.entries(counts)) {
    const count = nav.querySelector(`[data-count="${name}"]`);
    const oldest = nav.querySelector(`[data-oldest="${name}"]`);
    if (oldest) oldest.textContent = each.oldest && (desk?.dataset.oldestWords ?? "").replace("{time}", () => each.oldest);
    if (!count) continue;
    count.textContent = String(each.count);
    const more = each.count - shown[name];
    if (name === nav.dataset.queue && more > 0) say((desk?.dataset.moreWords ?? "").replace("{count}", String(more)));
  }
}

/** @type {Record<string, number>} */
const shown = {};
if (nav) {
  for (const each of nav.querySelectorAll("[data-count]")) {
    shown[each.getAttribute("data-count") ?? ""] = Number(each.textContent);
  }
  setInterval(() => look(nav).catch(() => {}), EVERY); // offline: the next look may find the way
}
