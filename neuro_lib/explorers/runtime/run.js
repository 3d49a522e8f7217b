// Makes a scene's function of the Python that it carries, with the compiler of `neuro_lib.portable`
// that stands in front.

/** @import { Scene } from "./scene.js" */

const BUDGET = 300; // milliseconds that a run may take, so that the page goes on answering

/** Why an explorer's sliders cannot move its picture. */
export class AtRest extends Error {}

/**
 * Make a scene's function of its Python source. Throws what to say where it cannot.
 * @param {Pick<Scene, "source" | "outputs">} scene
 * @returns {Promise<(...values: any[]) => Record<string, any>>} from the sliders' values to the
 *   outputs by name
 */
export async function compileScene({ source, outputs }) {
  let javascript, /** @type {string[]} */ fields;
  try {
    ({ javascript, fields } = compilePortable(source));
  } catch (error) {
    throw error instanceof PortableError ? new AtRest(told(error, source)) : error;
  }
  const code = await evaluate(javascript);
  if (!code) throw new AtRest("this page's policy forbids code that is made in it");
  const run = runnable(code, BUDGET), names = outputs ?? fields;
  return (...values) => {
    const outcome = run(...values);
    return Object.fromEntries(names.map((name, k) => [name, outcome[k]]));
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
