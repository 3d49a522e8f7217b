// The menu's entries to share an explorer as it stands, and to take it along.

import { followAddress, fragmentOf, pythonOf } from "./address.js";
import { csvOf } from "./curves.js";
import { copy, END, savePage, savePng, saveSvg, saveText } from "./files.js";

/** @import { Live } from "./live.js" */

/** @param {Live} live */
export function share(live) {
  const { figure, scene, store, tools } = live;
  const python = () => pythonOf(scene, store.params);
  const copied = async (/** @type {string} */ text) => {
    await copy(text);
    return `Copied: ${text}`;
  };
  if (figure.querySelector("form")) {
    tools.item("Copy link", () =>
      copied(location.href.replace(/#.*|$/, () => fragmentOf(live))));
    const root = document.documentElement.dataset.content_root; // in the book only
    if (root !== undefined) {
      tools.item("Copy code to embed it", () => {
        const page = new URL(`explorers/${scene.name}.html`, new URL(root, location.href));
        const title = scene.name.replaceAll("_", " ");
        const address = `${page}${fragmentOf(live, scene.name)}`.replaceAll("&", "&amp;");
        return copied(`<iframe src="${address}" title="${title}" width="720" height="720" ` +
          'style="border:0"></iframe>');
      });
    }
    followAddress(live);
    tools.item("Save as one page", () => {
      const json = JSON.stringify(scene).replaceAll("</", "<\\/");
      const still = live.born.replace(' data-alive=""', "");
      const html = `${still}<script>neuroLib.show(${json})${END}`;
      savePage(scene.name, html, fragmentOf(live, scene.name));
    });
  }
  if (scene.python) {
    tools.item("Copy as Python", () => copied(python()));
    const notebook = /** @type {any} */ (document.querySelector(".run-here a")); // in the book
    if (notebook && location.protocol !== "file:") {
      tools.item("Open in a notebook", () => {
        open(notebook.href + fragmentOf(live, undefined, {})); // which makes a cell of it
      });
    }
  }
  tools.item("Save data (CSV)", () => {
    live.begin();
    const made = (scene.python ? python() : scene.name) +
      (store.get("drawn") ? " with an input drawn by hand" : "");
    saveText(`${scene.name}.csv`, csvOf(scene, /** @type {any} */ (live.drawn), made), "text/csv");
  });
  tools.item("Save picture (PNG)", () => savePng(figure, scene.name));
  tools.item("Save picture (SVG)", () => saveSvg(figure, scene.name));
}
