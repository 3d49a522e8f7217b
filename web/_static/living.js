// Living text: words of a chapter that belong to a figure on its page (web/_ext/living.py). Pointing
// at them shows what they mean in it; those that mean a slider are one themselves.

const RANGE = 240; // px that a finger goes from one end of a slider to the other

/** The figure that some words belong to, and the slider in it, if it is one. */
const figureOf = ({ dataset }) => document.querySelector(`figure.explorer[data-scene="${dataset.live}"]`);
const sliderOf = (word, figure) => figure.querySelector(`form [name="${word.dataset.slider}"]`);

/** What shows in a figure what some words mean: a slider's row, its handle, a curve, what is said. */
const shownBy = (word) => {
  const { slider, mark, says } = word.dataset, figure = figureOf(word);
  return [word, ...figure.querySelectorAll([
    slider && `label:has([name="${slider}"]), .handle[data-slider="${slider}"]`,
    mark && `svg [data-gid="${mark}"]`,
    says && ".readout",
  ].filter(Boolean).join())];
};

// Light follows the pointer, and without one the focus. What a finger has tapped stays lit.
const look = ({ type, target }) => {
  const at = (type === "focusout" ? null : target.closest(".live")) ?? document.activeElement.closest(".live");
  const words = at?.words ?? (at ? [at] : []); // a symbol of an equation stands for several
  const parts = new Set(words.flatMap(shownBy).concat(at ?? []));
  for (const part of document.querySelectorAll(".lit")) if (!parts.has(part)) part.classList.remove("lit");
  for (const part of parts) part.classList.add("lit");
};

/** Let words be the slider that they mean: one value, moved here or there. */
const beSlider = (word, figure) => {
  const slider = sliderOf(word, figure), written = word.textContent;
  const isNumber = /^[-−]?\d/.test(written);
  word.toggleAttribute("data-number", isNumber);
  const follow = () => {
    const said = slider.getAttribute("aria-valuetext");
    if (isNumber) word.textContent = slider.value === slider.defaultValue ? written : said;
    word.setAttribute("aria-valuenow", slider.value);
    word.setAttribute("aria-valuetext", said);
  };
  const move = (value) => {
    slider.value = value; // which takes the nearest that it can
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    follow();
  };
  const { min, max, step } = slider, called = slider.getAttribute("aria-label");
  const given = {
    role: "slider", tabindex: 0, "aria-label": called, "aria-valuemin": min, "aria-valuemax": max,
    title: "Drag, or press the arrow keys",
  };
  for (const [name, value] of Object.entries(given)) word.setAttribute(name, value);

  let from;
  word.addEventListener("pointerdown", (event) => {
    from = { x: event.clientX, value: slider.valueAsNumber };
    word.setPointerCapture(event.pointerId);
    word.focus({ preventScroll: true });
    event.preventDefault();
  });
  word.addEventListener("pointermove", ({ pointerId, clientX }) => {
    if (word.hasPointerCapture(pointerId)) move(from.value + (clientX - from.x) / RANGE * (max - min));
  });
  word.addEventListener("pointercancel", () => move(from.value)); // the page was scrolled
  word.addEventListener("keydown", (event) => {
    const steps = {
      ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10,
      Home: -1e9, End: 1e9,
    }[event.key];
    if (steps === undefined) return;
    move(slider.valueAsNumber + steps * step);
    event.preventDefault();
  });
  figure.addEventListener("explorer:drawn", follow);
  follow();
};

/** Let words repeat what a figure says. */
const beSaid = (word, figure) => {
  const { says, label } = word.dataset;
  figure.addEventListener("explorer:drawn", () => {
    const said = figure.querySelector(".readout").textContent.split("; ")[says];
    word.textContent = said.startsWith(label) ? said.slice(label.length).trim() : said;
  });
};

/** Let the symbols of equations show what the same symbols in sentences show. */
const beSymbols = (words) => {
  const form = (g) => [g, ...g.querySelectorAll("[data-mml-node], [data-c]")]
    .map(({ dataset }) => dataset.mmlNode ?? dataset.c).join();
  const known = new Map();
  for (const word of words) {
    const symbol = word.querySelector("[data-mml-node=math] > :only-child");
    if (symbol) known.set(form(symbol), [...known.get(form(symbol)) ?? [], word]);
  }
  for (const g of document.querySelectorAll("mjx-container g:is([data-mml-node=mi], [data-mml-node=msub])")) {
    const within = g.parentElement.closest("[data-mml-node=msub], [data-mml-node=mover], .live");
    if (within || !known.has(form(g))) continue;
    g.classList.add("live");
    g.words = known.get(form(g));
  }
};

const alive = (figure) => {
  for (const word of document.querySelectorAll(`.live[data-live="${figure.dataset.scene}"]`)) {
    if (word.dataset.slider) beSlider(word, figure);
    if (word.dataset.says) beSaid(word, figure);
  }
};

const words = [...document.querySelectorAll(".live[data-live]")];
if (words.length) {
  for (const sign of ["pointerover", "focusin", "focusout"]) document.addEventListener(sign, look);
  for (const figure of new Set(words.map(figureOf))) {
    if (figure.querySelector("form").hidden) figure.addEventListener("explorer:alive", () => alive(figure));
    else alive(figure);
  }
  addEventListener("load", () => window.MathJax?.startup?.promise.then(() => beSymbols(words)));
}
