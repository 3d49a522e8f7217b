// The few buttons below an explorer, and the menu "More" with all that is wanted less often.

import { make } from "./dom.js";

/**
 * What a button does; text that it gives is said to the reader.
 * @typedef {() => string | void | Promise<string | void>} Action
 */

/** A row of buttons at the end of a figure. */
export class Tools {
  #note = make("span", { class: "note", role: "status" });
  #items = make("div", { class: "items" });
  #menu = make("details", { class: "more" }, make("summary", {}, "More"), this.#items);
  #bar = make("div", { class: "tools" }, this.#menu, this.#note);

  /** @param {HTMLElement} figure */
  constructor(figure) {
    figure.append(this.#bar);
    this.#bar.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || !this.#menu.open) return;
      event.stopPropagation();
      this.#close();
    });
    document.addEventListener("click", ({ target }) => {
      if (!this.#menu.contains(target)) this.#menu.open = false;
    });
  }

  #close() {
    this.#menu.open = false;
    this.#menu.querySelector("summary").focus();
  }

  /**
   * Add a button to the row.
   * @param {string} label @param {Action} action
   * @returns {HTMLButtonElement}
   */
  button(label, action) {
    const button = this.#make(label, action);
    this.#menu.before(button);
    return button;
  }

  /**
   * Add an entry to the menu.
   * @param {string} label @param {Action} action
   * @returns {HTMLButtonElement}
   */
  item(label, action) {
    const item = this.#make(label, () => {
      this.#close();
      return action();
    });
    this.#items.append(item);
    return item;
  }

  /** @param {string} text for the reader */
  tell(text) {
    this.#note.textContent = text;
  }

  /** @param {string} label @param {Action} action */
  #make(label, action) {
    return make("button", {
      type: "button", onclick: async () => this.tell((await action()) || ""),
    }, label);
  }
}
