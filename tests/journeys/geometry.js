// What a page looks like to a ruler. Read by test_geometry.py, which puts it into pages of the paper.
(() => {
  const name = (element) => {
    const part = element.closest("[id]")?.id;
    const words = (element.innerText || element.getAttribute("aria-label") || "").trim().slice(0, 30);
    return `${part ? `#${part} ` : ""}${element.tagName.toLowerCase()}.${element.className} “${words}”`;
  };
  const seen = (element) =>
    element.checkVisibility({ visibilityProperty: true }) && !element.closest(".visually-hidden, .w-sr-only, .skip, .trap");
  const scrolls = (element) => {
    for (let outer = element; outer && outer !== document.body; outer = outer.parentElement)
      if (/auto|scroll/.test(getComputedStyle(outer).overflowX)) return true;
    return false;
  };

  /** Elements that stick out of the window to the side, where nothing lets the reader scroll to them. */
  const stickingOut = (within = "body") => [...document.querySelectorAll(`:is(${within}) *`)].filter((element) => {
    const box = element.getBoundingClientRect();
    return seen(element) && box.width && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(element);
  }).map(name);

  /** Elements that cut off part of what they hold. */
  const cutOff = (within = "body") => [...document.querySelectorAll(`:is(${within}) *`)].filter((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    return seen(element) && !element.matches("textarea, input, img") && (
      (/hidden|clip/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (/hidden|clip/.test(overflowY) && element.scrollHeight > element.clientHeight + 1));
  }).map(name);

  /** Targets under 24 by 24 pixels whose surrounding circle of 24 pixels meets another target (WCAG 2.5.8). */
  const crowded = (within) => {
    const links = document.querySelectorAll(within ? `:is(${within}) :is(button, .button, summary, select, input)`
      : "header.masthead :is(a, button), .thread :is(a, button, input, textarea), footer a, .byline a, .teaser a");
    const targets = [...links].filter((element) => seen(element) && !element.closest(".comment__text, .notice, .help"))
      .map((element) => ({ element, box: element.getBoundingClientRect() }));
    const small = (target) => target.box.width < 24 || target.box.height < 24;
    const middle = ({ box }) => [box.left + box.width / 2, box.top + box.height / 2];
    const meets = (target, other) => {
      const [x, y] = middle(target);
      const [u, v] = middle(other);
      if (small(other) && Math.hypot(x - u, y - v) < 24) return true;
      const { left, right, top, bottom } = other.box;
      return Math.hypot(x - Math.min(Math.max(x, left), right), y - Math.min(Math.max(y, top), bottom)) < 12;
    };
    return targets.filter((target) => small(target)
      && targets.some((other) => other !== target && !other.element.contains(target.element) && meets(target, other)))
      .map(({ element, box }) => `${name(element)} ${Math.round(box.width)}×${Math.round(box.height)}`);
  };

  /** Buttons under 44 by 44 pixels, which a finger misses. */
  const tooSmallForFingers = () => [...document.querySelectorAll(".thread button, .own-link, .act, .views a, .masthead__sections a")]
    .filter((element) => seen(element) && element.getBoundingClientRect().height < 43.5)
    .map((element) => `${name(element)} ${Math.round(element.getBoundingClientRect().height)}`);

  /** Elements that move or would move by themselves. */
  const moving = () => [...document.querySelectorAll("*")].filter((element) => {
    const style = getComputedStyle(element);
    return style.scrollBehavior === "smooth" || style.animationName !== "none"
      || style.transitionDuration.split(", ").some((duration) => parseFloat(duration) > 0);
  }).map(name).concat(document.getAnimations().map(String));

  window.ruler = { stickingOut, cutOff, crowded, tooSmallForFingers, moving };
})();
