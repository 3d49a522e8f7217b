// Moves the marks of a picture: the paths and markers that Matplotlib has drawn.

import { fixed } from "./words.js";

/** @import { Mark, Panel, Scene } from "./scene.js" */
/** @import { Drawn } from "./live.js" */

/** A coordinate to tenths, as the picture has it. @param {number} x */
export const tenths = (x) => Math.round(x * 10) / 10;

/** @type {string[]} coordinates as texts by their tenths: an engine writes numbers slowly */
const TEXTS = [];

/** The text of a coordinate, to tenths. @param {number} x */
function text(x) {
  const n = Math.round(x * 10);
  if (n < 0 || n > 1e4) return String(Math.max(-1e5, Math.min(1e5, n)) / 10);
  return TEXTS[n] ??= String(n / 10);
}

/**
 * Path data of a mark.
 * @param {Mark} mark
 * @param {Panel} panel the one that it stands in
 * @param {(source: any) => any} value of an output or a parameter by its name
 */
export function pathOf(mark, { scale: [ax, bx, ay, by] }, value) {
  const x = (/** @type {number} */ v) => text(ax * v + bx);
  const y = (/** @type {number} */ v) => text(ay * v + by);
  const xs = value(mark.x), ys = mark.y.map(value);
  let d = "";
  if (mark.kind === "ticks") {
    const ends = `${y(ys[0])}V${y(ys[1])}`;
    for (const v of xs) d += `M${x(v)} ${ends}`;
    return d;
  }
  const [all] = ys, count = xs.length ?? all.length, across = xs.length, up = all.length;
  for (let k = 0; k < count; k++) {
    d += (k ? "L" : "M") + x(across ? xs[k] : xs) + " " + y(up ? all[k] : all);
  }
  return d;
}

/**
 * Let the marks of a picture follow what is drawn.
 * @param {HTMLElement} figure whose SVG has a group with each mark's gid
 * @param {Scene} scene
 * @returns {(drawn: Drawn) => void}
 */
export function pictureOf(figure, scene) {
  const moves = scene.marks.map((mark) => {
    const group = figure.querySelector(`[data-gid="${mark.gid}"]`);
    const element = /** @type {Element} */ (
      group?.querySelector(mark.kind === "point" ? "use" : "path"));
    const panel = scene.panels[mark.panel], [ax, bx, ay, by] = panel.scale;
    return (/** @type {(source: any) => any} */ value) => {
      if (mark.kind !== "point") return element.setAttribute("d", pathOf(mark, panel, value));
      element.setAttribute("x", String(tenths(ax * value(mark.x) + bx)));
      element.setAttribute("y", String(tenths(ay * value(mark.y[0]) + by)));
    };
  });
  // A text with the name of a readout ends with its number, so that it is seen where it belongs.
  for (const { name, digits } of scene.readouts) {
    const text = figure.querySelector(`svg [data-gid="${name}"] text`);
    if (text) moves.push((value) => {
      text.textContent = (text.textContent ?? "").replace(/\S*$/, fixed(value(name), digits));
    });
  }
  return ({ value }) => moves.forEach((move) => move(value));
}
