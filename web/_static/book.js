// Loaded on every page. Nothing in the book needs it: it helps keyboard, phone, printer, and
// whoever is without a network.

// An equation wider than its page is set smaller, down to what is still read well. One that is
// wider even then scrolls sideways; those that do, and only those, take the keyboard's focus.
const SMALLEST = 0.7;
const fitEquations = () => {
  for (const box of document.querySelectorAll("mjx-container[display]")) {
    box.style.fontSize = "";
    const room = box.clientWidth / box.scrollWidth;
    if (room < 1) box.style.fontSize = `${100 * Math.max(SMALLEST, Math.floor(room * 100) / 100)}%`;
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
};
addEventListener("load", () => {
  window.MathJax?.startup?.promise.then(fitEquations);
  addEventListener("resize", fitEquations);
});
document.addEventListener("toggle", fitEquations, true); // a solution was opened

// Paper cannot be clicked: what is folded is printed unfolded, and where a link leads out of the
// book its address stands among the notes at the end. Both are taken back after.
const printed = [];
const note = (link, number) => {
  const mark = document.createElement("sup");
  mark.className = "print-note";
  mark.textContent = ` ${number}`;
  link.after(mark);
  printed.push(() => mark.remove());
};
const addNotes = () => {
  const article = document.querySelector("article.bd-article");
  const links = [...(article?.querySelectorAll("a[href^='http']") ?? [])];
  if (!links.length) return;
  const addresses = [...new Set(links.map((link) => link.href))];
  for (const link of links) note(link, addresses.indexOf(link.href) + 1);
  const notes = document.createElement("section");
  notes.className = "print-notes";
  const list = document.createElement("ol");
  for (const address of addresses) {
    const item = document.createElement("li");
    item.textContent = address;
    list.append(item);
  }
  const heading = document.createElement("h2");
  heading.textContent = "Links";
  notes.append(heading, list);
  article.append(notes);
  printed.push(() => notes.remove());
};
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    fold.open = true;
    printed.push(() => (fold.open = false));
  }
  addNotes();
});
addEventListener("afterprint", () => {
  for (const undo of printed.splice(0)) undo();
});

// A web server's book is kept on the device, and can be put among its programs.
if (location.protocol !== "file:") {
  const root = new URL(document.documentElement.dataset.content_root, location.href);
  const manifest = document.createElement("link");
  manifest.rel = "manifest";
  manifest.href = new URL("manifest.webmanifest", root);
  document.head.append(manifest);
  const { serviceWorker, connection } = navigator;
  addEventListener("load", () => {
    // Who saves data keeps nothing unasked.
    if (connection?.saveData) return;
    serviceWorker?.register(new URL("service-worker.js", root)).catch(() => {});
  });
}
