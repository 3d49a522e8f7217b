// Living text: words of a chapter that belong to a figure on its page (web/_ext/living.py).
// Pointing at them shows what they mean in it; those that mean a slider are one themselves.

const RANGE = 240; // px that a finger goes from one end of a slider to the other
/** @type {Record<string, number>} by which a key moves a slider */
const STEPS = {
  ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10,
  Home: -1e9, End: 1e9,
};

/**
 * @typedef {HTMLElement} Word
 * @typedef {Element & {words?: Word[]}} Lit words, or a symbol that stands for several
 */

/** The figure that some words belong to. @param {Word} word */
const figureOf = ({ dataset }) => /** @type {HTMLElement} */ (
  document.querySelector(`figure.explorer[data-scene="${dataset.live}"]`));
/** The slider that they mean. @param {Word} word @param {HTMLElement} figure */
const sliderOf = (word, figure) => /** @type {HTMLInputElement} */ (
  figure.querySelector(`form [name="${word.dataset.slider}"]`));

/**
 * What shows in a figure what words mean: a slider's row, its handle, a curve, what is said.
 * @param {Word} word
 * @returns {Element[]}
 */
const shownBy = (word) => {
  const { slider, mark, says } = word.dataset, figure = figureOf(word);
  return [word, ...figure.querySelectorAll([
    slider && `label:has([name="${slider}"]), .handle[data-slider="${slider}"]`,
    mark && `svg [data-gid="${mark}"]`,
    says && ".readout",
  ].filter(Boolean).join())];
};

/**
 * Light follows the pointer, and without one the focus. What a finger has tapped stays lit.
 * @param {Event} event
 */
const look = ({ type, target }) => {
  const focus = document.activeElement?.closest(".live");
  const pointed = type === "focusout" ? null : /** @type {Element} */ (target).closest(".live");
  const at = /** @type {any} */ (pointed ?? focus);
  /** @type {Word[]} */
  const words = at?.words ?? (at ? [at] : []); // a symbol of an equation stands for several
  const parts = new Set(words.flatMap(shownBy).concat(at ?? []));
  for (const lit of document.querySelectorAll(".lit")) {
    if (!parts.has(lit)) lit.classList.remove("lit");
  }
  for (const part of parts) part.classList.add("lit");
};

/**
 * Let words be the slider that they mean: one value, moved here or there.
 * @param {Word} word @param {HTMLElement} figure
 */
const beSlider = (word, figure) => {
  const slider = sliderOf(word, figure), written = word.textContent;
  const isNumber = /^[-−]?\d/.test(written);
  word.toggleAttribute("data-number", isNumber);
  const follow = () => {
    const said = slider.getAttribute("aria-valuetext");
    if (isNumber) word.textContent = slider.value === slider.defaultValue ? written : said;
    word.setAttribute("aria-valuenow", slider.value);
    word.setAttribute("aria-valuetext", said ?? slider.value);
  };
  const move = (/** @type {number} */ value) => {
    slider.value = String(value); // which takes the nearest that it can
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    follow();
  };
  const { min, max, step } = slider, called = slider.getAttribute("aria-label") ?? "";
  const given = {
    role: "slider", tabindex: "0", "aria-label": called, "aria-valuemin": min, "aria-valuemax": max,
    title: "Drag, or press the arrow keys",
  };
  for (const [name, value] of Object.entries(given)) word.setAttribute(name, value);

  let from = { x: 0, value: 0 };
  word.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, value: slider.valueAsNumber };
    word.setPointerCapture(event.pointerId);
    word.focus({ preventScroll: true });
    event.preventDefault();
  });
  word.addEventListener("pointermove", ({ pointerId, clientX }) => {
    if (!word.hasPointerCapture(pointerId)) return;
    move(from.value + (clientX - from.x) / RANGE * (Number(max) - Number(min)));
  });
  word.addEventListener("pointercancel", () => move(from.value)); // the page was scrolled
  word.addEventListener("keydown", (event) => {
    const steps = STEPS[event.key];
    if (steps === undefined) return;
    move(slider.valueAsNumber + steps * Number(step));
    event.preventDefault();
  });
  figure.addEventListener("explorer:drawn", follow);
  follow();
};

/** Let words repeat what a figure says. @param {Word} word @param {HTMLElement} figure */
const beSaid = (word, figure) => {
  const { says, label = "" } = word.dataset;
  figure.addEventListener("explorer:drawn", () => {
    const said = figure.querySelector(".readout")?.textContent?.split("; ")[Number(says)] ?? "";
    word.textContent = said.startsWith(label) ? said.slice(label.length).trim() : said;
  });
};

/**
 * Let the symbols of equations show what the same symbols in sentences show.
 * @param {Word[]} words
 */
const beSymbols = (words) => {
  const form = (/** @type {Element} */ g) => [g, ...g.querySelectorAll("[data-mml-node], [data-c]")]
    .map((part) => part.getAttribute("data-mml-node") ?? part.getAttribute("data-c")).join();
  /** @type {Map<string, Word[]>} */
  const known = new Map();
  for (const word of words) {
    const symbol = word.querySelector("[data-mml-node=math] > :only-child");
    if (symbol) known.set(form(symbol), [...known.get(form(symbol)) ?? [], word]);
  }
  const symbols = "mjx-container g:is([data-mml-node=mi], [data-mml-node=msub])";
  for (const found of document.querySelectorAll(symbols)) {
    const g = /** @type {Lit} */ (found);
    const within = g.parentElement?.closest("[data-mml-node=msub], [data-mml-node=mover], .live");
    if (within || !known.has(form(g))) continue;
    g.classList.add("live");
    g.words = known.get(form(g));
  }
};

const words = /** @type {Word[]} */ ([...document.querySelectorAll(".live[data-live]")]);

/** @param {HTMLElement} figure */
const alive = (figure) => {
  for (const word of words.filter(({ dataset }) => dataset.live === figure.dataset.scene)) {
    if (word.dataset.slider) beSlider(word, figure);
    if (word.dataset.says) beSaid(word, figure);
  }
};

if (words.length) {
  for (const sign of ["pointerover", "focusin", "focusout"]) document.addEventListener(sign, look);
  for (const figure of new Set(words.map(figureOf))) {
    const rests = figure.querySelector("form[hidden]");
    if (rests) figure.addEventListener("explorer:alive", () => alive(figure));
    else alive(figure);
  }
  addEventListener("load", () => {
    const { MathJax } = /** @type {any} */ (window);
    MathJax?.startup?.promise.then(() => beSymbols(words));
  });
}
