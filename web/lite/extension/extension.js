// What the course adds to a notebook in the browser: a bar that says how far Python is and that the
// work stays here, and buttons to run, download and start afresh. JupyterLab loads it as an
// extension that was built before ("federated"); so small a one needs no bundler.
(() => {
  const ROOT = new URL(
    `${document.getElementById("jupyter-config-data").dataset.jupyterLiteRoot}/`,
    location.href,
  );
  const progress = new BroadcastChannel("integrate-and-fire");
  let modules; // JupyterLab's own, by name
  let actions;

  // JupyterLab shares its modules by name and version; there is one version of each of these.
  const use = async (name) => (await Object.values(modules[name])[0].get())();

  const sources = (notebook) =>
    JSON.stringify(notebook.cells.map((cell) => [cell.cell_type, [cell.source].flat().join("")]));

  const digest = async (text) => {
    const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  // The notebook as the book has it; null if it is none of the book's, or cannot be had now.
  const asShipped = async (path) => {
    const address = new URL(`files/${path}`, ROOT);
    const answer = await fetch(address, { cache: "no-cache" }).catch(() => null);
    return answer?.ok ? answer.json() : null;
  };

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
    @media (width < 50rem) { .course-bar { min-height: 76px; } }
    .course-bar button:focus-visible { outline: 2px solid var(--jp-brand-color1); }`;

  // A figure of an earlier visit has no Python behind it: its picture stands there until it is run.
  const asPictures = ({ cells }) => {
    for (const { outputs } of cells)
      for (let i = 0; i < outputs?.length; i += 1) {
        const output = outputs.get(i).toJSON();
        const { "application/vnd.jupyter.widget-view+json": view, ...data } = output.data ?? {};
        if (view && data["text/html"]) outputs.set(i, { ...output, data });
      }
  };

  // What was loaded before the service worker was there is asked for again: it keeps it then.
  performance.setResourceTimingBufferSize(5000);
  const keepForLater = () => {
    const workers = navigator.serviceWorker;
    if (!workers?.controller) return;
    workers.controller.postMessage("prepare");
    const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
    for (const address of new Set([location.href, ...loaded]))
      if (address.startsWith(ROOT.href)) fetch(address).catch(() => {});
  };

  class Bar {
    constructor(app, panel, context) {
      Object.assign(this, { app, panel, context });
      this.node = document.createElement("section");
      this.node.className = "course-bar";
      this.node.setAttribute("aria-label", "This notebook");
      const style = document.createElement("style");
      style.textContent = STYLE;
      this.status = document.createElement("p");
      this.status.setAttribute("role", "status");
      this.node.append(
        style,
        this.status,
        button("Run all", "Run all cells from top to bottom", () => this.run()),
        button("Download", "Save this notebook, with your work, as a file", () => this.download()),
        button("Start afresh", "Forget your changes", () => this.startAfresh()),
      );
      this.say("Opening ...");
      progress.addEventListener("message", ({ data: { loaded, total } }) => {
        const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
        if (!this.started) this.say(`Fetching Python: ${megabytes(loaded)} of ${megabytes(total)} MB`);
      });
    }

    say(text) {
      this.status.textContent = text;
    }

    async run() {
      const { NotebookActions } = await actions;
      const { content, sessionContext } = this.panel;
      await sessionContext.ready;
      const before = this.status.textContent;
      this.say("Running ...");
      this.node.dataset.state = "running";
      // Text that is drawn already would only be drawn again.
      const cells = content.widgets.filter(({ model, rendered }) => model.type === "code" || !rendered);
      await NotebookActions.runCells(content, cells, sessionContext); // scrolls nowhere
      this.node.dataset.state = "run";
      this.say(before);
    }

    async download() {
      await this.context.save();
      download(this.context.path.split("/").pop(), this.context.model.toString());
    }

    async startAfresh() {
      if (!confirm("Forget your changes to this notebook, and begin again as the book has it?")) return;
      await this.asInTheBook();
      await this.panel.sessionContext.restartKernel();
      this.say("As the book has it.");
    }

    // What is kept in the browser hides the book's own: take it away and look again.
    async asInTheBook() {
      await this.app.serviceManager.contents.delete(this.context.path);
      await this.context.revert();
    }

    async open() {
      const { context } = this;
      await context.ready;
      asPictures(context.model);
      const shipped = await asShipped(context.path);
      const key = `integrate-and-fire: begun from ${context.path}`;
      let news = "";
      let edited = false;
      if (shipped) {
        const [now, here] = [sources(shipped), sources(context.model.toJSON())];
        const begun = localStorage.getItem(key);
        if (here !== now) {
          edited = begun !== (await digest(here));
          // An unedited copy of an older book makes room for the new one.
          if (!edited) await this.asInTheBook();
          else if (begun && begun !== (await digest(now)))
            news = " The book has a newer version: download yours, then start afresh to get it.";
        }
        if (!edited) localStorage.setItem(key, await digest(now));
      }
      this.say("Python is starting ...");
      await this.panel.sessionContext.ready;
      await this.panel.sessionContext.session?.kernel?.info;
      this.started = true;
      this.say(edited ? `Here are your changes.${news}` : "What you change is kept in this browser.");
      // A student's own changes run when the student says so.
      if (!edited && context.path.startsWith("chapters/")) await this.run();
      keepForLater();
    }
  }

  // jupyterlab-myst draws the whole notebook anew for each cell of text. Here the cells that are to
  // be drawn at the same time wait for each other, and one draws for all.
  const drawTogether = ({ contentFactory }) => {
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

  const plugin = {
    id: "integrate-and-fire:bar",
    autoStart: true,
    activate: async (app) => {
      actions = use("@jupyterlab/notebook");
      const { Widget } = await use("@lumino/widgets");
      app.docRegistry.addWidgetExtension("Notebook", {
        createNew(panel, context) {
          drawTogether(panel.content);
          const bar = new Bar(app, panel, context);
          panel.contentHeader.addWidget(new Widget({ node: bar.node }));
          bar.open();
          // JupyterLab itself saves at intervals, which grow with the time that saving takes.
          const save = () => context.model.dirty && context.save();
          let soon;
          context.ready.then(() =>
            context.model.contentChanged.connect(() => {
              clearTimeout(soon);
              soon = setTimeout(save, 2_000);
            }),
          );
          document.addEventListener("visibilitychange", () => document.hidden && save());
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
