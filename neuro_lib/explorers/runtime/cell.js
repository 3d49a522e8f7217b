// A drawn neuron whose synapses are tapped. Time runs while there is something to be seen.

import { Live } from "./live.js";
import { AtRest, compileScene } from "./run.js";
import { Store } from "./store.js";

/** @import { Scene } from "./scene.js" */
/** @typedef {Scene & {start: Record<string, number[]>}} CellScene */

const SLOWDOWN = 50; // than life
const RECORD = 400; // ms that the scene runs
const SEEN = 120; // ms after the last tap, until which time runs
const APART = 10; // ms from tap to tap, where time waits for them
const AFTER = 5; // ms that are shown of each of these: its charge and its spike are on their way

/**
 * Bring to life the figures of a drawn neuron that are not yet.
 * @param {CellScene} scene
 */
export function showCells(scene) {
  for (const found of document.querySelectorAll("figure.drawn-neuron:not([data-alive])")) {
    const figure = /** @type {HTMLElement} */ (found);
    figure.dataset.alive = "";
    enlivenCell(figure, scene, new Store(scene, scene.start));
  }
}

/**
 * In a live notebook: what was tapped is the model's, once time rests. anywidget calls it.
 * @param {{model: any, el: HTMLElement}} view
 */
export async function renderCell({ model, el }) {
  el.innerHTML = model.get("figure");
  el.dataset.lmSuppressShortcuts = "true"; // JupyterLab would take the letters
  const figure = /** @type {HTMLElement} */ (el.querySelector("figure.drawn-neuron"));
  const scene = model.get("scene");
  const store = new Store(scene, { since: model.get("since"), site: model.get("site") });
  await enlivenCell(figure, scene, store, () => {
    model.set(store.params);
    model.save_changes();
  });
}

/**
 * @param {HTMLElement} figure
 * @param {CellScene} scene
 * @param {Store} store
 * @param {() => void} [rested] told when time has come to rest
 */
async function enlivenCell(figure, scene, store, rested = () => {}) {
  const still = /** @type {HTMLElement} */ (figure.querySelector(".still"));
  let run;
  try {
    run = await compileScene(scene);
  } catch (error) {
    if (!(error instanceof AtRest)) throw error;
    const why = /** @type {HTMLElement} */ (still.querySelector("span"));
    why.textContent = `The synapses rest: ${error.message}.`;
    return;
  }
  const live = new Live(figure, scene, store, run);
  live.follow(drawingOf(figure));
  live.draw();
  still.remove();
  for (const part of figure.querySelectorAll("[hidden]")) part.removeAttribute("hidden");
  bindSynapses(figure, store, rested);
}

/**
 * Let the drawn cell follow what its neuron does.
 * @param {HTMLElement} figure
 * @returns {(drawn: import("./live.js").Drawn) => void}
 */
function drawingOf(figure) {
  const charges = /** @type {SVGElement[]} */ ([...figure.querySelectorAll(".charge")]);
  const soma = /** @type {SVGElement} */ (figure.querySelector(".soma-charge"));
  const pulse = /** @type {SVGElement} */ (figure.querySelector(".pulse"));
  return ({ result: { flow, charged, travelled } }) => {
    charges.forEach((path, j) => { path.style.opacity = String(Math.min(flow[j], 1)); });
    const fires = travelled >= 0 && travelled < 0.2;
    soma.classList.toggle("fires", fires);
    soma.style.fillOpacity = String(fires ? 1 : 0.15 + 0.7 * Math.min(Math.max(charged, 0), 1));
    pulse.style.opacity = travelled < 0 ? "0" : "1";
    pulse.style.strokeDashoffset = String(6 - 106 * travelled);
  };
}

/**
 * Let the buttons of a drawn neuron, and the letters on the keyboard, tap its synapses.
 * @param {HTMLElement} figure @param {Store} store @param {() => void} rested
 */
function bindSynapses(figure, store, rested) {
  /** @type {{at: number, site: number}[]} none while the first picture stands */
  let taps = [];
  let now = 0, before = 0, runs = false;
  const buttons = /** @type {HTMLButtonElement[]} */ ([...figure.querySelectorAll(".synapse")]);
  const stepwise = /** @type {HTMLInputElement} */ (figure.querySelector("[name=stepwise]"));
  stepwise.checked = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const show = () => {
    taps = taps.filter(({ at }) => now - at <= RECORD);
    store.set({ since: taps.map(({ at }) => now - at), site: taps.map(({ site }) => site) });
  };
  const step = (/** @type {number} */ time) => {
    if (!runs) return;
    now += Math.min(time - before, 100) / SLOWDOWN;
    before = time;
    show();
    runs = now - taps[taps.length - 1].at < SEEN;
    if (runs) requestAnimationFrame(step);
    else rested();
  };
  const rest = () => {
    runs = false;
    show();
    rested();
  };
  const tap = (/** @type {number} */ site) => {
    if (stepwise.checked) {
      now += taps.length ? APART - AFTER : 0;
      taps.push({ at: now, site });
      now += AFTER;
      rest();
      return;
    }
    taps.push({ at: now, site });
    if (runs) return;
    runs = true;
    before = performance.now();
    requestAnimationFrame(step);
  };

  buttons.forEach((button, site) => button.addEventListener("click", () => tap(site)));
  figure.addEventListener("keydown", (event) => {
    const site = buttons.findIndex((button) => button.dataset.key === event.key.toLowerCase());
    if (site < 0 || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    tap(site);
  });
  figure.querySelector(".clear")?.addEventListener("click", () => {
    taps = [];
    now = 0;
    rest();
  });
  stepwise.addEventListener("change", () => { if (stepwise.checked && runs) rest(); });
}
