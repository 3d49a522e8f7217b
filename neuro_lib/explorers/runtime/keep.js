// Compare: the present curves stay behind as ghosts, with what they say.

import { make, makeSvg } from "./dom.js";
import { inUnits } from "./words.js";

/** @import { Live } from "./live.js" */

/** @typedef {{params: Record<string, number>, readout: string, ghosts: Element[]}} Kept */

const MOST = 3;
const DASHES = ["7 2", "4 3", "2 3"]; // of the first, second and third

/** @param {Live} live */
export function keep(live) {
  const { figure, scene, store, tools } = live;
  const list = make("ol", { class: "kept" });
  figure.querySelector(".readout")?.after(list);
  /** @type {(Kept | undefined)[]} a place for each */
  const places = Array(MOST).fill(undefined);

  /** The moving marks as they are, in the dashes of a place. @param {number} place */
  function ghostsOf(place) {
    return scene.marks.flatMap(({ gid, kind }) => {
      const group = figure.querySelector(`[data-gid="${gid}"]`);
      const seen = group?.querySelector(kind === "point" ? "use" : "path");
      if (!group || !seen) return [];
      const ghost = makeSvg("g", { class: "ghost", "stroke-dasharray": DASHES[place] });
      const copied = /** @type {SVGElement} */ (seen.cloneNode(true));
      copied.style.removeProperty("stroke-dasharray");
      ghost.append(copied);
      group.before(ghost);
      return [ghost];
    });
  }

  /** @param {Record<string, number>} params */
  const differing = (params) => scene.parameters
    .filter((p) => params[p.name] !== store.start[p.name])
    .map((p) => `${p.symbol ? `${p.symbol} = ` : ""}${inUnits(p, params[p.name])}`)
    .join(", ") || "as at first";

  /** @param {number} place */
  function put(place) {
    places[place] = { params: store.params, readout: live.readout, ghosts: ghostsOf(place) };
  }

  /** @param {number} place */
  function take(place) {
    const kept = places[place];
    for (const ghost of kept?.ghosts ?? []) ghost.remove();
    places[place] = undefined;
    return kept;
  }

  function write() {
    list.replaceChildren(...places.flatMap((kept, place) => {
      if (!kept) return [];
      const { params, readout } = kept, words = `${differing(params)}: ${readout}`;
      const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
        make("button", { type: "button", "aria-label": `${label} ${place + 1}`, onclick }, label);
      return [make("li", { value: place + 1 }, `${words} `,
        button("Swap", () => {
          take(place);
          put(place);
          store.set(params);
          write();
          list.querySelector(`[value="${place + 1}"] button`)?.focus();
        }), " ",
        button("Remove", () => {
          take(place);
          write();
          keeper.focus();
        }))];
    }));
    keeper.disabled = places.every(Boolean);
  }

  const keeper = tools.button("Keep", () => {
    live.begin();
    put(places.indexOf(undefined));
    write();
    return `Kept. Move a slider: the pale dashed curves stay.`;
  });
}
