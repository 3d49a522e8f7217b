// What can be taken hold of in the picture: a handle and its slider are one value.

import { make } from "./dom.js";
import { nearest } from "./values.js";
import { inUnits } from "./words.js";

/** @import { Live } from "./live.js" */
/** @import { Handle, Parameter } from "./scene.js" */

/** The box of the picture alone, in which parts in front of it have their places.
 * @param {HTMLElement} figure
 * @returns {HTMLElement} */
export function stageOf(figure) {
  const found = figure.querySelector(".stage");
  if (found) return /** @type {HTMLElement} */ (found);
  const svg = /** @type {SVGElement} */ (figure.querySelector("svg"));
  const stage = make("div", { class: "stage" });
  svg.before(stage);
  stage.append(svg);
  return stage;
}

/** @param {Live} live */
export function handles(live) {
  for (const handle of live.scene.handles ?? []) addHandle(live, handle);
}

/** @param {Live} live @param {Handle} handle */
function addHandle(live, { name, axis, mark: gid, at, other }) {
  const { figure, scene, store } = live;
  const one = (/** @type {string} */ n) =>
    /** @type {Parameter} */ (scene.parameters.find((p) => p.name === n));
  const stage = stageOf(figure), svg = /** @type {SVGSVGElement} */ (stage.querySelector("svg"));
  const mark = /** @type {any} */ (scene.marks.find((m) => m.gid === gid));
  const panel = scene.panels[mark.panel], [ax, bx, ay, by] = panel.scale;
  const main = one(name), second = other ? one(other) : undefined;
  const all = second ? [main, second] : [main];
  const [x, y] = axis === "x" ? [main, second] : [second, main];
  const point = mark.kind === "point" && figure.querySelector(`[data-gid="${gid}"] use`);

  const knob = make("span", {
    class: `handle along-${other ? "both" : axis}`, role: "slider", tabindex: "0",
    "data-slider": name,
    "aria-label": all.map((p) => `${p.symbol}, ${p.meaning}`).join("; "),
    "aria-orientation": axis === "x" ? "horizontal" : "vertical",
    "aria-valuemin": main.low, "aria-valuemax": main.high,
  });
  stage.append(knob);

  const place = () => {
    const level = at ?? (axis === "y" ? panel.x[1] : panel.y[1]), value = store.get(name);
    const [left, top] = point ? ["x", "y"].map((n) => Number(point.getAttribute(n)))
      : [ax * (axis === "x" ? value : level) + bx, ay * (axis === "y" ? value : level) + by];
    const { width, height } = svg.viewBox.baseVal;
    knob.style.left = `${100 * Math.min(Math.max(left / width, 0), 1)}%`;
    knob.style.top = `${100 * Math.min(Math.max(top / height, 0), 1)}%`;
    knob.setAttribute("aria-valuenow", value);
    knob.setAttribute("aria-valuetext", all.map((p) => inUnits(p, store.get(p.name))).join("; "));
  };
  /** @param {Parameter | undefined} p @param {number} value */
  const move = (p, value) => p && store.set({ [p.name]: nearest(p, value) });

  knob.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    knob.setPointerCapture(event.pointerId);
    knob.focus({ preventScroll: true });
    event.preventDefault();
  });
  knob.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!knob.hasPointerCapture(event.pointerId)) return;
    const box = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / box.width;
    move(x, ((event.clientX - box.left) * scale - bx) / ax);
    move(y, ((event.clientY - box.top) * scale - by) / ay);
  });
  knob.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const { key } = event, sideways = key === "ArrowLeft" || key === "ArrowRight";
    const p = (second && (sideways ? x : y)) ?? main, now = store.get(p.name);
    const steps = /** @type {Record<string, number>} */ ({
      ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10,
      Home: -Infinity, End: Infinity,
    })[key];
    if (steps === undefined) return;
    move(p, now + steps * p.step);
    event.preventDefault();
  });
  live.follow(place);
  place();
}
