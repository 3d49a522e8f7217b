// A network of thousands of neurons that runs in a worker, while the page draws what it does.

import { bindForm, valuesOf } from "./form.js";
import { pathOf, tenths } from "./picture.js";
import { Store } from "./store.js";
import { fixed } from "./words.js";

/** @import { Scene } from "./scene.js" */
/**
 * @typedef {{sizes: number[], fromE: number, fromI: number, dt: number, lif: number[],
 *   distance: number, held: number, delay: number, outside: number, shown: number, seen: number,
 *   bin: number}} Numbers
 * @typedef {Scene & {loops: Record<string, string>, numbers: Numbers}} Network
 * @typedef {{begin: number, steps: number, when: Float64Array, rows: Float64Array, E: number,
 *   I: number, took: number}} Frame what happened in some steps: the shown spikes, and how many
 *   neurons of each kind have fired
 */

const MOST_DASHES = 6000; // in the picture; more would be black

/**
 * Bring to life the figures of a network that are not yet.
 * @param {Network} scene
 */
export function showNetworks(scene) {
  for (const found of document.querySelectorAll("figure.network:not([data-alive])")) {
    const figure = /** @type {HTMLElement} */ (found);
    figure.dataset.alive = "";
    const form = /** @type {any} */ (figure.querySelector("form"));
    const store = new Store(scene, valuesOf(form, scene));
    bindForm(form, store);
    form.hidden = false;
    figure.querySelector(".still")?.remove();
    enlivenNetwork(figure, scene, store);
  }
}

/**
 * What the worker runs, beside the loops: it has no other names than these and its own.
 * @param {Numbers} numbers @param {any} connect @param {any} start @param {any} advance
 */
function work(numbers, connect, start, advance) {
  const { fromE, fromI, dt, shown } = numbers;
  let n = 0, excite = 0, step = 0;
  /** @type {Float64Array[]} */
  let wiring = [], crowd = [], fired = [];
  onmessage = ({ data: { size, J, g, drive, steps } }) => {
    const began = performance.now();
    if (numbers.sizes[size] !== n) {
      n = numbers.sizes[size];
      excite = 0.8 * n;
      // Records are lists here, of their fields in order.
      wiring = [new Float64Array(n + 1), new Float64Array(n * (fromE + fromI))];
      crowd = [n, n, n * numbers.delay, 1].map((size) => new Float64Array(size));
      fired = [new Float64Array(n * steps), new Float64Array(n * steps)];
      connect(n, excite, fromE, fromI, wiring);
      start(crowd[0], crowd[3]);
    }
    const outside = [drive * numbers.distance, numbers.outside * Math.sqrt(drive)];
    const weights = [excite, J, g, ...outside, numbers.held, numbers.delay];
    const count = advance(step, steps, dt, numbers.lif, weights, wiring, crowd, fired);
    const [when, who] = fired;
    const rows = [], times = [];
    let E = 0;
    for (let k = 0; k < count; k++) {
      if (who[k] < excite) E += 1;
      const row = who[k] * shown / n;
      if (row === Math.floor(row)) {
        rows.push(row);
        times.push(when[k] * dt);
      }
    }
    step += steps;
    postMessage({ begin: (step - steps) * dt, steps, when: Float64Array.from(times),
      rows: Float64Array.from(rows), E, I: count - E, took: performance.now() - began });
  };
}

/**
 * Start a worker for a network. It fails, by its `error` event, where the page's policy says so.
 * @param {Network} scene
 * @returns {Worker}
 */
function workerOf({ loops, numbers }) {
  const stop = "(line,name,message)=>{throw Error(message)}";
  const made = ["connect", "start", "advance"].map((loop) =>
    `(${compilePortable(loops[loop]).javascript})(${stop},1e9)`);
  const text = `(${work})(${JSON.stringify(numbers)},${made})`;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return new Worker(address);
}

/**
 * @param {HTMLElement} figure @param {Network} scene @param {Store} store
 */
