// The number beside a slider is a field: a value can be typed.

import { make } from "./dom.js";
import { Refused, stop } from "./values.js";
import { inUnits } from "./words.js";

/** @import { Parameter } from "./scene.js" */
/** @import { Store } from "./store.js" */

/**
 * Put a field in the place of the words beside a slider.
 * @param {any} slider the input in its label @param {Parameter} p @param {Store} store
 */
export function addField(slider, p, store) {
  const wrong = make("span", { class: "wrong", role: "alert" });
  const written = () => inUnits(p, store.get(p.name));
  const follow = () => {
    field.value = written();
    field.removeAttribute("aria-invalid");
    wrong.textContent = "";
  };
  const take = () => {
    try {
      const value = stop(p, field.value);
      follow();
      store.set({ [p.name]: value });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      field.setAttribute("aria-invalid", "true");
      wrong.textContent = error.message;
    }
  };
  const unit = p.unit ? ` in ${p.unit}` : "";
  const field = make("input", {
    class: "value", type: "text", autocomplete: "off", spellcheck: "false",
    inputmode: p.low < 0 ? "text" : p.whole ? "numeric" : "decimal",
    "aria-label": `${p.symbol || p.name}${unit}, typed`,
    onfocus: () => field.select(),
    onchange: take,
    onkeydown: (/** @type {KeyboardEvent} */ { key }) => {
      if (key === "Enter") take();
      if (key === "Escape") follow();
    },
  });
  const label = slider.parentElement;
  // The slider's name is its label's first words, not what stands in the field.
  if (!slider.ariaLabel) slider.ariaLabel = label.querySelector("span").textContent;
  label.append(field, wrong);
  store.watch((changed) => { if (changed.includes(p.name)) follow(); });
  follow();
}
