// On a page: the form's own controls are the sliders.

import { addField } from "./field.js";
import { inUnits } from "./words.js";

/** @import { Scene } from "./scene.js" */
/** @import { Store } from "./store.js" */

/**
 * Where a form's controls stand.
 * @param {any} form @param {Scene} scene
 * @returns {Record<string, number>}
 */
export const valuesOf = (form, scene) => Object.fromEntries(
  scene.parameters.map(({ name }) => [name, Number(form.elements[name].value)]));

/**
 * Let a form write what its controls say into the store, and follow it.
 * @param {any} form @param {Store} store
 */
export function bindForm(form, store) {
  const { scene } = store;
  const follow = () => {
    for (const p of scene.parameters) {
      const control = form.elements[p.name], value = store.get(p.name);
      if (Number(control.value) !== value) control.value = value;
      if (p.options) continue;
      const text = inUnits(p, value);
      control.parentElement.querySelector("output").textContent = text;
      control.setAttribute("aria-valuetext", text);
    }
  };
  store.watch(follow);
  follow();
  for (const p of scene.parameters) if (!p.options) addField(form.elements[p.name], p, store);
  form.addEventListener("input", (/** @type {any} */ { target }) => {
    const moved = scene.parameters.find((p) => p.name === target.name);
    if (!moved) return;
    const sets = moved.sets?.[target.value]; // where a preset takes the sliders
    store.set(sets ? { ...sets, [moved.name]: Number(target.value) } : valuesOf(form, scene));
  });
  form.addEventListener("reset", (/** @type {Event} */ event) => {
    event.preventDefault();
    store.reset();
  });
  form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
}
