// What there is until the notebook is: words, and soon the figures of the chapter. When the notebook
// is drawn they move into it as they stand, with all that the reader has done to them.
import { preview } from "./preview.js";

const FIGURE = "figure.explorer";
const FIELD = "select, input:not([type=range])";
// The list of notebooks has none: there this one stays out of the page.
const opening = document.getElementById("opening") ?? document.createElement("main");
const addressed = location.hash; // the notebook shows what it asks for
const figures = () => [...opening.querySelectorAll(FIGURE)];

const rest = window.requestIdleCallback ?? setTimeout;
let held = false; // something of the figures is
let writing = false; // the reader is, in a field of theirs
let due = false; // Python waits for the notebook
let tell;

// Fulfilled when the notebook is in the reader's hands.
const gone = new Promise((done) => (tell = done));

const leave = () => {
  changes.disconnect();
  opening.remove();
  for (const part of document.body.children) part.inert = false;
  tell();
};

// The same figure in the notebook.
const twinOf = (figure) => {
  const same = `${FIGURE}[data-scene="${figure.dataset.scene}"]`;
  const number = [...opening.querySelectorAll(same)].indexOf(figure);
  return document.querySelectorAll(`.jp-Notebook ${same}`)[number];
};

// The notebook is drawn, and is the one that stays: at first JupyterLab may have to load it anew.
const isDrawn = () =>
  document.querySelector(".course-bar:not([data-state=opening])") && (due || figures().every(twinOf));

// Where the reader is: at the figure with the focus, else at the first in sight of a page that was moved.
const readersFigure = () => {
  const focused = document.activeElement.closest(`#opening ${FIGURE}`);
  if (focused || !opening.scrollTop) return focused;
  return figures().find((figure) => figure.getBoundingClientRect().bottom > 0);
};

// What is drawn above a figure would move it on, until the reader does something.
const keepAt = (figure, place) => {
  const scrolled = figure.closest(".jp-WindowedPanel-outer");
  const put = () => (scrolled.scrollTop += figure.getBoundingClientRect().top - place);
  const sizes = new ResizeObserver(put);
  for (const cell of scrolled.querySelectorAll(".jp-Cell")) sizes.observe(cell);
  for (const sign of ["wheel", "pointerdown", "keydown"])
    scrolled.addEventListener(sign, () => sizes.disconnect(), { once: true });
  put();
};

const moveIn = () => {
  const figure = readersFigure();
  const place = figure?.getBoundingClientRect().top;
  const focused = figure?.contains(document.activeElement) && document.activeElement;
  for (const [twin, own] of figures().map((own) => [twinOf(own), own])) twin?.replaceWith(own);
  leave();
  // Where nobody is, the keyboard begins at the cell that JupyterLab has chosen.
  const next = focused || document.querySelector(".jp-Notebook .jp-Cell.jp-mod-active");
  next?.focus({ preventScroll: true });
  if (figure?.closest(".jp-Notebook") && !addressed) keepAt(figure, place);
};

// Nothing is taken out of a hand.
const inHand = () => held || writing || opening.contains(document.fullscreenElement);

// What is behind the figures is not for the keyboard, and takes no focus away from them.
const holdBack = () => {
  const parts = [...document.body.children];
  if (!figures().length) return;
  if (parts.some((part) => part.matches(".jp-Dialog"))) return; // it wants an answer
  for (const part of parts) part.inert = part !== opening;
};

const look = () => {
  if (!opening.isConnected) return;
  if (document.querySelector(".jp-Dialog, .jp-DirListing")) leave(); // there will be no notebook
  else if (isDrawn() && !inHand()) moveIn();
  else holdBack();
};

const listen = (target, types, note) => {
  for (const type of types)
    target.addEventListener(type, (event) => {
      note?.(event);
      setTimeout(look); // when all who listen to it have done their part
    });
};
listen(opening, ["pointerdown"], () => (held = true));
listen(window, ["pointerup", "pointercancel", "blur"], () => (held = false));
listen(opening, ["focusin"], ({ target }) => (writing = target.matches(FIELD)));
listen(opening, ["focusout", "change"], () => (writing = false));
listen(document, ["fullscreenchange"]);
// JupyterLab changes the page a thousand times: one look at many changes is enough.
let looking;
const changes = new MutationObserver(() => {
  holdBack();
  looking ??= setTimeout(() => {
    looking = undefined;
    look();
  }, 30);
});
if (opening.isConnected)
  changes.observe(document, { childList: true, subtree: true, attributeFilter: ["data-state"] });

// Have the figures move in as soon as nobody holds one. Which of them the notebook has not drawn when
// the page comes to rest, it does not have.
export const giveWay = () => {
  if (!opening.isConnected) return Promise.resolve();
  rest(() => {
    due = true;
    look();
  });
  return gone;
};

const show = async () => {
  const parts = await preview(new URLSearchParams(location.search).get("path") ?? "");
  if (!parts || !opening.isConnected) return false;
  opening.querySelector(".words").replaceWith(opening.querySelector("template").content);
  const article = opening.appendChild(document.createElement("article"));
  for (const part of parts) {
    article.append(part);
    if (!article.querySelector(FIGURE)) continue;
    await new Promise(rest); // the first is there at once, the others do not hold JupyterLab up
    if (!opening.isConnected) break;
  }
  return true;
};
// Whether there are figures. Where they cannot be had, there are words.
export const shown = show().catch(() => false);
