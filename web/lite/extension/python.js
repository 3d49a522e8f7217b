// The worker of Python. It begins by itself, and becomes JupyterLab's once it is told where that one
// is: what JupyterLab has sent it waits in line until then.
const { pyodideUrl, loadPyodideOptions } = {} /* SETTINGS */; // filled in by site.py
const ROOT = new URL("../../", location.href);
const PYODIDE = new URL(pyodideUrl, ROOT).href;
const load = self.importScripts.bind(self);

const begun = (async () => {
  load(PYODIDE);
  const urls = ["lockFileURL", "stdLibURL"].map((name) => [name, new URL(loadPyodideOptions[name], ROOT).href]);
  const options = { ...loadPyodideOptions, ...Object.fromEntries(urls) };
  const python = await self.loadPyodide({ indexURL: new URL(".", PYODIDE).href, ...options });
  python.runPython("import pyodide_kernel");
  return python;
})();
begun.catch(() => {}); // JupyterLab is told below

self.addEventListener(
  "message",
  ({ data }) => {
    load(data);
    self.importScripts = (address) => address === PYODIDE || load(address);
    self.loadPyodide = () => begun;
  },
  { once: true },
);
