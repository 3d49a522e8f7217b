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
