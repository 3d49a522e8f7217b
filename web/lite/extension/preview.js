// The figures of a chapter before there is anything to run them: those of the build, out of the book's
// own notebook. They need neither JupyterLab nor Python.
import { asShipped, begunFrom, digest, sources } from "./edited.js";

const ROOT = new URL("../../", import.meta.url);
// An address may name any file. Scripts are taken from the book's chapters alone.
const CHAPTER = /^chapters\/\w+\.ipynb$/;

const textOf = ({ source }) => [source].flat().join("");
const figuresOf = ({ outputs }) =>
  (outputs ?? [])
    .map(({ data }) => [data?.["text/html"] ?? ""].flat().join(""))
    .filter((html) => html.includes("neuroLib.show("));
const sceneOf = (html) => /data-scene="(\w+)"/.exec(html)?.[1];
const scenesOf = ({ cells }) => cells.flatMap(figuresOf).map(sceneOf);

// The reader's own, out of JupyterLite's storage; undefined if there is none.
const kept = (path) =>
  new Promise((tell) => {
    const asked = indexedDB.open(`JupyterLite Storage - ${ROOT.pathname}`);
    asked.onupgradeneeded = () => asked.transaction.abort(); // it is not ours to make
    asked.onerror = () => tell();
    asked.onsuccess = () => {
      const storage = asked.result;
      const done = (file) => {
        storage.close();
        tell(file?.content);
      };
      if (!storage.objectStoreNames.contains("files")) return done();
      const found = storage.transaction("files").objectStore("files").get(path);
      found.onsuccess = () => done(found.result);
      found.onerror = () => done();
    };
  });

const make = (name, text) => Object.assign(document.createElement(name), { textContent: text });
const plain = (markdown) => markdown.replace(/\n/g, " ").replace(/^#+ |[*`[]|\]\([^)]*\)/g, "");

// What is kept while a notebook runs lacks the figures of some cells: these have no place to move into.
const placesIn = (own, book) => {
  const count = (notebook, name) => scenesOf(notebook).filter((scene) => scene === name).length;
  return (html) => count(own, sceneOf(html)) === count(book, sceneOf(html));
};

// Title and first words of the chapter, and its figures, each below the heading that it stands under.
// The script of a figure runs when it comes into the page.
const partsOf = ({ cells }, hasPlace) => {
  const [title, lead] = textOf(cells[0]).split("\n\n");
  const parts = [make("h2", plain(title)), make("p", plain(lead))];
  let heading;
  for (const cell of cells) {
    if (cell.cell_type === "markdown") heading = textOf(cell).match(/^##+ .*/gm)?.pop() ?? heading;
    for (const html of figuresOf(cell).filter(hasPlace)) {
      if (heading) parts.push(make("h3", plain(heading)));
      heading = undefined;
      parts.push(document.createRange().createContextualFragment(html));
    }
  }
  return parts;
};

// What is to be shown of the notebook at a path, part by part; undefined if there is nothing to show.
export const preview = async (path) => {
  if (!CHAPTER.test(path)) return undefined;
  const [book, own] = await Promise.all([asShipped(path), kept(path)]);
  if (!book) return undefined;
  const [ours, theirs] = [book, own ?? book].map(sources);
  // Who has written into the notebook comes for that: the book's figures in its place would look as if
  // it were lost. What an older book had, unchanged, is about to make room for this one.
  const isSame = ours === theirs;
  if (!isSame && begunFrom(path) !== (await digest(theirs))) return undefined;
  const parts = partsOf(book, placesIn((isSame && own) || book, book));
  return parts.some((part) => part.querySelector?.("figure")) ? parts : undefined;
};
