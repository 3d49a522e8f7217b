// Questions that are answered before the figure is seen. Its curves are veiled until then; the
// sliders are not: to move one is to skip the questions.

import { make, makeSvg } from "./dom.js";
import { recalled, remember } from "./memory.js";
import { pathOf, tenths } from "./picture.js";
import { fixed, setSymbols } from "./words.js";

/** @import { Live } from "./live.js" */
/** @import { Panel } from "./scene.js" */

/**
 * @typedef {{kind: "number" | "change" | "curve" | "place", text: string,
 *   at: Record<string, number>, of?: string, unit?: string, digits?: number, mark?: string}} Asked
 * @typedef {{answer: () => any, close: () => void}} Control gives the answer, undefined if none
 * @typedef {{said: any, words: string, right: boolean}} Verdict
 */

const CLOSE = 0.1; // of the truth, or of the axis: nearer than this a guess is right
const KNOTS = 9; // of a sketched curve

/** Let an explorer ask what it has to ask. @param {Live} live */
export function ask(live) {
  const { figure, scene, store } = live;
  /** @type {Asked[]} */
  const asked = /** @type {any} */ (scene).asked ?? [];
  if (!asked.length) return;
  for (let k = 1; !figure.id; k++) {
    const id = k > 1 ? `${scene.name}-${k}` : scene.name;
    if (!document.getElementById(id)) figure.id = id;
  }
  const key = `neuro-lib guesses ${location.pathname} ${scene.name}`;
  const told = make("div", { role: "status" }), body = make("div");
  const card = make("div", { class: "asked", tabindex: -1 }, told, body);
  const form = figure.querySelector("form");
  if (form) form.before(card);
  else figure.querySelector(".readout")?.before(card);
  const readout = /** @type {HTMLElement} */ (figure.querySelector(".readout"));
  let waits = false;

  const veil = (/** @type {boolean} */ on) => {
    waits = on;
    figure.classList.toggle("veiled", on);
    if (on) readout.setAttribute("aria-hidden", "true");
    else readout.removeAttribute("aria-hidden");
  };

  function pose() {
    const controls = asked.map((question) => controlOf(live, question));
    const done = make("button", { type: "button" }, "Show me");
    const skip = make("button", { type: "button" }, "Skip");
    told.replaceChildren();
    body.replaceChildren(
      make("p", { class: "asked-head" }, "Before you look: what do you expect?"),
      ...controls.map(({ row }) => row),
      make("div", { class: "asked-buttons" }, done, skip));
    const end = (/** @type {boolean} */ counted) => {
      const answers = controls.map(({ answer }) => (counted ? answer() : undefined));
      for (const { close } of controls) close();
      const verdicts = asked.map((question, k) =>
        (answers[k] === undefined ? null : judge(live, question, answers[k])));
      release(verdicts, true);
    };
    for (const [button, counted] of [[done, true], [skip, false]]) {
      button.addEventListener("click", () => {
        end(counted);
        card.focus(); // the button is gone
      });
    }
    veil(true);
    const stop = store.watch((changed) => {
      if (waits && scene.parameters.some(({ name }) => changed.includes(name))) {
        // The slider must not slip away from under the finger that moves it.
        card.style.minHeight = `${card.offsetHeight}px`;
        form?.addEventListener("change", () => { card.style.minHeight = ""; }, { once: true });
        end(false);
      }
      if (!waits) stop();
    });
  }

  /** @param {(Verdict | null)[]} verdicts @param {boolean} now whether they are just given */
  function release(verdicts, now) {
    veil(false);
    if (now) remember(key, verdicts);
    store.set({ guesses: verdicts });
    const last = asked[asked.length - 1];
    const moved = now && verdicts.some(Boolean) && Object.keys(last.at).length;
    if (moved) store.set(last.at);
    else if (now && !live.drawn) live.draw();
    const lines = verdicts.flatMap((verdict) => (verdict ? [lineOf(verdict)] : []));
    const again = make("button", { type: "button" },
      lines.length ? "Ask me again" : "Ask me first");
    again.addEventListener("click", () => {
      remember(key, undefined);
      store.reset();
      sketched(figure, null);
      pose();
      card.querySelector("input,select,button,[tabindex]")?.focus();
      summarize();
    });
    told.replaceChildren(...lines);
    body.replaceChildren(make("div", { class: "asked-buttons" }, again));
    asked.forEach((question, k) => {
      if (verdicts[k] && question.mark) sketched(figure, pathOfSketch(live, question, verdicts[k]));
    });
    summarize();
  }

  const before = recalled(key);
  const linked = scene.parameters.some(({ name }) => store.get(name) !== store.start[name]);
  if (Array.isArray(before) && before.length === asked.length) release(before, false);
  else if (linked) release(asked.map(() => null), false); // a link has led to what it shows
  else pose();
  summarize();
}

