// What a slider can take, and what it refuses: in the words of Python's `Slider.stop`.

/** @import { Parameter } from "./scene.js" */

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

/** Why a value is not one. */
export class Refused extends Error {}

/** A number as Python's `:g` has it. @param {number} x */
const short = (x) => String(Number(x.toPrecision(6)));

/**
 * The position that is nearest to a number.
 * @param {Parameter} p @param {number} value
 */
export function nearest(p, value) {
  const low = p.low ?? 0, step = p.step ?? 1, high = p.high ?? (p.options?.length ?? 1) - 1;
  const steps = Math.round((Math.min(Math.max(value, low), high) - low) / step);
  return Number((low + steps * step).toFixed(p.digits));
}

/**
 * The position that a text means: a number with or without its unit, or an option. Throws Refused.
 * @param {Parameter} p @param {string} text
 * @returns {number}
 */
export function stop(p, text) {
  let said = text.trim();
  if (p.options) {
    if (p.options.includes(said)) return p.options.indexOf(said);
    if (/^\d+$/.test(said) && Number(said) < p.options.length) return Number(said);
    throw new Refused(
      `${p.name} = '${said}': the ${p.meaning} must be one of ${p.options.join(", ")}`);
  }
  if (p.unit && said.endsWith(p.unit)) said = said.slice(0, -p.unit.length).trim();
  said = said.replace("−", "-").replace(/^([-+]?\d*),(\d+)$/, "$1.$2");
  const value = NUMBER.test(said) ? Number(said) : NaN;
  const ends = `${short(p.low)} to ${short(p.high)}`, unit = p.unit ? ` ${p.unit}` : "";
  const told = `${p.name} = ${said}${unit}: the `;
  const above = (/** @type {number} */ x, /** @type {number} */ limit) =>
    x - limit > 1e-9 * Math.abs(limit);
  if (!(value === value) || above(value, p.high) || above(p.low, value) || p.whole && value % 1) {
    const kind = p.whole ? "whole number" : "number";
    throw new Refused(`${told}${p.meaning} must be a ${kind} from ${ends}${unit}`);
  }
  const steps = (value - p.low) / p.step;
  if (Math.abs(steps - Math.round(steps)) > 1e-6) {
    const step = `${short(p.step)}${unit}`;
    throw new Refused(
      `${told}slider of the ${p.meaning} goes from ${ends}${unit} in steps of ${step}`);
  }
  return nearest(p, value);
}
