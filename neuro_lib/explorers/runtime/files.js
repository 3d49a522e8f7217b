// What a reader takes along: the picture as it stands, the explorer as one file.

import { make, makeSvg } from "./dom.js";

/**
 * @param {string} name @param {Blob} blob
 */
function save(name, blob) {
  const href = URL.createObjectURL(blob);
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1e4);
}

/** @param {string} name @param {string} text @param {string} type */
export const saveText = (name, text, type) =>
  save(name, new Blob([text], { type: `${type};charset=utf-8` }));

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // where the page is not trusted with it
    const area = make("textarea", { readonly: true, style: "position:fixed;opacity:0" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}

/**
 * The colour on which an element stands.
 * @param {Element | null} element
 */
function paper(element) {
  for (; element; element = element.parentElement) {
    const color = getComputedStyle(element).backgroundColor;
    if (color && !/^rgba\(.*, 0\)$|^transparent$/.test(color)) return color;
  }
  return "#fff";
}

/**
 * The picture as it stands, in its colours, as a file of its own.
 * @param {HTMLElement} figure
 * @returns {{text: string, width: number, height: number}}
 */
export function svgOf(figure) {
  const svg = /** @type {SVGSVGElement} */ (figure.querySelector("svg"));
  const style = getComputedStyle(figure);
  const copied = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  for (const handle of copied.querySelectorAll(".handle")) handle.remove();
  const { width, height } = svg.viewBox.baseVal;
  copied.setAttribute("width", String(width));
  copied.setAttribute("height", String(height));
  copied.setAttribute("font-family", "sans-serif");
  copied.removeAttribute("aria-describedby");
  copied.prepend(makeSvg("rect", { width, height, fill: paper(figure) }));
  const text = new XMLSerializer().serializeToString(copied).replace(
    /var\((--nl-\w+)(?:,([^)]*))?\)/g,
    (_, name, otherwise) => style.getPropertyValue(name).trim() || otherwise);
  return { text, width, height };
}

/** @param {HTMLElement} figure @param {string} name */
export function saveSvg(figure, name) {
  saveText(`${name}.svg`, svgOf(figure).text, "image/svg+xml");
}

/** @param {HTMLElement} figure @param {string} name */
export async function savePng(figure, name) {
  const { text, width, height } = svgOf(figure), scale = 3;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = make("canvas", { width: width * scale, height: height * scale });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  await new Promise((done) => canvas.toBlob((/** @type {Blob} */ blob) => {
    save(`${name}.png`, blob);
    done(undefined);
  }));
}

/** Ends a script that is written into a page; in one word it would end this one. */
export const END = "<" + "/script>";

/**
 * A page with nothing but an explorer, in one file that needs no network.
 * @param {string} name @param {string} html of the explorer, with its script
 * @param {string} fragment of the address where it starts
 */
export function savePage(name, html, fragment) {
  const ours = /^(globalThis\.neuroLib\?\?=|\(\(\{show,|\.nl\{.*\.explorer[>{])/s;
  const shared = [...document.querySelectorAll("style,script")].filter((element) =>
    element.matches("[data-explorers]") || ours.test(element.textContent ?? ""));
  const once = new Set(shared.map(({ outerHTML }) => outerHTML));
  const parts = ['<!doctype html><html lang="en"><meta charset="utf-8">',
    `<meta name="viewport" content="width=device-width"><title>${name}</title>`,
    "<style>:root{color-scheme:light dark;font-family:sans-serif}</style>",
    ...once,
    `<script>location.hash||=${JSON.stringify(fragment)}${END}`, html];
  saveText(`${name}.html`, parts.join(""), "text/html");
}
