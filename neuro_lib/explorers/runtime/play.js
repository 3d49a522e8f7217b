// Time: a cursor runs along the traces, slowed down, and dots show that instant on each curve. It
// can be heard, too: spikes as clicks, the potential as pitch.

import { make, makeSvg } from "./dom.js";
import { stageOf } from "./handles.js";

/** @import { Drawn, Live } from "./live.js" */
/** @import { Mark, Panel } from "./scene.js" */

const SLOWED = 50; // times than a neuron

/** A sound that follows the potential; made when it is first wanted. */
class Sound {
  #context = new AudioContext();
  #gain = new GainNode(this.#context, { gain: 0 });
  #tone = new OscillatorNode(this.#context, { type: "triangle" });

  constructor() {
    this.#tone.connect(this.#gain).connect(this.#context.destination);
    this.#tone.start();
  }

  /** @param {number} height of the potential, from 0 at the foot of its axes to 1 */
  pitch(height) {
    this.#context.resume();
    this.#tone.frequency.value = 110 * 2 ** (3 * height);
    this.#gain.gain.value = 0.05;
  }

  click() {
    const click = new OscillatorNode(this.#context, { type: "square", frequency: 1500 });
    click.connect(new GainNode(this.#context, { gain: 0.1 })).connect(this.#context.destination);
    click.start();
    click.stop(this.#context.currentTime + 0.01);
  }

  hush() {
    this.#gain.gain.value = 0;
  }
}

/** @param {Live} live */
export function play(live) {
  const { figure, scene, tools } = live;
  const isTime = (/** @type {Panel} */ { labels: [x] }) => /^time\b.*\(ms\)$/.test(x);
  const traces = scene.marks.filter(({ kind, x, panel }) =>
    kind === "line" && typeof x === "string" && isTime(scene.panels[panel]));
  if (!traces.length) return;
  const ticks = scene.marks.filter(({ kind, panel }) =>
    kind === "ticks" && isTime(scene.panels[panel]));
  const [main] = traces, [start, stop] = scene.panels[main.panel].x;
  const stage = stageOf(figure), svg = /** @type {SVGElement} */ (stage.querySelector("svg"));
  const lines = scene.panels.filter(isTime).map(({ scale: [ax, bx, ay, by], y: [low, high] }) => {
    const line = makeSvg("path", { class: "cursor", d: `M0 ${ay * low + by}V${ay * high + by}` });
    return { line, at: (/** @type {number} */ t) => ax * t + bx };
  });
  const dots = scene.marks.filter(({ kind, x }) => kind === "line" && typeof x === "string")
    .map((mark) => ({ mark, dot: makeSvg("circle", { class: "cursor", r: 3 }) }));
  const all = [...lines.map(({ line }) => line), ...dots.map(({ dot }) => dot)];
  /** @type {Sound | undefined} */
  let sound;
  let audible = false, running = 0, now = start;

  /** Show an instant: wherever a curve has a point for it. @param {number} t in ms */
  function showAt(t) {
    const { value } = /** @type {Drawn} */ (live.drawn), times = value(main.x);
    let k = 0;
    while (k < times.length - 1 && times[k + 1] <= t) k++;
    const spiked = ticks.some(({ x }) => [...value(x)].some((s) => s > now && s <= t));
    now = t;
    for (const { line, at } of lines) line.setAttribute("transform", `translate(${at(t)} 0)`);
    for (const { mark, dot } of dots) {
      const [ax, bx, ay, by] = scene.panels[mark.panel].scale;
      const x = value(mark.x), y = value(mark.y[0]);
      const along = x.length === times.length && y.length === times.length;
      dot.style.display = along ? "" : "none";
      if (!along) continue;
      dot.setAttribute("cx", ax * x[k] + bx);
      dot.setAttribute("cy", ay * y[k] + by);
    }
    scrub.value = t;
    scrub.setAttribute("aria-valuetext", `${t.toFixed(1)} ms`);
    if (!audible || !running) return;
    sound ??= new Sound();
    const y = value(main.y[0])[k], [low, high] = scene.panels[main.panel].y;
    sound.pitch(Math.min(Math.max((y - low) / (high - low), 0), 1));
    if (spiked) sound.click();
  }

  const scrub = make("input", {
    type: "range", min: start, max: stop, step: (stop - start) / 400, value: start,
    "aria-label": "instant, time t in ms",
    oninput: () => {
      halt();
      showAt(Number(scrub.value));
    },
  });
  const hear = make("button", {
    type: "button", "aria-pressed": "false",
    onclick: () => {
      audible = !audible;
      hear.setAttribute("aria-pressed", audible);
      if (!audible) sound?.hush();
    },
  }, "Sound");
  const row = make("div", { class: "time", hidden: true }, scrub, hear);
  figure.querySelector(".tools")?.before(row);

  function halt() {
    cancelAnimationFrame(running);
    running = 0;
    sound?.hush();
    button.textContent = "Play";
  }

  function run() {
    let last = performance.now();
    const frame = (/** @type {number} */ time) => {
      const t = now + Math.max(time - last, 0) / SLOWED;
      last = time;
      showAt(Math.min(t, stop));
      if (t >= stop) halt();
      else running = requestAnimationFrame(frame);
    };
    running = requestAnimationFrame(frame);
    button.textContent = "Pause";
  }

  const button = tools.button("Play", () => {
    live.begin();
    if (row.hidden) {
      row.hidden = false;
      svg.append(...all);
    }
    if (running) return halt();
    if (now >= stop) now = start;
    run();
  });
  live.follow(() => { if (!row.hidden) showAt(now); });
}
