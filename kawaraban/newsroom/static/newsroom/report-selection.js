// @ts-check
// Words that are selected in the story go along to the report of an error. Without this script its paragraphs are listed.

const LENGTH = 500; // characters
const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector(".story__error"));

/** The first of the selected lines, if somebody has selected words of the story. */
const selected = () => {
  const selection = getSelection();
  const node = selection?.anchorNode;
  const place = (node instanceof Element ? node : node?.parentElement)?.closest(".prose, .story__head");
  return selection && !selection.isCollapsed && place ? selection.toString().trim().split("\n")[0].slice(0, LENGTH) : "";
};

// Before the press takes the selection away.
for (const press of ["pointerdown", "keydown"]) {
  link?.addEventListener(press, () => {
    const words = selected();
    link.search = words ? `?${new URLSearchParams({ words })}` : "";
  });
}