function enlivenNetwork(figure, scene, store) {
  const { dt, seen, bin, shown, sizes } = scene.numbers;
  const steps = Math.round(bin / dt);
  const button = /** @type {HTMLButtonElement} */ (figure.querySelector(".run"));
  const readout = /** @type {HTMLElement} */ (figure.querySelector(".readout"));
  const paths = Object.fromEntries(["raster_E", "raster_I", "E", "I"].map((gid) =>
    [gid, /** @type {Element} */ (figure.querySelector(`[data-gid="${gid}"] path`))]));
  const [raster, rates] = ["raster_E", "E"].map((gid) =>
    scene.panels[scene.marks.find((mark) => mark.gid === gid)?.panel ?? 0]);
  /** @type {Worker | undefined} */
  let worker;
  /** @type {Frame[]} the last ones, which are in the picture */
  let frames = [];
  /** @type {Frame | undefined} */
  let fresh;
  let runs = false, asked = false, told = 0, drawn = 0, since = 0;

  const ask = () => {
    asked = true;
    worker?.postMessage({ ...store.params, steps });
  };

  const draw = () => {
    const now = frames[frames.length - 1].begin + bin;
    let count = 0;
    const d = { E: "", I: "" };
    for (let k = frames.length - 1; k >= 0; k--) {
      const { when, rows } = frames[k];
      for (let j = 0; j < rows.length && count < MOST_DASHES; j++, count++) {
        const [ax, bx, ay, by] = raster.scale;
        const y = ay * rows[j] + by;
        const kind = rows[j] < 0.8 * shown ? "E" : "I";
        d[kind] += `M${tenths(ax * (when[j] - now) + bx)} ${tenths(y)}V${tenths(y + 0.9 * ay)}`;
      }
    }
    paths.raster_E.setAttribute("d", d.E);
    paths.raster_I.setAttribute("d", d.I);
    const n = sizes[store.get("size")];
    const rate = { E: 0.8 * n, I: 0.2 * n };
    for (const kind of /** @type {("E" | "I")[]} */ (["E", "I"])) {
      const mark = { gid: kind, kind: /** @type {"line"} */ ("line"), x: "x", y: ["y"], panel: 0 };
      const x = frames.map(({ begin }) => begin + bin / 2 - now);
      const y = frames.map((frame) => 1000 * frame[kind] / bin / rate[kind]);
      paths[kind].setAttribute("d", pathOf(mark, rates, (name) => (name === "x" ? x : y)));
    }
    return { n, rate };
  };

  const loop = (/** @type {number} */ time) => {
    if (!runs) return;
    requestAnimationFrame(loop);
    if (!fresh) return;
    const start = performance.now();
    frames.push(fresh);
    fresh = undefined;
    ask(); // it works on the next one while this one is drawn
    frames = frames.filter(({ begin }) => begin >= frames[frames.length - 1].begin + bin - seen);
    const { n, rate } = draw();
    drawn += 1;
    if (time - told > 500) {
      const span = 1000 / (frames.length * bin);
      const mean = (/** @type {"E" | "I"} */ kind) => fixed(
        frames.reduce((sum, frame) => sum + frame[kind], 0) / rate[kind] * span, 1);
      const speed = Math.round(1000 * drawn / (time - since));
      readout.textContent = `excitatory neurons ${mean("E")} Hz; `
        + `inhibitory neurons ${mean("I")} Hz; ${n} neurons, ${speed} frames a second`;
      figure.dataset.framesPerSecond = String(speed);
      [told, since, drawn] = [time, time, 0];
    }
    figure.dispatchEvent(new CustomEvent("explorer:drawn", { bubbles: true, detail: {
      params: store.params, result: frames[frames.length - 1],
      milliseconds: performance.now() - start } }));
  };

  const go = (/** @type {boolean} */ on) => {
    runs = on;
    button.textContent = on ? "Pause" : "Run";
    if (!on) return;
    worker ??= makeWorker();
    if (!asked) ask();
    told = since = performance.now();
    drawn = 0;
    requestAnimationFrame(loop);
  };

  function makeWorker() {
    const made = workerOf(scene);
    made.onmessage = ({ data }) => { fresh = data; };
    made.onerror = () => {
      go(false);
      readout.textContent = "The network rests: this page's policy forbids it a worker.";
    };
    return made;
  }

  button.hidden = false;
  button.addEventListener("click", () => go(!runs));
  store.watch((changed) => {
    if (changed.includes("size")) frames = [];
    if (!runs) go(true); // what is turned is to be seen
  });
  new IntersectionObserver(([{ isIntersecting }]) => {
    if (!isIntersecting && runs) go(false);
  }).observe(figure);
}