/** @param {Verdict} verdict */
const lineOf = ({ words, right }) => make("p", { class: right ? "right" : "wrong" }, words);

/**
 * Hold an answer against what the scene computes.
 * @param {Live} live @param {Asked} question @param {any} said
 * @returns {Verdict}
 */
function judge(live, question, said) {
  const start = live.store.start;
  const params = Object.fromEntries(
    live.scene.parameters.map(({ name }) => [name, question.at[name] ?? start[name]]));
  const { value } = live.outcome(params);
  const { unit = "", digits = 0 } = question;
  const told = (/** @type {number} */ x) => `${fixed(x, digits)} ${unit}`.trim();
  if (question.kind === "number") {
    const truth = value(question.of);
    const right = Math.abs(said - truth) <= CLOSE * Math.abs(truth) || told(said) === told(truth);
    return { said, right, words: `You said ${told(said)}: it is ${told(truth)}.` };
  }
  if (question.kind === "change") {
    const here = told(live.outcome(start).value(question.of)), there = told(value(question.of));
    const rises = value(question.of) > live.outcome(start).value(question.of);
    const truth = here === there ? "stays" : rises ? "rises" : "falls";
    const from = here === there ? `at ${here}` : `from ${here} to ${there}`;
    return { said, right: said === truth, words: `You said it ${said}: it ${truth}, ${from}.` };
  }
  const { mark, panel } = markOf(live, question);
  const [width, height] = [panel.x, panel.y].map(([low, high]) => high - low);
  const [nameX, nameY] = panel.labels;
  if (question.kind === "place") {
    const truth = [value(mark.x), value(mark.y[0])];
    const right = Math.abs(said[0] - truth[0]) <= CLOSE * width
      && Math.abs(said[1] - truth[1]) <= CLOSE * height;
    const place = (/** @type {number[]} */ [x, y]) =>
      `${named(nameX, rough(x, width))}, ${named(nameY, rough(y, height))}`;
    return { said, right, words: `You placed it at ${place(said)}: it is at ${place(truth)}.` };
  }
  const xs = knotsOf(panel);
  const off = xs.map((x, k) => Math.abs(said[k] - valueAt(value(mark.x), value(mark.y[0]), x)));
  const mean = off.reduce((sum, d) => sum + d, 0) / off.length;
  const most = xs[off.indexOf(Math.max(...off))];
  const unitY = /\(([^)]*)\)/.exec(nameY)?.[1] ?? "";
  return {
    said,
    right: mean <= CLOSE * height,
    words: `Your curve is off by ${rough(mean, height)} ${unitY}`.trim()
      + ` on average, most at ${named(nameX, rough(most, width))}.`,
  };
}

/** A value with what an axis says of it. @param {string} label @param {string} value */
function named(label, value) {
  const [, name, unit] = /^(.*?)\s*(?:\(([^)]*)\))?$/.exec(label) ?? [];
  return `${name || "there"} = ${value} ${unit ?? ""}`.trim();
}

/** A number to a hundredth of a range. @param {number} x @param {number} range */
const rough = (x, range) => fixed(x, Math.max(0, Math.ceil(1.5 - Math.log10(range))));

/** @param {Live} live @param {Asked} question */
function markOf({ scene }, question) {
  const mark = /** @type {import("./scene.js").Mark} */ (
    scene.marks.find(({ gid }) => gid === question.mark));
  return { mark, panel: scene.panels[mark.panel] };
}

/** @param {Panel} panel */
function knotsOf({ x: [low, high] }) {
  return Array.from({ length: KNOTS }, (_, k) => low + (high - low) * (k + 0.5) / KNOTS);
}

