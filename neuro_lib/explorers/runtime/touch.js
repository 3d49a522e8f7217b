// A figure and the hand that moves its sliders.

/** @import { Live } from "./live.js" */

/**
 * Have the whole picture in sight while a control is touched or has the focus, also when the window
 * gets another size. Where it stands beside its sliders, nothing else would bring it there.
 * @param {Live} live
 */
export function keepInSight({ figure }) {
  const form = figure.querySelector("form"), picture = figure.querySelector("svg");
  if (!form || !picture) return;
  const look = () => {
    const { top, bottom } = picture.getBoundingClientRect();
    const head = parseFloat(getComputedStyle(picture).top) || 0;
    const below = Math.max(0, bottom + 2 - innerHeight), above = Math.min(0, top - head);
    scrollBy({ top: below || above, behavior: "instant" });
  };
  for (const sign of ["focusin", "pointerdown"]) form.addEventListener(sign, look);
  addEventListener("resize", () => {
    const held = form.querySelector(":focus");
    if (!held) return;
    held.scrollIntoView({ block: "nearest", behavior: "instant" });
    look();
  });
}

/**
 * Take back what a finger did to a slider on its way to scroll the page: the browser cancels its
 * gesture then.
 * @param {Live} live
 */
export function takeBackScrolls({ figure, store }) {
  /** @type {Record<string, any>} */
  let before = {};
  const form = figure.querySelector("form");
  form?.addEventListener("pointerdown", ({ target }) => {
    const { name } = /** @type {HTMLInputElement} */ (target);
    before = name in store.values ? { [name]: store.get(name) } : {};
  }, true);
  form?.addEventListener("pointercancel", () => store.set(before));
}
