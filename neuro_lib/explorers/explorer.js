// Brings explorers to life: compiles the Python that a scene carries, and moves its picture.
// Stands behind parse.js and compile.js of `neuro_lib.portable`, in a scope with them.

/**
 * @typedef {{name: string, unit?: string, digits: number, choices?: number,
 *   sets?: Record<string, number>[]}} Parameter
 * @typedef {{gid: string, kind: "line" | "ticks" | "point", x: any, y: any[], axes: number[]}} Mark
 * @typedef {{name: string, label: string, unit?: string, digits: number, none?: string}} Readout
 * @typedef {{name: string, source: string, parameters: Parameter[], outputs?: string[],
 *   marks: Mark[], readouts: Readout[]}} Scene as explorer.py describes it
 */

const BUDGET = 300; // milliseconds that a run may take, so that the page goes on answering

/** Why an explorer's sliders cannot move its picture. */
class AtRest extends Error {}

/**
 * Make a scene's function of its Python source.
 * @param {Scene} scene
 * @returns {Promise<(...values: number[]) => Record<string, any>>} from the sliders' values to the
 *   outputs by name; undefined where the page's policy forbids it
 */
async function compileScene({ source, outputs }) {
  const { javascript, fields } = compilePortable(source), code = await evaluate(javascript);
  if (!code) return code;
  const run = runnable(code, BUDGET);
  return (...values) => {
    const outcome = run(...values);
    return Object.fromEntries((outputs ?? fields).map((name, k) => [name, outcome[k]]));
  };
}

/**
 * Give the value of an expression, in the first way that the page's policy allows.
 * @param {string} expression
 * @returns {Promise<any>} undefined where it allows none
 */
async function evaluate(expression) {
  const values = (globalThis.neuroLibValues ??= []), place = values.push(undefined) - 1;
  const text = `neuroLibValues[${place}]=${expression}`;
  const script = () => {
    const element = document.createElement("script");
    element.nonce = /** @type {any} */ (document.querySelector("script[nonce]"))?.nonce;
    return element;
  };
  const inline = script();
  inline.textContent = text;
  document.head.append(inline);
  inline.remove();
  if (values[place]) return values[place];
  const linked = script();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  await new Promise((done) => {
    linked.onload = linked.onerror = done;
    linked.src = address;
    document.head.append(linked);
  });
  linked.remove();
  URL.revokeObjectURL(address);
  return values[place];
}

/**
 * Let a figure follow a scene; give draw(params), which moves the picture and says the readouts.
 * Throws what to say where the scene cannot run.
 * @param {HTMLElement} figure the <figure class="explorer">; its SVG has a data-gid group per mark
 * @param {Scene} scene
 */
async function explore(figure, scene) {
  /** @type {(...values: number[]) => Record<string, any>} */
  let run;
  try {
    run = await compileScene(scene);
  } catch (error) {
    throw error instanceof PortableError ? new AtRest(told(error, scene.source)) : error;
  }
  if (!run) throw new AtRest("this page's policy forbids code that is made in it");
  const groups = Object.fromEntries(
    scene.marks.map((mark) => [mark.gid, figure.querySelector(`[data-gid="${mark.gid}"]`)]));
  const readout = /** @type {HTMLElement} */ (figure.querySelector(".readout"));
  let settled = 0;

  /** @param {number} x */
  const round = (x) => Math.round(x * 10) / 10;

  /** @param {Mark} mark @param {(source: any) => any} value */
  function pathOf(mark, value) {
    const [ax, bx, ay, by] = mark.axes;
    const x = (/** @type {number} */ v) => round(Math.max(-1e4, Math.min(1e4, ax * v + bx)));
    const y = (/** @type {number} */ v) => round(Math.max(-1e4, Math.min(1e4, ay * v + by)));
    const xs = value(mark.x), ys = mark.y.map(value);
    let d = "";
    if (mark.kind === "ticks") {
      const ends = `${y(ys[0])}V${y(ys[1])}`;
      for (const v of xs) d += `M${x(v)} ${ends}`;
      return d;
    }
    const count = xs.length ?? ys[0].length;
    for (let k = 0; k < count; k++) {
      d += `${k ? "L" : "M"}${x(xs[k] ?? xs)} ${y(ys[0][k] ?? ys[0])}`;
    }
    return d;
  }

  /** @param {Mark} mark @param {(source: any) => any} value */
  function move(mark, value) {
    const group = groups[mark.gid];
    if (mark.kind !== "point") {
      group.querySelector("path").setAttribute("d", pathOf(mark, value));
      return;
    }
    const [ax, bx, ay, by] = mark.axes;
    const use = group.querySelector("use");
    use.setAttribute("x", round(ax * value(mark.x) + bx));
    use.setAttribute("y", round(ay * value(mark.y[0]) + by));
  }

  /** @param {string} text */
  function tell(text) {
    readout.textContent = text;
    // A screen reader speaks once the slider rests, not at every step on the way.
    readout.setAttribute("aria-busy", "true");
    clearTimeout(settled);
    settled = setTimeout(() => readout.removeAttribute("aria-busy"), 400);
  }

  /** @param {Record<string, number>} params */
  function draw(params) {
    const start = performance.now();
    const values = scene.parameters.filter((p) => !p.sets).map((p) => params[p.name]);
    /** @type {Record<string, any>} */
    let result;
    try {
      result = run(...values);
    } catch (error) {
      if (!(error instanceof StoppedRun)) throw error;
      tell(`The picture is the last one. ${told(error, scene.source)}`);
      return;
    }
    const value = (/** @type {any} */ source) =>
      typeof source === "string" ? result[source] ?? params[source] : source;
    for (const mark of scene.marks) move(mark, value);
    tell(scene.readouts.map((r) => say(r, value(r.name))).join("; "));
    const milliseconds = performance.now() - start;
    figure.dispatchEvent(new CustomEvent("explorer:drawn",
      { bubbles: true, detail: { params: { ...params }, result, milliseconds } }));
  }

  return draw;
}

