// The input, drawn by hand: the neuron answers while the finger moves.

import { make } from "./dom.js";
import { stageOf } from "./handles.js";
import { compileScene } from "./run.js";

/** @import { Live } from "./live.js" */

/** @param {Live} live */
export function drawing(live) {
  const { scene, store, tools, figure } = live, { mark: gid, source } = scene.drawing ?? {};
  const mark = scene.marks.find((m) => m.gid === gid);
  if (!mark || !source) return;
  const { scale: [ax, bx, ay, by], x: [left, right], y: [low, high] } = scene.panels[mark.panel];
  const stage = stageOf(figure);
  const svg = /** @type {SVGSVGElement} */ (stage.querySelector("svg"));
  const { width, height } = svg.viewBox.baseVal;
  const sheet = make("div", {
    class: "sheet", tabindex: "0", role: "group", hidden: true,
    "aria-label": `${mark.label ?? gid}: draw it with a finger, or with the arrow keys`,
    style: `left:${100 * (ax * left + bx) / width}%;top:${100 * (ay * high + by) / height}%;` +
      `width:${100 * ax * (right - left) / width}%;height:${-100 * ay * (high - low) / height}%`,
  });
  stage.append(sheet);
  /** @type {[number, number]} where it last was: number of the point, value */
  let pen = [0, 0];

  /** Draw on to a point. @param {number} to @param {number} level @param {number} [from] */
  function line(to, level, from = pen[0]) {
    const current = Float64Array.from(store.get("drawn") ?? live.drawn?.value(mark?.y[0]));
    const end = Math.min(Math.max(Math.round(to), 0), current.length - 1);
    const value = Math.min(Math.max(level, low), high), step = Math.sign(end - from) || 1;
    for (let k = from; k !== end + step; k += step) {
      current[k] = value + (k - end) / (from - end || 1) * (pen[1] - value);
    }
    pen = [end, value];
    store.set({ drawn: current });
  }

  const count = () => live.drawn?.value(mark.x).length ?? 1;
  /** @param {PointerEvent} event @param {boolean} begins */
  function follow(event, begins) {
    const box = sheet.getBoundingClientRect();
    const k = (event.clientX - box.left) / box.width * (count() - 1);
    const level = high - (event.clientY - box.top) / box.height * (high - low);
    const first = Math.min(Math.max(Math.round(k), 0), count() - 1);
    if (begins) pen = [first, level];
    line(k, level);
  }
  sheet.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    sheet.setPointerCapture(event.pointerId);
    follow(event, true);
  });
  sheet.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (sheet.hasPointerCapture(event.pointerId)) follow(event, false);
  });
  sheet.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const keys = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const [x, y] = /** @type {Record<string, number[]>} */ (keys)[event.key] ?? [0, 0];
    if (!x && !y) return;
    event.preventDefault();
    line(pen[0] + x * count() / 40, pen[1] + y * (high - low) / 40);
  });

  const button = tools.button("Draw the input", async () => {
    if (!sheet.hidden) return clear();
    live.begin();
    live.answer ??= await compileScene({ source, outputs: scene.outputs });
    sheet.hidden = false;
    button.textContent = "Clear";
    sheet.focus();
    return "Draw with a finger, the mouse or the arrow keys.";
  });
  const clear = () => {
    sheet.hidden = true;
    button.textContent = "Draw the input";
    store.set({ drawn: undefined });
  };
  store.watch((changed) => { // Reset was pressed
    if (changed.includes("drawn") && !store.get("drawn") && !sheet.hidden) clear();
  });
}
