// What a page knows of a scene, as `explorer.py` describes it.

/**
 * @typedef {{name: string, meaning: string, symbol?: string, unit?: string, digits: number,
 *   low: number, high: number, step: number, default: number, whole?: boolean,
 *   draws?: boolean, options?: string[], sets?: Record<string, number>[]}} Parameter
 * @typedef {{scale: number[], x: number[], y: number[], labels: string[]}} Panel axes: a point of
 *   theirs lies in the SVG at (ax x + bx, ay y + by), where scale = [ax, bx, ay, by]
 * @typedef {{gid: string, kind: "line" | "ticks" | "point", x: any, y: any[], panel: number,
 *   label?: string}} Mark
 * @typedef {{name: string, axis: "x" | "y", mark: string, at?: number, other?: string,
 *   zero: number, scale: number}} Handle a value lies on its axis at zero + scale * value
 * @typedef {{name: string, label: string, unit?: string, digits: number, none?: string}} Readout
 * @typedef {{name: string, python?: string, source: string, parameters: Parameter[],
 *   panels: Panel[], marks: Mark[], readouts: Readout[],
 *   handles?: Handle[], drawing?: {mark: string, source: string}}} Scene
 */

export {};
