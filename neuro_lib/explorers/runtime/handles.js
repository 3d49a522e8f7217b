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
function addHandle(live, { name, axis, mark: gid, at, other, zero, scale }) {
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
    "aria-label": all.map((p) => (p.symbol ? `${p.symbol}, ` : "") + p.meaning).join("; "),
    "aria-orientation": axis === "x" ? "horizontal" : "vertical",
    "aria-valuemin": nearest(main, -Infinity), "aria-valuemax": nearest(main, Infinity),
  });
  stage.append(knob);

  const place = () => {
    const level = at ?? (axis === "y" ? panel.x[1] : panel.y[1]), value = store.get(name);
    const along = zero + scale * value;
    const [left, top] = point ? ["x", "y"].map((n) => Number(point.getAttribute(n)))
      : [ax * (axis === "x" ? along : level) + bx, ay * (axis === "y" ? along : level) + by];
    const { width, height } = svg.viewBox.baseVal;
    knob.style.left = `${100 * Math.min(Math.max(left / width, 0), 1)}%`;
    knob.style.top = `${100 * Math.min(Math.max(top / height, 0), 1)}%`;
    knob.setAttribute("aria-valuenow", value);
    knob.setAttribute("aria-valuetext", all.map((p) => inUnits(p, store.get(p.name))).join("; "));
  };
  /** @param {Parameter | undefined} p @param {number} value */
  const move = (p, value) => p && store.set({ [p.name]: nearest(p, value) });
  /** @param {Parameter | undefined} p @param {number} at on its axis */
  const drag = (p, at) => move(p, p === main ? (at - zero) / scale : at);

  knob.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    knob.setPointerCapture(event.pointerId);
    knob.focus({ preventScroll: true });
    event.preventDefault();
  });
  knob.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!knob.hasPointerCapture(event.pointerId)) return;
    const box = svg.getBoundingClientRect(), unit = svg.viewBox.baseVal.width / box.width;
    drag(x, ((event.clientX - box.left) * unit - bx) / ax);
    drag(y, ((event.clientY - box.top) * unit - by) / ay);
  });
  knob.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const { key } = event, sideways = key === "ArrowLeft" || key === "ArrowRight";
    const upright = key === "ArrowUp" || key === "ArrowDown";
    const p = (sideways ? x : upright ? y : main) ?? main, now = store.get(p.name);
    const steps = /** @type {Record<string, number>} */ ({
      ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10,
      Home: -Infinity, End: Infinity,
    })[key];
    if (steps === undefined) return;
    const along = key.startsWith("Arrow") && p === main ? Math.sign(scale) : 1; // as they point
    move(p, now + along * steps * (p.step ?? 1));
    event.preventDefault();
  });
  live.follow(place);
  place();
}