/**
 * Let `update` run once a frame, however often it is asked for.
 * @param {() => void} update
 */
function onceAFrame(update) {
  let waiting = false;
  return () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; update(); });
    waiting = true;
  };
}

/** @param {Readout} readout @param {number} value */
function say(readout, value) {
  if (value < 0 && readout.none) return readout.none;
  const unit = readout.unit ? ` ${readout.unit}` : "";
  return `${readout.label} ${fixed(value, readout.digits)}${unit}`;
}

/** @param {number} value @param {number} digits */
function fixed(value, digits) {
  const text = value.toFixed(digits);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

/**
 * On a page: the form's own controls are the sliders.
 * @param {HTMLElement} figure
 * @param {Scene} scene
 */
async function exploreForm(figure, scene) {
  const form = /** @type {any} */ (figure.querySelector("form"));
  const still = /** @type {any} */ (figure.querySelector(".still"));
  let draw;
  try {
    draw = await explore(figure, scene);
  } catch (error) {
    if (!(error instanceof AtRest)) throw error;
    still.querySelector("span").textContent = `The sliders rest: ${error.message}.`;
    return;
  }
  still.remove();

  const soon = onceAFrame(() => {
    /** @type {Record<string, number>} */
    const params = {};
    for (const p of scene.parameters) {
      const control = form.elements[p.name];
      params[p.name] = Number(control.value);
      if (p.choices) continue;
      const shown = fixed(params[p.name], p.digits) + (p.unit ? ` ${p.unit}` : "");
      control.parentElement.querySelector("output").textContent = shown;
      control.setAttribute("aria-valuetext", shown);
    }
    draw(params);
  });

  form.hidden = false;
  form.addEventListener("input", (/** @type {any} */ { target }) => {
    const values = movedBy(scene, target.name, target.value);
    for (const name in values) form.elements[name].value = values[name];
    soon();
  });
  form.addEventListener("reset", () => setTimeout(soon));
  form.addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
}

/**
 * Bring to life what a page has of a scene.
 * @param {Scene} scene
 */
function show(scene) {
  const still = `figure.explorer[data-scene="${scene.name}"]:not([data-alive])`;
  for (const found of document.querySelectorAll(still)) {
    const figure = /** @type {HTMLElement} */ (found);
    figure.dataset.alive = "";
    exploreForm(figure, scene);
  }
}

/**
 * Where sliders go when an option of a list of presets is picked; a slider moves no other.
 * @param {Scene} scene @param {string} name @param {number} value
 * @returns {Record<string, number>}
 */
function movedBy(scene, name, value) {
  const moved = scene.parameters.find((p) => p.name === name);
  return moved?.sets ? moved.sets[value] : {};
}
