// Loaded on every page. Nothing in the book needs it: it helps the keyboard and the printer.

// Long equations scroll sideways. Those that do, and only those, take the keyboard's focus.
const markScrolling = () => {
  for (const box of document.querySelectorAll("mjx-container[display]")) {
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
addEventListener("load", () => {
  window.MathJax?.startup?.promise.then(markScrolling);
  addEventListener("resize", markScrolling);
});
document.addEventListener("toggle", markScrolling, true); // a solution was opened

// Paper cannot be clicked: what is folded is printed unfolded, then folded again.
let unfolded = [];
addEventListener("beforeprint", () => {
  unfolded = [...document.querySelectorAll("details:not([open])")];
  for (const fold of unfolded) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of unfolded) fold.open = false;
});
