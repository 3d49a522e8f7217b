// Challenges: goals to reach with some of the sliders. The others are locked meanwhile.

import { make } from "./dom.js";
import { recalled, remember } from "./memory.js";
import { inUnits } from "./words.js";

/** @import { Live } from "./live.js" */

/**
 * @typedef {{text: string, goals: {of: string, low?: number, high?: number}[], locked?: string[],
 *   hint?: string}} Challenge
 */

const PATIENCE = 20; // moves after which a hint is offered

/** Let an explorer challenge its reader. @param {Live} live */
export function challenge(live) {
  const { figure, scene, store } = live;
  /** @type {Challenge[]} */
  const challenges = /** @type {any} */ (scene).challenges ?? [];
  if (!challenges.length) return;
  /** @type {HTMLElement[]} */
  const rows = challenges.map(({ text }) => make("li", {}, text, " ",
    make("button", { type: "button" }, "Try"), make("span", { role: "status" })));
  figure.querySelector(".readout")?.after(make("details", { class: "challenges" },
    make("summary", {}, "Challenges"), make("ol", {}, ...rows)));
  const key = (/** @type {number} */ k) => `neuro-lib solved ${scene.name} ${challenges[k].text}`;
  let moves = 0;
  /** @type {Record<string, any>} values of what is locked */
  let locked = {};

  const controls = (/** @type {string} */ name) => /** @type {any[]} */ (
    [...figure.querySelectorAll("form [name]")].filter((c) => c.getAttribute("name") === name));
  const say = (/** @type {number} */ k, /** @type {string} */ text) => {
    const line = /** @type {HTMLElement} */ (rows[k].querySelector("[role=status]"));
    if (line.textContent !== text) line.textContent = text;
  };
  const buttonOf = (/** @type {number} */ k) =>
    /** @type {HTMLButtonElement} */ (rows[k].querySelector("button"));

  function leave() {
    const k = store.get("challenge");
    for (const name of Object.keys(locked)) {
      for (const control of controls(name)) control.disabled = false;
    }
    locked = {};
    if (k === undefined) return;
    buttonOf(k).textContent = "Try";
    store.set({ challenge: undefined });
  }

  /** @param {number} k */
  function take(k) {
    const mine = store.get("challenge") === k;
    leave();
    say(k, "");
    if (mine) return;
    store.reset();
    moves = 0;
    locked = Object.fromEntries(
      (challenges[k].locked ?? []).map((name) => [name, store.get(name)]));
    for (const name of Object.keys(locked)) {
      for (const control of controls(name)) control.disabled = true;
    }
    store.set({ challenge: k });
    buttonOf(k).textContent = "Leave";
    const still = scene.parameters.filter(({ name }) => name in locked).map(
      (p) => `${p.symbol ?? p.meaning} stays ${inUnits(p, locked[p.name])}`);
    say(k, `${["Go", ...still].join("; ")}.`);
  }

  rows.forEach((row, k) => {
    buttonOf(k).addEventListener("click", () => take(k));
    if (recalled(key(k))) row.classList.add("solved");
  });
  store.watch((changed) => {
    // By a handle, or a notebook's slider: while ipywidgets carries its value here, it would carry
    // none back.
    const pulled = Object.keys(locked).some((name) => changed.includes(name));
    if (pulled) Promise.resolve().then(() => store.set(locked));
  });
  live.follow(({ value }) => {
    const k = store.get("challenge");
    if (k === undefined) return;
    moves += 1;
    const { goals, hint } = challenges[k];
    if (goals.every(({ of, low = -Infinity, high = Infinity }) =>
      value(of) >= low && value(of) <= high)) {
      say(k, `Solved, in ${moves === 1 ? "one move" : `${moves} moves`}.`);
      rows[k].classList.add("solved");
      remember(key(k), true);
      leave();
    } else if (hint && moves === PATIENCE) say(k, `A hint: ${hint}`);
  });
}
