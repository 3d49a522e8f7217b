// A link of the scheme `live:` belongs to a figure of the book's page: here it is the text between
// its brackets. JupyterLab loads this as an extension that was built before ("federated").
(() => {
  const STYLE = `
    a[data-live] { color: inherit !important; text-decoration: none !important; cursor: inherit; }
    a[data-live] .link-icon { display: none !important; }`;

  const asText = () => {
    for (const link of document.querySelectorAll("a[href^='live:']")) {
      link.dataset.live = link.getAttribute("href");
      link.removeAttribute("href"); // so that neither mouse nor keyboard finds a link
    }
  };

  const plugin = {
    id: "living-text:plugin",
    autoStart: true,
    activate: () => {
      document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
      const seen = { childList: true, subtree: true, attributeFilter: ["href"] };
      new MutationObserver(asText).observe(document.body, seen);
    },
  };

  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["living-text"] = {
    init: () => {},
    get: async () => () => ({ __esModule: true, default: [plugin] }),
  };
})();
