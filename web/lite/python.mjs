// Run a script in the Python that readers will have: Pyodide, in Node. Usage:
// node python.mjs PYODIDE TREE SCRIPT [PACKAGE ...], where the script finds the tree at /tree.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [pyodide, tree, script, ...packages] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: pyodide });
await python.loadPackage(packages, { messageCallback: () => {} });
python.FS.mkdir("/tree");
python.mountNodeFS("/tree", tree);
try {
  await python.runPythonAsync(await readFile(script, "utf8"));
} catch (error) {
  console.error(error.message); // Node itself would show Pyodide's source, which is one long line
  process.exit(1);
}
