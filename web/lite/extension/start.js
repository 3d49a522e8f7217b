// The first script of a notebook's page: it starts Python, which takes seconds, while JupyterLab is
// still on its way, and hands it over when JupyterLab asks for it.
(() => {
  const { Worker } = window;
  const here = document.currentScript.src;
  const serviceWorkers = navigator.serviceWorker;
  const OURS = new URL("../../service-worker.js", here).href; // the book has another one
  let python;
  const begin = () => new Worker(new URL("python.js", here));
  const start = () => (python ??= begin());

  // On a first visit the service worker is waited for: it keeps what Python fetches, and tells how
  // far that is. It may be there before this page, and has to be told of it.
  const served = async () => {
    await serviceWorkers.register(OURS);
    const { active } = await serviceWorkers.ready;
    active.postMessage("claim");
  };
  serviceWorkers?.addEventListener("controllerchange", start, { once: true });
  served().catch(start); // where there are none, too
  if (serviceWorkers?.controller?.scriptURL === OURS) start();

  // The browser may end the service worker while it answers. What could not be had is asked for once
  // more before whoever waits for it hears of that: JupyterLab would go on without it.
  const { fetch } = window;
  window.fetch = (...request) => fetch(...request).catch(() => fetch(...request));
  const asked = new Set();
  const again = (event) => {
    const { src, onload, onerror } = event.target;
    if (!(event.target instanceof HTMLScriptElement) || asked.has(src)) return;
    asked.add(src);
    event.stopImmediatePropagation();
    event.target.replaceWith(Object.assign(document.createElement("script"), { src, onload, onerror }));
  };
  window.addEventListener("error", again, true);

  // On a host that isolates its pages JupyterLite would speak with Python in another way, which fails.
  Object.defineProperty(window, "crossOriginIsolated", { value: false });

  // Each of a notebook's editors asks when the fonts are there. The browser lays out the whole page
  // before it answers: once is enough.
  Object.defineProperty(document.fonts, "ready", { value: document.fonts.ready });

  let given = false;
  window.Worker = class extends Worker {
    constructor(address, options) {
      if (String(address).includes("pyodide-kernel")) {
        const worker = given ? begin() : start(); // a kernel that is started anew has its own
        given = true;
        worker.postMessage(String(address));
        return worker;
      }
      super(address, options);
    }
  };
})();
