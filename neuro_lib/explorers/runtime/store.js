// The one place of all that can change in an explorer: sliders, fields, handles, the address and
// the widget's model read it, write it and watch it.

/** @import { Scene } from "./scene.js" */

/** Values by name: of the scene's parameters, and of what features keep beside them. */
export class Store {
  /** @type {Set<(changed: string[]) => void>} */
  #watchers = new Set();

  /**
   * @param {Scene} scene
   * @param {Record<string, any>} start
   */
  constructor(scene, start) {
    this.scene = scene;
    this.start = Object.freeze({ ...start });
    /** @type {Record<string, any>} */
    this.values = { ...start };
  }

  /** @param {string} name */
  get(name) {
    return this.values[name];
  }

  /** The present values of the scene's parameters. */
  get params() {
    return Object.fromEntries(this.scene.parameters.map((p) => [p.name, this.values[p.name]]));
  }

  /**
   * Change some values; whoever watches is told once, of what is another value now.
   * @param {Record<string, any>} changes
   */
  set(changes) {
    const all = { ...this.#preset(changes), ...changes };
    const changed = Object.keys(all).filter((name) => !Object.is(all[name], this.values[name]));
    for (const name of changed) this.values[name] = all[name];
    if (changed.length) for (const watcher of this.#watchers) watcher(changed);
  }

  /** Go back to where the explorer started. */
  reset() {
    const beside = Object.keys(this.values).map((name) => [name, undefined]);
    this.set({ ...Object.fromEntries(beside), ...this.start });
  }

  /**
   * Have a function called after each change, with the names of what has changed.
   * @param {(changed: string[]) => void} watcher
   * @returns {() => void} what ends it
   */
  watch(watcher) {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /**
   * Where sliders go when another preset is picked; a slider moves no other.
   * @param {Record<string, any>} changes
   * @returns {Record<string, number>}
   */
  #preset(changes) {
    const picked = this.scene.parameters.filter(
      (p) => p.sets && p.name in changes && changes[p.name] !== this.values[p.name]);
    return Object.assign({}, ...picked.map((p) => p.sets?.[changes[p.name]]));
  }
}
