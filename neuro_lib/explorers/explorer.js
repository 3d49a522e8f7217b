// Brings one explorer to life. Inlined into every explorer, so that each stands alone.
//
// `figure`: the <figure class="explorer">; its SVG has a data-gid group per moving mark.
// `scene`: {name, parameters, outputs, marks, readouts, run}, written by explorer.py; `run` is
// the portable Python function in JavaScript. Returns draw(params), which moves the picture.
function explore(figure, scene) {
  const groups = Object.fromEntries(
    scene.marks.map((mark) => [mark.gid, figure.querySelector(`[data-gid="${mark.gid}"]`)]));
  const readout = figure.querySelector(".readout");
  let settled;

  const round = (x) => Math.round(x * 10) / 10;

  function pathOf(mark, value) {
    const [ax, bx, ay, by] = mark.axes;
    const x = (v) => round(Math.max(-1e4, Math.min(1e4, ax * v + bx)));
    const y = (v) => round(Math.max(-1e4, Math.min(1e4, ay * v + by)));
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

  function draw(params) {
    const start = performance.now();
    const results = scene.run(
      ...scene.parameters.filter((p) => !p.sets).map((p) => params[p.name]));
    const result = Object.fromEntries(scene.outputs.map((name, i) => [name, results[i]]));
    const value = (source) =>
      typeof source === "string" ? result[source] ?? params[source] : source;
    for (const mark of scene.marks) move(mark, value);
    readout.textContent = scene.readouts.map((r) => say(r, value(r.name))).join("; ");
    // A screen reader speaks once the slider rests, not at every step on the way.
    readout.setAttribute("aria-busy", "true");
    clearTimeout(settled);
    settled = setTimeout(() => readout.removeAttribute("aria-busy"), 400);
    const milliseconds = performance.now() - start;
    figure.dispatchEvent(new CustomEvent("explorer:drawn",
      { bubbles: true, detail: { params: { ...params }, result, milliseconds } }));
  }

  return draw;
}

// Let `update` run once a frame, however often it is asked for.
function onceAFrame(update) {
  let waiting = false;
  return () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; update(); });
    waiting = true;
  };
}

function say(readout, value) {
  if (value < 0 && readout.none) return readout.none;
  const unit = readout.unit ? ` ${readout.unit}` : "";
  return `${readout.label} ${fixed(value, readout.digits)}${unit}`;
}

function fixed(value, digits) {
  const text = value.toFixed(digits);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace("-", "−");
}

// On a page: the form's own controls are the sliders.
function exploreForm(figure, scene) {
  const draw = explore(figure, scene);
  const form = figure.querySelector("form");

  const soon = onceAFrame(() => {
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
  form.addEventListener("input", ({ target }) => {
    const values = movedBy(scene, target.name, target.value);
    for (const name in values) form.elements[name].value = values[name];
    soon();
  });
  form.addEventListener("reset", () => setTimeout(soon));
  form.addEventListener("submit", (event) => event.preventDefault());
}

// Where sliders go when an option of a list of presets is picked; a slider moves no other.
function movedBy(scene, name, value) {
  const { sets } = scene.parameters.find((p) => p.name === name);
  return sets ? sets[value] : {};
}
