// The curves of a picture as columns of numbers, with their units.

/** @import { Drawn } from "./live.js" */
/** @import { Scene } from "./scene.js" */

/**
 * @typedef {{label: string, values: ArrayLike<number>}} Column
 * @typedef {{source: any, x: Column, columns: Column[]}} Curves what has one x
 * @typedef {{label: string, value: number}} Level a number that is drawn as a straight line or dot
 */

/** @param {string} label of an axis @returns {string} its unit, in parentheses */
const unitIn = (label) => / \([^()]*\)$/.exec(label)?.[0] ?? "";

/**
 * @param {Scene} scene @param {Drawn} drawn
 * @returns {{curves: Curves[], levels: Level[]}}
 */
export function curvesOf(scene, { value }) {
  /** @type {Curves[]} */
  const curves = [];
  /** @type {Level[]} */
  const levels = [];
  for (const mark of scene.marks) {
    const [xLabel, yLabel] = scene.panels[mark.panel].labels, name = mark.label ?? mark.gid;
    const xs = value(mark.x), ys = value(mark.y[0]), label = name + unitIn(yLabel);
    if (mark.kind === "ticks") {
      const x = { label: `${name}: ${xLabel}`, values: xs };
      curves.push({ source: mark, x, columns: [] });
    } else if (mark.kind === "point") {
      levels.push({ label: `${name}: ${xLabel}`, value: xs }, { label, value: ys });
    } else if (ys.length === undefined) {
      levels.push({ label, value: ys });
    } else if (xs.length === undefined) {
      levels.push({ label: name + unitIn(xLabel), value: xs });
    } else {
      let shared = curves.find(({ source, x }) => source === mark.x && x.label === xLabel);
      if (!shared) {
        shared = { source: mark.x, x: { label: xLabel, values: xs }, columns: [] };
        curves.push(shared);
      }
      shared.columns.push({ label, values: ys });
    }
  }
  return { curves, levels };
}

/** @param {string} cell of a file of values with commas between them */
const quoted = (cell) => /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/**
 * The curves as a table in a file: for spreadsheets, and for `pandas.read_csv(..., comment="#")`.
 * @param {Scene} scene @param {Drawn} drawn @param {string} made how, a line of Python
 */
export function csvOf(scene, drawn, made) {
  const { curves, levels } = curvesOf(scene, drawn);
  const columns = curves.flatMap(({ x, columns }) => [x, ...columns]);
  const rows = Math.max(0, ...columns.map(({ values }) => values.length));
  const lines = [`# ${made}`, ...levels.map(({ label, value }) => `# ${label} = ${value}`)];
  lines.push(columns.map(({ label }) => quoted(label)).join(","));
  for (let k = 0; k < rows; k++) lines.push(columns.map(({ values }) => values[k] ?? "").join(","));
  return `${lines.join("\n")}\n`;
}
