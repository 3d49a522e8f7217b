// What the course adds to a notebook in the browser: a bar that says how far Python is and that the
// work stays here, and buttons to run, download and start afresh. JupyterLab loads it as an
// extension that was built before ("federated"); so small a one needs no bundler.
(() => {
  const beside = (name) => import(new URL(name, document.currentScript.src));
  const parts = Promise.all(["saving.js", "status.js", "brought.js", "edited.js", "opening.js"].map(beside));
  const ROOT = new URL(
    `${document.getElementById("jupyter-config-data").dataset.jupyterLiteRoot}/`,
    location.href,
  );
  const NAME = "integrate-and-fire"; // of what the service worker keeps, and tells
  const progress = new BroadcastChannel(NAME);
  let modules; // JupyterLab's own, by name
  let actions, Saving, status, brought, edits, giveWay;

  // JupyterLab shares its modules by name and version; there is one version of each of these.
  const use = async (name) => (await Object.values(modules[name])[0].get())();

  const button = (text, title, action) => {
    const node = document.createElement("button");
    Object.assign(node, { type: "button", textContent: text, title });
    node.addEventListener("click", action);
    return node;
  };

  const download = (name, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  // JupyterLab gives the bar as much height as it says it needs at least.
  const STYLE = `
    .course-bar { box-sizing: border-box; min-height: 44px; display: flex; flex-wrap: wrap; gap: .25rem .5rem; align-items: center;
      padding: .35rem .75rem; font: 14px/1.4 system-ui, sans-serif;
      color: var(--jp-ui-font-color1); background: var(--jp-layout-color2); }
    .course-bar p { flex: 1 1 16rem; margin: 0; }
    .course-bar button { font: inherit; color: inherit; background: var(--jp-layout-color1);
      border: 1px solid var(--jp-ui-font-color2); border-radius: 4px; padding: .2rem .6rem;
      min-height: 28px; cursor: pointer; }
    .course-bar:is([data-state=elsewhere], [data-state=failed]) { border-inline-start: 6px solid var(--jp-warn-color1); }
    [data-mime-type="text/html"] figure.explorer::after { content: "As in the book, without Python, until the cell has run.";
      font: italic .85em/1.5 system-ui, sans-serif; color: var(--jp-ui-font-color2); }
    @media (width < 50rem) { .course-bar { min-height: 76px; } }
    .course-bar button:focus-visible { outline: 2px solid var(--jp-brand-color1); }`;

  // A figure of an earlier visit has no Python behind it: its picture stands there until it is run.
  const asPictures = ({ model }) => {
    const fromJSON = model.fromJSON.bind(model);
    model.fromJSON = (notebook) => {
      for (const { outputs } of notebook.cells)
        for (const { data } of outputs ?? [])
          if (data?.["text/html"]) delete data["application/vnd.jupyter.widget-view+json"];
      fromJSON(notebook);
    };
  };

  // Cells keep it to themselves that they can't be written in now: the file does not learn of it.
  const setReadOnly = (notebook, readOnly) => {
    for (const cell of notebook.widgets) {
      cell.syncEditable = !readOnly;
      if (readOnly) cell.readOnly = true;
    }
  };

  // Where the reader has left the sliders of the book's figures, each cell keeps for the figure that
  // Python puts in their place (widget.js).
  const keepStands = (notebook) => {
    for (const form of notebook.node.querySelectorAll(".jp-Cell .explorer form")) {
      const stands = [...form.querySelectorAll("[name]")].map(({ name, value }) => [name, Number(value)]);
      form.closest(".jp-Cell").dataset.stands = JSON.stringify(Object.fromEntries(stands));
    }
  };

  // What was loaded before the service worker was there is asked for again: it keeps it then.
  performance.setResourceTimingBufferSize(5000);
  const keepForLater = async () => {
    const worker = navigator.serviceWorker?.controller;
    if (!worker?.scriptURL.startsWith(ROOT.href)) return; // none, or the book's
    worker.postMessage("prepare");
    const [{ workerStart }] = performance.getEntriesByType("navigation");
    const kept = workerStart > 0 ? await (await caches.open(NAME)).keys() : []; // else of an older book
    const missing = new Set(performance.getEntriesByType("resource").map(({ name }) => name));
    missing.add(location.href.split("#")[0]);
    for (const { url } of kept) missing.delete(url);
    for (const address of missing) if (address.startsWith(ROOT.href)) fetch(address).catch(() => {});
  };

  class Bar {
    constructor(app, panel, context) {
      Object.assign(this, { app, panel, context });
      this.facts = { place: "opening", runs: 0, chapter: context.path.startsWith("chapters/") };
      this.node = document.createElement("section");
      this.node.className = "course-bar";
      this.node.setAttribute("aria-label", "This notebook");
      const style = document.createElement("style");
      style.textContent = STYLE;
      this.status = document.createElement("p");
      this.status.setAttribute("role", "status");
      this.here = [
        button("Run all", "Run all cells from top to bottom", () => this.run()),
        button("Start afresh", "Forget your changes", () => this.startAfresh()),
      ];
      this.elsewhere = button("Go on here", "Get what the other tab has saved, and write here", () =>
        this.saving.take(),
      );
      const save = button("Download", "Save this notebook, with your work, as a file", () => this.download());
      this.node.append(style, this.status, this.here[0], this.elsewhere, save, this.here[1]);
      this.tell();
      progress.addEventListener("message", ({ data }) => this.tell(data));
    }

    // Show what follows from the facts, and from these new ones.
    tell(news) {
      const { saving, facts } = this;
      Object.assign(facts, news, saving && { place: saving.place, failed: saving.failed });
      const [state, text] = status(facts);
      if (this.status.textContent !== text) this.status.textContent = text;
      Object.assign(this.node.dataset, { state, saved: saving?.saved ? "yes" : "no" });
      const elsewhere = state === "elsewhere";
      this.elsewhere.hidden = !elsewhere;
      for (const node of this.here) node.hidden = elsewhere;
      if (this.readOnly !== elsewhere) setReadOnly(this.panel.content, (this.readOnly = elsewhere));
    }

    async run() {
      const { content, sessionContext } = this.panel;
      this.tell({ runs: this.facts.runs + 1 });
      let ended = "stopped";
      try {
        const { NotebookActions } = await actions;
        await sessionContext.ready;
        // Text that is drawn already would only be drawn again.
        const cells = content.widgets.filter(({ model, rendered }) => model.type === "code" || !rendered);
        const { mode } = content;
        const done = NotebookActions.runCells(content, cells, sessionContext); // scrolls nowhere
        content.mode = mode; // who is writing goes on writing
        if (await done) ended = "run";
      } finally {
        this.tell({ ended, runs: this.facts.runs - 1 });
      }
    }

    async download() {
      await this.saving.save().catch(() => {}); // the file has the work in any case
      download(this.context.path.split("/").pop(), this.context.model.toString());
    }

    async startAfresh() {
      if (!confirm("Forget your changes to this notebook, and begin again as the book has it?")) return;
      this.tell({ started: false, total: 0 });
      await this.saving.alone(async () => {
        await this.asInTheBook();
        await this.compare();
      });
      await this.panel.sessionContext.restartKernel();
      this.tell({ started: true });
      if (this.facts.chapter) await this.run();
    }

    // What is kept in the browser hides the book's own: take it away and look again.
    async asInTheBook() {
      await this.app.serviceManager.contents.delete(this.context.path);
      await this.saving.load();
    }

    isEdited() {
      return this.book && this.book !== edits.sources(this.context.model.toJSON());
    }

    // Find out whether this is what the book has.
    async compare() {
      const { context } = this;
      const shipped = await edits.asShipped(context.path);
      const { sources, digest, begunFrom, beginFrom } = edits;
      let [edited, outdated] = [false, false];
      this.shipped = shipped;
      this.book = shipped && sources(shipped);
      if (shipped) {
        const begun = begunFrom(context.path);
        if (this.isEdited()) {
          edited = begun !== (await digest(sources(context.model.toJSON())));
          // An unedited copy of an older book makes room for the new one.
          if (!edited) await this.asInTheBook();
          else outdated = Boolean(begun) && begun !== (await digest(this.book));
        }
        if (!edited) beginFrom(context.path, await digest(this.book));
      }
      this.tell({ edited, outdated, ended: undefined });
    }

    async begin() {
      await this.compare();
      this.bring();
      this.runByItself();
    }

    // Put in the cell that the address asks for, and show it.
    bring() {
      const { content, context } = this.panel;
      const wanted = brought(location.hash, this.shipped);
      if (!wanted) return;
      history.replaceState(history.state, "", location.pathname + location.search); // once is enough
      const asIs = !this.isEdited();
      const behind = content.widgets.findIndex(({ model }) => model.id === wanted.behind);
      const place = behind < 0 ? content.widgets.length : behind + 1;
      const cell = { cell_type: "code", source: wanted.source, metadata: { trusted: true } };
      context.model.sharedModel.insertCell(place, cell);
      if (asIs) this.book = edits.sources(context.model.toJSON()); // it runs by itself with the others
      content.activeCellIndex = place;
      this.keepInSight(content.activeCell.node);
    }

    // What is drawn above a cell moves it on, until the reader does something.
    keepInSight(node) {
      const { content } = this.panel;
      const sizes = new ResizeObserver(() => node.scrollIntoView());
      for (const cell of content.widgets) sizes.observe(cell.node);
      for (const sign of ["wheel", "pointerdown", "keydown"])
        content.node.addEventListener(sign, () => sizes.disconnect(), { once: true });
    }

    async runByItself() {
      await this.python;
      await giveWay(); // nothing is drawn anew under the reader's hand
      // A student's own changes run when the student says so.
      if (this.isEdited()) this.tell({ edited: true });
      const { chapter, edited, runs } = this.facts;
      if (chapter && !edited && !runs) {
        keepStands(this.panel.content);
        await this.run();
      }
      keepForLater();
    }

    async open() {
      const { context, panel } = this;
      await context.ready;
      const shown = JSON.stringify(context.model.toJSON().cells.flatMap((cell) => cell.outputs ?? []));
      this.tell({ figures: shown.includes("neuroLib.show(") });
      this.python = panel.sessionContext.ready
        .then(() => panel.sessionContext.session?.kernel?.info)
        .then(() => this.tell({ started: true }));
      this.saving = new Saving(context, this.app.serviceManager.contents, {
        begin: () => this.begin(),
        tell: () => this.tell(),
      });
    }
  }

  // jupyterlab-myst draws the whole notebook anew for each cell of text. Here the cells that are to
  // be drawn at the same time wait for each other, and one draws for all. The notebook is loaded anew
  // when all is drawn: cells that are gone can't be.
  const drawTogether = ({ contentFactory }, context) => {
    const revert = context.revert.bind(context);
    context.revert = () => Promise.allSettled([drawing]).then(revert);
    const create = contentFactory.createMarkdownCell;
    let waiting = [];
    let drawing;
    const draw = async () => {
      const cells = waiting.filter((cell) => !cell.isDisposed);
      waiting = [];
      for (const cell of cells) await cell.updateFragmentMDAST();
      const shown = cells.filter((cell) => cell.isAttached);
      await shown.pop()?.drawAll();
      for (const { _mystWidget, inputArea } of shown) {
        await _mystWidget.renderPromise;
        inputArea.renderInput(_mystWidget);
      }
    };
    contentFactory.createMarkdownCell = (options) => {
      const cell = create.call(contentFactory, options);
      cell.drawAll = cell.render;
      cell.render = () => {
        if (waiting.push(cell) === 1) drawing = new Promise((later) => setTimeout(later)).then(draw);
        return drawing;
      };
      return cell;
    };
  };

  // JupyterLab gives each output to MathJax. It is fetched for those alone that have a formula.
  const FORMULA = `boolean(.//text()[contains(., "$") or contains(., "\\")]
    [not(parent::*[local-name() = "script" or local-name() = "style"])])`;
  const typesetFormulas = (typesetter) => {
    const typeset = typesetter.typeset.bind(typesetter);
    typesetter.typeset = (node) =>
      document.evaluate(FORMULA, node, null, XPathResult.BOOLEAN_TYPE).booleanValue && typeset(node);
  };

  const plugin = {
    id: "integrate-and-fire:bar",
    autoStart: true,
    activate: async (app) => {
      actions = use("@jupyterlab/notebook");
      [{ Saving }, { status }, { brought }, edits, { giveWay }] = await parts;
      const { Widget } = await use("@lumino/widgets");
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew(panel, context) {
          asPictures(context);
          drawTogether(panel.content, context);
          typesetFormulas(panel.content.rendermime.latexTypesetter);
          const bar = new Bar(app, panel, context);
          panel.contentHeader.addWidget(new Widget({ node: bar.node }));
          bar.open();
        },
      });
    },
  };

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["integrate-and-fire"] = {
    init: (scope) => (modules = scope),
    get: async () => () => ({ __esModule: true, default: [plugin] }),
  };
})();
