// Brings to life what a page has of a scene.

import { bindForm, valuesOf } from "./form.js";
import { enliven } from "./live.js";
import { AtRest } from "./run.js";
import { Store } from "./store.js";
import { ofFigure } from "./words.js";

/** @import { Scene } from "./scene.js" */

/**
 * Bring to life the figures of a scene that are not yet.
 * @param {Scene} scene
 */
export function show(scene) {
  const still = `figure.explorer[data-scene="${scene.name}"]:not([data-alive])`;
  for (const found of document.querySelectorAll(still)) {
    const figure = /** @type {HTMLElement} */ (found);
    figure.dataset.alive = "";
    showOne(figure, scene);
  }
}

/**
 * @param {HTMLElement} figure
 * @param {Scene} scene
 */
async function showOne(figure, scene) {
  const form = /** @type {any} */ (figure.querySelector("form"));
  const still = /** @type {any} */ (figure.querySelector(".still"));
  const store = new Store(scene, valuesOf(form, scene));
  try {
    await enliven(figure, scene, store);
  } catch (error) {
    if (!(error instanceof AtRest)) throw error;
    still.querySelector("span").textContent = `The sliders rest: ${error.message}.`;
    return;
  }
  bindForm(form, store);
  for (const control of form.querySelectorAll("[name]")) {
    const name = control.getAttribute("aria-label")
      ?? control.closest("label").querySelector("span").textContent;
    control.setAttribute("aria-label", ofFigure(name, figure));
  }
  still.remove();
  form.hidden = false;
  figure.dispatchEvent(new CustomEvent("explorer:alive", { bubbles: true }));
}
