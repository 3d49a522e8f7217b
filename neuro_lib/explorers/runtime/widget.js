// In a live notebook: the model's traits are the sliders. anywidget calls `render`.

import { enliven } from "./live.js";
import { AtRest } from "./run.js";
import { Store } from "./store.js";
import { Refused, stop } from "./values.js";
import { inUnits, ofFigure } from "./words.js";

/** @param {{model: any, el: HTMLElement}} view */
export async function render({ model, el }) {
  el.innerHTML = model.get("figure");
  const figure = /** @type {HTMLElement} */ (el.querySelector("figure.explorer"));
  /** @type {import("./scene.js").Scene} */
  const scene = model.get("scene");
  // A slider moved by mouse may say 49.99999999999999.
  const valueOf = (/** @type {import("./scene.js").Parameter} */ { name, digits }) =>
    Number(model.get(name).toFixed(digits));
  const store = new Store(scene, model.get("start"));
  let live;
  try {
    live = await enliven(figure, scene, store);
  } catch (error) {
    if (!(error instanceof AtRest)) throw error;
    const readout = /** @type {HTMLElement} */ (figure.querySelector(".readout"));
    readout.textContent += `; the sliders rest: ${error.message}`;
    return;
  }
  for (const p of scene.parameters) {
    model.on(`change:${p.name}`, () => store.set({ [p.name]: valueOf(p) }));
  }
  store.watch((changed) => {
    const moved = scene.parameters.filter(
      (p) => changed.includes(p.name) && valueOf(p) !== store.get(p.name));
    for (const { name } of moved) model.set(name, store.get(name));
    if (moved.length) model.save_changes();
  });
  figure.querySelector("button")?.addEventListener("click", () => store.reset());
  const keepKeys = (/** @type {any} */ { target }) =>
    target.setAttribute("data-lm-suppress-shortcuts", "true");
  new ResizeObserver((_, observer) => {
    const box = el.closest(".widget-vbox");
    if (!box) return;
    observer.disconnect();
    // JupyterLab would take a slider's arrow keys, to go from heading to heading.
    box.addEventListener("focusin", keepKeys);
    nameSliders(box, store, (name) => ofFigure(model.get("names")[name], figure));
    sayRefusals(box, scene, (text) => live.tools.tell(text));
    takeOver(el, store);
    live.draw(); // now whoever listens in the page is told
  }).observe(el);
  store.set(Object.fromEntries(scene.parameters.map((p) => [p.name, valueOf(p)])));
  live.draw();
}

/**
 * Go where the reader has left the book's figure, which stood in the cell before Python was there.
 * @param {HTMLElement} el @param {Store} store
 */
function takeOver(el, store) {
  const cell = /** @type {HTMLElement | null} */ (el.closest("[data-stands]"));
  if (!cell) return;
  store.set(JSON.parse(cell.dataset.stands ?? "{}"));
  delete cell.dataset.stands; // once: what runs again stands where its code says
}

/** @param {Element} box around the figure and the sliders */
const slidersIn = (box) => box.querySelectorAll(":scope > .explorer-sliders > *");

/**
 * Say why what is typed beside a slider is not taken: ipywidgets takes the nearest, without a word.
 * @param {Element} box @param {import("./scene.js").Scene} scene
 * @param {(text: string) => void} tell
 */
function sayRefusals(box, scene, tell) {
  const read = (/** @type {any} */ { type, key, target }) => {
    if (!target.isContentEditable || (type === "keydown" && key !== "Enter")) return;
    const p = scene.parameters[[...slidersIn(box)].findIndex((s) => s.contains(target))];
    try {
      stop(p, target.textContent);
      if (type === "keydown") tell("");
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      tell(error.message);
    }
  };
  // Before ipywidgets hears of it, and writes what it takes.
  for (const type of ["keydown", "focusout"]) box.addEventListener(type, read, true);
}

/**
 * Tell screen readers what ipywidgets' sliders are and say, which these keep to themselves.
 * @param {Element} box around the figure and the sliders
 * @param {Store} store
 * @param {(name: string) => string} called
 */
function nameSliders(box, store, called) {
  const told = () => {
    const sliders = slidersIn(box);
    store.scene.parameters.forEach((p, k) => {
      const handle = sliders[k]?.querySelector("[role=slider], select");
      if (!handle) return;
      const says = { "aria-label": called(p.name) };
      if (!p.options) Object.assign(says, { "aria-valuetext": inUnits(p, store.get(p.name)) });
      for (const [name, text] of Object.entries(says)) {
        if (handle.getAttribute(name) !== text) handle.setAttribute(name, text);
      }
    });
  };
  const seen = { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] };
  new MutationObserver(told).observe(box, seen);
  store.watch(told);
  told();
}
