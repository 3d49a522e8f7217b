// Who comes from a figure of the book finds a cell with it, as it stood there. The address names the
// figure and where its sliders stand; the cell's text is made here, of what those sliders can take.
// So whoever sends an address decides on numbers, never on what is run.
import { pythonOf, stateOf } from "./address.js"; // of the explorers' runtime: see site.py

const ADDRESS = /^#(\w+)(?:-(\d+))?\?(.+)$/;
const SCENE = /neuroLib\.show\((\{.*?\})\)<\/script>/gs;

// The scenes that a cell of a notebook, as the book has it, shows.
const scenesOf = ({ outputs }) =>
  (outputs ?? []).flatMap(({ data }) => {
    const html = [data?.["text/html"] ?? ""].flat().join("");
    return [...html.matchAll(SCENE)].map(([, scene]) => JSON.parse(scene));
  });

// What the fragment of an address brings to a notebook of the book: the text of a cell, and the id of
// the one that it belongs behind. Undefined where it names no figure, or anything that no slider takes.
export const brought = (fragment, notebook) => {
  const [, name, number = 1, query] = ADDRESS.exec(fragment) ?? [];
  const shown = (notebook?.cells ?? []).flatMap((cell) =>
    scenesOf(cell).map((scene) => ({ scene, behind: cell.id })),
  );
  const { scene, behind } = shown.filter((found) => found.scene.name === name)[number - 1] ?? {};
  if (!scene?.python) return undefined;
  const known = new Set(scene.parameters.map((p) => p.name));
  if (![...new URLSearchParams(query).keys()].every((key) => known.has(key))) return undefined;
  const start = Object.fromEntries(scene.parameters.map((p) => [p.name, p.default]));
  const { values, refused } = stateOf(scene, query, start);
  return refused.length ? undefined : { source: pythonOf(scene, values), behind };
};