/**
 * Height of a curve at x, which it may not reach.
 * @param {any} xs @param {any} ys @param {number} x
 */
function valueAt(xs, ys, x) {
  const y = (/** @type {number} */ k) => ys[k] ?? ys;
  let k = 0;
  while (k < xs.length - 2 && xs[k + 1] < x) k++;
  const part = Math.min(Math.max((x - xs[k]) / (xs[k + 1] - xs[k] || 1), 0), 1);
  return y(k) + part * (y(k + 1) - y(k));
}

/** @param {Asked} question @returns {HTMLElement} */
function textOf({ text }) {
  const span = make("span");
  setSymbols(span, text);
  return span;
}

/**
 * The row of a question on the card, with its control.
 * @param {Live} live @param {Asked} question
 * @returns {Control & {row: HTMLElement}}
 */
function controlOf(live, question) {
  if (question.kind === "number") {
    const input = make("input", { type: "number", step: "any", inputmode: "decimal" });
    const row = make("label", {}, textOf(question), input, question.unit ?? "");
    return { row, close() {},
      answer: () => (input.value === "" ? undefined : Number(input.value)) };
  }
  if (question.kind === "change") {
    const select = make("select", {}, make("option", { value: "" }, "…"),
      ...["falls", "stays", "rises"].map((way) => make("option", {}, `it ${way}`)));
    const row = make("label", {}, textOf(question), select);
    return { row, close() {}, answer: () => select.value.slice(3) || undefined };
  }
  return sketchOn(live, question);
}

/**
 * Let the reader draw a curve, or place a point, on the axes of a mark: by finger, or by the
 * handles, which take the arrow keys.
 * @param {Live} live @param {Asked} question
 * @returns {Control & {row: HTMLElement}}
 */
function sketchOn(live, question) {
  const { panel } = markOf(live, question), [ax, bx, ay, by] = panel.scale;
  const svg = /** @type {SVGSVGElement} */ (live.figure.querySelector("svg"));
  const isPlace = question.kind === "place";
  const [lowX, highX] = panel.x, [lowY, highY] = panel.y;
  const xs = isPlace ? [(lowX + highX) / 2] : knotsOf(panel);
  const ys = xs.map(() => (lowY + highY) / 2);
  let touched = false;

  const group = makeSvg("g", { class: "sketch" });
  const [left, right] = [ax * lowX + bx, ax * highX + bx];
  const [top, bottom] = [ay * highY + by, ay * lowY + by];
  const paper = makeSvg("rect",
    { class: "paper", x: left, y: top, width: right - left, height: bottom - top });
  const line = makeSvg("path", {});
  const knots = xs.map(() => makeSvg("circle", { r: 5, tabindex: 0, role: "slider" }));
  group.append(paper, line, ...knots);
  svg.append(group);
  // An image has no parts for a screen reader; while it is drawn upon, it is a group.
  svg.setAttribute("role", "group");

  const show = () => {
    line.setAttribute("d", isPlace ? "" : xs.map((x, k) =>
      `${k ? "L" : "M"}${tenths(ax * x + bx)} ${tenths(ay * ys[k] + by)}`).join(""));
    knots.forEach((knot, k) => {
      const [x, y] = [rough(xs[k], highX - lowX), rough(ys[k], highY - lowY)];
      const attributes = { cx: ax * xs[k] + bx, cy: ay * ys[k] + by, "aria-valuenow": ys[k],
        "aria-valuemin": lowY, "aria-valuemax": highY, "aria-valuetext": isPlace ? `${x}, ${y}` : y,
        "aria-label": isPlace ? "your point" : `your curve at ${named(panel.labels[0], x)}` };
      for (const [name, value] of Object.entries(attributes)) knot.setAttribute(name, value);
    });
    group.classList.toggle("touched", touched);
  };
  const within = (/** @type {number} */ v, /** @type {number} */ low, /** @type {number} */ high) =>
    Math.min(Math.max(v, low), high);

  let last = -1;
  const draw = (/** @type {PointerEvent} */ event) => {
    const at = new DOMPoint(event.clientX, event.clientY)
      .matrixTransform(/** @type {DOMMatrix} */ (svg.getScreenCTM()).inverse());
    const x = within((at.x - bx) / ax, lowX, highX), y = within((at.y - by) / ay, lowY, highY);
    touched = true;
    if (isPlace) [xs[0], ys[0]] = [x, y];
    else {
      const k = Math.min(Math.floor((x - lowX) / (highX - lowX) * KNOTS), KNOTS - 1);
      const from = last < 0 ? k : last, was = ys[from], steps = Math.abs(k - from);
      for (let i = 1; i < steps; i++) {  // a fast finger skips some
        ys[from + Math.sign(k - from) * i] = was + (y - was) * i / steps;
      }
      ys[k] = y;
      last = k;
    }
    show();
  };
  paper.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    paper.setPointerCapture(event.pointerId);
    last = -1;
    draw(event);
  });
  paper.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (paper.hasPointerCapture(event.pointerId)) draw(event);
  });
  const press = (/** @type {KeyboardEvent} */ event, /** @type {number} */ k) => {
    const way = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[
      /** @type {"ArrowUp"} */ (event.key)];
    if (!way) return;
    event.preventDefault();
    if (way[0] && !isPlace) {
      knots[within(k + way[0], 0, KNOTS - 1)].focus();
      return;
    }
    touched = true;
    if (isPlace) xs[0] = within(xs[0] + way[0] * (highX - lowX) / 40, lowX, highX);
    ys[k] = within(ys[k] + way[1] * (highY - lowY) / 40, lowY, highY);
    show();
  };
  knots.forEach((knot, k) =>
    knot.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => press(event, k)));
  show();
  return {
    row: make("p", {}, textOf(question), " ", make("span", { class: "how" },
      `With a finger or the pointer; ${isPlace ? "the dot takes" : "the dots take"} arrow keys.`)),
    answer: () => (touched ? (isPlace ? [xs[0], ys[0]] : [...ys]) : undefined),
    close() {
      group.remove();
      svg.setAttribute("role", "img");
    },
  };
}

