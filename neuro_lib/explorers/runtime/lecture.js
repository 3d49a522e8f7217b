// In the lecture hall: one explorer fills the screen; Page Up and Page Down lead to the others.

/** @import { Live } from "./live.js" */

/** @param {Live} live */
export function lecture({ figure, tools }) {
  if (!document.fullscreenEnabled) return;
  tools.item("Fill the screen", () => {
    figure.requestFullscreen();
    return "Page Up and Page Down lead to the other explorers, Escape back to the page.";
  });
  figure.addEventListener("keydown", ({ key, target }) => {
    if (document.fullscreenElement !== figure) return;
    const sliding = /** @type {Element} */ (target).matches("input, select, [role=slider]");
    const step = key === "PageDown" || key === "ArrowRight" && !sliding ? 1
      : key === "PageUp" || key === "ArrowLeft" && !sliding ? -1 : 0;
    if (!step) return;
    const all = [...document.querySelectorAll("figure.explorer")];
    const next = /** @type {HTMLElement} */ (all.at((all.indexOf(figure) + step) % all.length));
    next.tabIndex = -1;
    next.requestFullscreen().then(() => next.focus());
  });
}
