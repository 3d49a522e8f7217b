// Numbers in words, as Python says them.

/** @import { Parameter, Readout } from "./scene.js" */

/**
 * A number rounded half up, with a real minus sign.
 * @param {number} value @param {number} digits
 */
export function fixed(value, digits) {
  const text = value.toFixed(digits);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/**
 * A value as beside its slider.
 * @param {Parameter} p @param {number} value
 */
export function inUnits(p, value) {
  if (p.options) return p.options[value];
  return fixed(value, p.digits) + (p.unit ? ` ${p.unit}` : "");
}

/** @param {Readout} readout @param {number} value */
export function say(readout, value) {
  if (value < 0 && readout.none) return readout.none;
  const unit = readout.unit ? ` ${readout.unit}` : "";
  return `${readout.label} ${fixed(value, readout.digits)}${unit}`;
}

/**
 * Put a text into an element, each symbol that has a subscript set with it.
 * @param {Element} element @param {string} text
 */
export function setSymbols(element, text) {
  const plain = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  element.innerHTML = plain.replace(/(?<![\p{L}\d_])(\p{L}+)_([\p{L}\d]+)/gu,
    "<var>$1<sub>$2</sub></var>");
}

/**
 * Name of a control, told apart from that of another figure's.
 * @param {string} name @param {Element} figure
 */
export const ofFigure = (name, figure) => `${name}: ${figure.getAttribute("aria-label")}`;
