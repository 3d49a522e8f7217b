// Another draw of what is left to chance: the next one that Python would draw, too. Where one draw
// misleads, the mean over those seen so far is told.

import { make } from "./dom.js";
import { fixed } from "./words.js";

/** @import { Live } from "./live.js" */

/** @param {Live} live */
export function another(live) {
  const { scene, store, tools, figure } = live;
  const drawing = scene.parameters.find(({ draws }) => draws);
  if (!drawing) return;
  const { name, low, high } = drawing, told = make("p", { class: "mean", role: "status" });
  figure.querySelector(".readout")?.after(told);
  let state = "";
  /** @type {Map<number, number[]>} readouts by the number of the draw */
  const seen = new Map();

  live.follow(({ params, value }) => {
    const others = JSON.stringify({ ...params, [name]: 0 });
    if (others !== state) seen.clear();
    state = others;
    seen.set(params[name], scene.readouts.map((r) => value(r.name)));
    told.textContent = seen.size < 2 ? "" : `Over ${seen.size} draws: ` +
      scene.readouts.flatMap(({ label, unit, digits, none }, number) => {
        const all = [...seen.values()].map((values) => values[number]);
        const some = none ? all.filter((v) => v >= 0) : all;
        if (all.every((v) => v === all[0])) return [];
        const mean = some.reduce((sum, v) => sum + v, 0) / some.length;
        const said = `${label} ${fixed(mean, digits + 1)}${unit ? ` ${unit}` : ""}`;
        const words = some.length ? [said] : [], missing = all.length - some.length;
        return missing ? [...words, `${none} in ${missing}`] : words;
      }).join("; ");
  });
  tools.button("Another draw", () => {
    live.begin();
    store.set({ [name]: store.get(name) < high ? store.get(name) + 1 : low });
  });
}
