// An explorer that is alive: its figure follows its store.

import { FEATURES } from "./features.js";
import { pictureOf } from "./picture.js";
import { compileScene } from "./run.js";
import { Tools } from "./tools.js";
import { say, setSymbols } from "./words.js";

/** @import { Scene } from "./scene.js" */
/** @import { Store } from "./store.js" */

/**
 * @typedef {object} Drawn what the scene gives at some parameters
 * @property {Record<string, any>} params
 * @property {Record<string, any>} result outputs by name
 * @property {(source: any) => any} value of an output or a parameter by its name; a number is
 *   itself
 */

/** A figure, its scene, its store, and what in it follows them. */
export class Live {
  /** @type {((drawn: Drawn) => void)[]} */
  #parts = [];
  /** @type {Drawn | undefined} what is seen now */
  drawn;
  /** @type {((...values: any[]) => Record<string, any>) | undefined} what answers a drawn input */
  answer;
  /** What it says. */
  readout = "";
  /**
   * @param {HTMLElement} figure the <figure class="explorer">; each mark is a group of its SVG
   * @param {Scene} scene
   * @param {Store} store
   * @param {(...values: any[]) => Record<string, any>} run the scene's function
   */
  constructor(figure, scene, store, run) {
    this.figure = figure;
    this.born = figure.outerHTML;
    this.scene = scene;
    this.store = store;
    this.run = run;
    this.tools = new Tools(figure);
    this.follow(pictureOf(figure, scene));
    store.watch(onceAFrame(() => this.draw()));
  }

  /**
   * What the scene gives at some values of its parameters. Throws StoppedRun where it does not end.
   * @param {Record<string, any>} params
   * @returns {Drawn}
   */
  outcome(params) {
    const values = this.scene.parameters.filter((p) => !p.sets).map((p) => params[p.name]);
    const input = this.store.get("drawn");
    const result = input && this.answer ? this.answer(input, ...values) : this.run(...values);
    const value = (/** @type {any} */ source) =>
      typeof source === "string" ? result[source] ?? params[source] : source;
    return { params, result, value };
  }

  /**
   * Have a part of the figure drawn each time, and now, if something is drawn.
   * @param {(drawn: Drawn) => void} part
   */
  follow(part) {
    this.#parts.push(part);
    if (this.drawn) part(this.drawn);
  }

  /** Give the parts what the figure shows at first, though it is drawn already. */
  begin() {
    if (this.drawn) return;
    try {
      this.#give(this.outcome(this.store.params));
    } catch (error) {
      if (!(error instanceof StoppedRun)) throw error;
    }
  }

  /** @param {Drawn} drawn */
  #give(drawn) {
    this.drawn = drawn;
    this.readout = this.scene.readouts.map((r) => say(r, drawn.value(r.name))).join("; ");
    for (const part of this.#parts) part(drawn);
  }

  /** Draw what the store says, now. Whoever listens to `explorer:drawn` is told. */
  draw() {
    const start = performance.now();
    try {
      this.#give(this.outcome(this.store.params));
    } catch (error) {
      if (!(error instanceof StoppedRun)) throw error;
      this.tell(`The picture is the last one. ${told(error, this.scene.source)}`,
        (readout, text) => { readout.textContent = text; }); // names of code as they are written
      return;
    }
    const { params, result } = /** @type {Drawn} */ (this.drawn);
    this.tell(this.readout);
    const milliseconds = performance.now() - start;
    this.figure.dispatchEvent(new CustomEvent("explorer:drawn",
      { bubbles: true, detail: { params: { ...params }, result, milliseconds } }));
  }

  #settled = 0;

  /** @param {string} text @param {(element: HTMLElement, text: string) => void} [put] */
  tell(text, put = setSymbols) {
    const readout = /** @type {HTMLElement} */ (this.figure.querySelector(".readout"));
    put(readout, text);
    // A screen reader speaks once the slider rests, not at every step on the way.
    readout.setAttribute("aria-busy", "true");
    clearTimeout(this.#settled);
    this.#settled = setTimeout(() => readout.removeAttribute("aria-busy"), 400);
  }
}

/**
 * Bring a figure to life. Throws AtRest, with what to say, where its scene cannot run.
 * @param {HTMLElement} figure
 * @param {Scene} scene
 * @param {Store} store
 */
export async function enliven(figure, scene, store) {
  const live = new Live(figure, scene, store, await compileScene(scene));
  for (const feature of FEATURES) feature(live);
  if (FEATURES.length) setTimeout(() => live.begin(), 100); // once the page stands
  return live;
}

/**
 * Let `update` run once a frame, however often it is asked for.
 * @param {() => void} update
 */
function onceAFrame(update) {
  let waiting = false;
  return () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; update(); });
    waiting = true;
  };
}
