// The data as a table, folded, and the state in a sentence: for those who do not see the picture.

import { curvesOf } from "./curves.js";
import { make } from "./dom.js";
import { inUnits } from "./words.js";

/** @import { Column, Curves } from "./curves.js" */
/** @import { Drawn, Live } from "./live.js" */

const ROWS = 21;

/** @param {number} x @returns {string} with four digits that count */
const digits = (x) => String(Number(x.toPrecision(4))).replace("-", "−");

/**
 * Numbers of the rows that are shown, evenly from the first to the last.
 * @param {number} count
 */
const rowsOf = (count) => count <= ROWS ? [...Array(count).keys()]
  : [...Array(ROWS).keys()].map((k) => Math.round(k * (count - 1) / (ROWS - 1)));

/** @param {string} caption @param {string[]} head @param {string[][]} rows */
const tableOf = (caption, head, rows) => make("table", {},
  make("caption", {}, caption),
  make("thead", {}, make("tr", {}, ...head.map((text) => make("th", { scope: "col" }, text)))),
  make("tbody", {}, ...rows.map(([first, ...others]) => make("tr", {},
    make("th", { scope: "row" }, first), ...others.map((text) => make("td", {}, text))))));

/** @param {Curves} curves */
function curvesTable({ x, columns }) {
  const all = [x, ...columns], count = x.values.length;
  const caption = columns.length
    ? `${columns.map(({ label }) => label).join("; ")}, by ${x.label}`
    : `${x.label}, all ${count}`;
  if (!columns.length) {
    const rows = Array.from(x.values, (v, k) => [String(k + 1), digits(v)]);
    return tableOf(caption, ["number", x.label], rows);
  }
  return tableOf(caption, all.map(({ label }) => label),
    rowsOf(count).map((k) => all.map(({ values }) => digits(values[k]))));
}

/**
 * How a curve runs, in words.
 * @param {Column} x @param {Column} y
 */
function course(x, { label, values }) {
  let low = 0, high = 0;
  for (let k = 1; k < values.length; k++) {
    if (values[k] < values[low]) low = k;
    if (values[k] > values[high]) high = k;
  }
  if (values[low] === values[high]) return `${label} stays at ${digits(values[0])}`;
  const place = (/** @type {number} */ k) => `${digits(values[k])} at ${digits(x.values[k])}`;
  return `${label} begins at ${digits(values[0])}, is highest, ${place(high)}, and lowest, ` +
    `${place(low)}, and ends at ${digits(values[values.length - 1])}`;
}

/**
 * The state in one sentence: where the sliders stand, what is read out, how the first curve runs.
 * @param {Live} live @param {Drawn} drawn
 */
export function sentence({ scene, readout }, drawn) {
  const at = scene.parameters.map((p) =>
    p.options ? `${p.meaning} ${inUnits(p, drawn.params[p.name])}`
      : `${p.symbol} = ${inUnits(p, drawn.params[p.name])}`);
  const first = curvesOf(scene, drawn).curves.find(({ columns }) => columns.length);
  const runs = first ? `; ${course(first.x, first.columns[0])}, by ${first.x.label}` : "";
  return `At ${at.join(", ")}: ${readout}${runs}.`;
}

let count = 0;

/** @param {Live} live */
export function table(live) {
  const said = make("p", { id: `explorer-said-${++count}` });
  const tables = make("div", { tabindex: "0", role: "group", "aria-label": "tables" });
  const title = make("summary", {}, "Data as a table");
  const fold = make("details", { class: "data" }, title, said, tables);
  live.figure.append(fold);
  live.figure.querySelector("svg")?.setAttribute("aria-describedby", said.id);
  let waiting = 0;
  const update = () => {
    const { drawn, scene } = live;
    if (!drawn) return;
    said.textContent = sentence(live, drawn);
    if (!fold.open) return;
    const { curves, levels } = curvesOf(scene, drawn);
    const one = levels.map(({ label, value }) => [label, digits(value)]);
    tables.replaceChildren(...curves.map(curvesTable),
      ...(one.length ? [tableOf("lines and points", ["what", "value"], one)] : []));
  };
  fold.addEventListener("toggle", update);
  live.follow(() => { // at rest, as a table is read: not at every step of a slider
    clearTimeout(waiting);
    waiting = setTimeout(update, 200);
  });
}
