// Every state has an address, and a line of Python.

import { Refused, stop } from "./values.js";

/** @import { Live } from "./live.js" */
/** @import { Parameter, Scene } from "./scene.js" */

/**
 * The name that the address has for a figure: its scene's, with a number from the second on.
 * @param {HTMLElement} figure
 */
function keyOf(figure) {
  const name = /** @type {string} */ (figure.dataset.scene);
  const all = [...document.querySelectorAll(`figure.explorer[data-scene="${name}"]`)];
  const number = all.indexOf(figure) + 1;
  return number > 1 ? `${name}-${number}` : name;
}

/** @param {Parameter} p @param {number} value */
const written = (p, value) => p.options ? p.options[value] : String(value);

/**
 * What stands behind the # of the address of an explorer as it is now.
 * @param {Live} live
 * @param {Record<string, number>} [start] what need not be said
 */
export function fragmentOf({ figure, scene, store }, key = keyOf(figure), start = store.start) {
  const moved = scene.parameters.filter((p) => store.get(p.name) !== start[p.name]);
  const query = new URLSearchParams(moved.map((p) => [p.name, written(p, store.get(p.name))]));
  return moved.length ? `#${key}?${query}` : `#${key}`;
}

/**
 * The call that gives an explorer in this state in a notebook.
 * @param {Scene} scene @param {Record<string, number>} params
 */
export function pythonOf(scene, params) {
  const given = scene.parameters.map((p) => [p.name, p.default]);
  const start = Object.fromEntries(given);
  for (const p of scene.parameters) Object.assign(start, p.sets?.[params[p.name]]);
  const words = scene.parameters
    .filter((p) => params[p.name] !== (p.sets ? p.default : start[p.name]))
    .map((p) => {
      const value = params[p.name];
      if (p.options) return `${p.name}=${JSON.stringify(p.options[value])}`;
      return `${p.name}=${p.whole || value % 1 ? value : value.toFixed(1)}`;
    });
  return `${scene.python}(${words.join(", ")})`;
}

/**
 * Where an address wants the sliders of a scene, and why some of it is refused.
 * @param {Scene} scene @param {string} query @param {Record<string, number>} start
 */
export function stateOf(scene, query, start) {
  const asked = new URLSearchParams(query), values = { ...start };
  /** @type {string[]} */
  const refused = [];
  for (const p of scene.parameters) {
    const text = asked.get(p.name);
    if (text === null) continue;
    try {
      values[p.name] = stop(p, text);
      Object.assign(values, p.sets?.[values[p.name]]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refused.push(error.message);
    }
  }
  return { values, refused };
}

/**
 * Go where the page's address says, if it speaks of this figure.
 * @param {Live} live
 */
export function followAddress(live) {
  const { figure, scene, store, tools } = live;
  const go = () => {
    const [, key, query] = /^#([\w-]+)\??(.*)$/.exec(location.hash) ?? [];
    if (key !== keyOf(figure)) return;
    const { values, refused } = stateOf(scene, query, store.start);
    store.set(values);
    tools.tell(refused.join("; "));
    figure.scrollIntoView({ block: "center" });
  };
  addEventListener("hashchange", go);
  go();
}