/** @param {Live} live @param {Asked} question @param {any} verdict */
function pathOfSketch(live, question, { said }) {
  const { panel } = markOf(live, question), [ax, bx, ay, by] = panel.scale;
  if (question.kind === "curve") {
    const mark = { gid: "", kind: /** @type {"line"} */ ("line"), x: "x", y: ["y"], panel: 0 };
    return pathOf(mark, panel, (name) => (name === "x" ? knotsOf(panel) : said));
  }
  const [x, y] = [ax * said[0] + bx, ay * said[1] + by];
  return `M${x - 6} ${y}H${x + 6}M${x} ${y - 6}V${y + 6}`;
}

/** Leave a sketch in the picture, or none. @param {HTMLElement} figure @param {string | null} d */
function sketched(figure, d) {
  figure.querySelector("svg > .sketched")?.remove();
  if (d) figure.querySelector("svg")?.append(makeSvg("path", { class: "sketched", d }));
}

/** At the end of a page: which guesses were wrong, and where they were made. */
function summarize() {
  const figures = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("figure.explorer")])
    .filter((figure) => figure.querySelector(".asked") && !figure.closest(".jp-OutputArea"));
  if (!figures.length) return;
  const place = document.querySelector("article.bd-article") ?? document.querySelector("main")
    ?? document.body;
  let section = /** @type {HTMLElement | null} */ (document.querySelector("section.guesses"));
  if (!section) place?.append(section = make("section", { class: "guesses" }));
  const lines = figures.flatMap((figure) => [...figure.querySelectorAll(".asked [role=status] p")]
    .map((line) => make("li", { class: line.className },
      make("a", { href: `#${figure.id}` }, line.textContent ?? ""))));
  const open = figures.filter((figure) => figure.classList.contains("veiled")).length;
  const wrong = lines.filter((line) => line.className === "wrong").length;
  section?.replaceChildren(
    make("h2", {}, "Your guesses"),
    make("p", {}, lines.length
      ? `${lines.length - wrong} of ${lines.length} were close. They stay in this browser.`
      : "You have made none in this chapter yet."),
    make("ul", {}, ...lines),
    ...open ? [make("p", {}, `Questions still open: ${open}, from `, make("a",
      { href: `#${figures.find((figure) => figure.classList.contains("veiled"))?.id}` },
      "this figure"), " on.")] : []);
}
