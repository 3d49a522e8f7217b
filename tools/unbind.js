// Gives each chapter of the bound page as XHTML for an e-reader: mathematics as MathML, colours as
// such, links from file to file; and the table of contents.
() => {
  const write = new XMLSerializer();
  const home = (id) => document.getElementById(id)?.closest("article.chapter")?.id;
  const colours = (text) => text.replace(/var\(--nl-\w+, ?(#\w+)\)/g, "$1");
  const given = (node) => {
    const copy = node.cloneNode(true);
    for (const style of copy.querySelectorAll("style, mjx-container > svg")) style.remove();
    for (const box of copy.querySelectorAll("mjx-container")) {
      const math = box.querySelector("math");
      if (box.hasAttribute("display")) math.setAttribute("display", "block");
      box.replaceWith(math);
    }
    for (const link of copy.querySelectorAll("a[href^='#']")) {
      const id = link.getAttribute("href").slice(1), file = home(id);
      if (file) link.setAttribute("href", `${file}.xhtml${file === id ? "" : `#${id}`}`);
      else link.replaceWith(...link.childNodes);
    }
    for (const picture of copy.querySelectorAll("svg")) picture.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    return colours(write.serializeToString(copy));
  };
  return {
    chapters: [...document.querySelectorAll("article.chapter")].map((node) => [node.id, given(node)]),
    contents: given(document.querySelector("nav > ol")),
  };
}
