// What has left the axes is told at the edge that it left by: an arrow, its name and its value.

import { make } from "./dom.js";
import { stageOf } from "./handles.js";

/** @import { Drawn, Live } from "./live.js" */

/** @param {Live} live */
export function edges(live) {
  const { figure, scene } = live, stage = stageOf(figure);
  const svg = /** @type {SVGSVGElement} */ (stage.querySelector("svg"));
  const { width, height } = svg.viewBox.baseVal;
  const levels = scene.marks.filter(({ kind, y }) =>
    kind === "point" || kind === "line" && typeof y[0] === "string");
  const cues = scene.panels.map(({ scale: [ax, bx, ay, by], x, y }) => [1, 0].map((end) => {
    const cue = make("span", { class: `edge ${end ? "above" : "below"}`, "aria-hidden": "true" });
    cue.style.left = `${100 * (ax * x[1] + bx) / width}%`;
    cue.style.top = `${100 * (ay * y[end] + by) / height}%`;
    stage.append(cue);
    return cue;
  }));

  live.follow(({ value }) => scene.panels.forEach(({ y: [low, high] }, number) => {
    /** @type {string[][]} */
    const left = [[], []];
    for (const { panel, y, label, gid } of levels) {
      const level = value(y[0]);
      if (panel !== number || level.length !== undefined || level >= low && level <= high) continue;
      const words = `${label ?? gid} = ${level.toPrecision(3).replace("-", "−")}`;
      left[level > high ? 0 : 1].push(`${level > high ? "↑" : "↓"} ${words}`);
    }
    cues[number].forEach((cue, side) => {
      const text = left[side].join("  ");
      if (cue.textContent !== text) cue.textContent = text;
    });
  }));
}
