// The worker of Python. It begins by itself, and becomes JupyterLab's once it is told where that one
// is: what JupyterLab has sent it waits in line until then.
const { pyodideUrl, packs, loadPyodideOptions } = {} /* SETTINGS */; // filled in by site.py
const ROOT = new URL("../../", location.href);
const at = (address) => new URL(address, ROOT).href;
const PYODIDE = at(pyodideUrl);
const load = self.importScripts.bind(self);

const fetchPack = async (address) => {
  const { body } = await fetch(at(address));
  return new Response(body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
};

// A pack: the size of a list, the list of names and sizes, the files. See bundle.py.
const unpack = (pack, FS, folder) => {
  const size = new DataView(pack).getUint32(0, true);
  const list = JSON.parse(new TextDecoder().decode(new Uint8Array(pack, 4, size)));
  const folders = new Set();
  let start = 4 + size;
  for (const [name, bytes] of list) {
    const path = `${folder}/${name}`;
    const parent = path.slice(0, path.lastIndexOf("/"));
    if (!folders.has(parent)) FS.mkdirTree(parent);
    folders.add(parent);
    FS.writeFile(path, new Uint8Array(pack, start, bytes), { canOwn: true });
    start += bytes;
  }
};

const begun = (async () => {
  const fetched = Promise.all(packs.map(fetchPack));
  fetched.catch(() => {}); // told below, when it is waited for
  load(PYODIDE);
  const urls = ["lockFileURL", "stdLibURL"].map((name) => [name, at(loadPyodideOptions[name])]);
  const options = { ...loadPyodideOptions, ...Object.fromEntries(urls), packages: [] };
  const python = await self.loadPyodide({ indexURL: new URL(".", PYODIDE).href, ...options });
  const folder = python.runPython("import site; site.getsitepackages()[0]");
  for (const pack of await fetched) unpack(pack, python.FS, folder);
  python.runPython("import importlib; importlib.invalidate_caches(); import pyodide_kernel");
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
