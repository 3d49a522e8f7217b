// Puts pages of the built book together in one, for paper and for e-readers. Run in a page of the
// book, whose style and mathematics then hold for all; given the names of the pages, in order.
async (names) => {
  const NOT_ON_PAPER =
    ".headerlink, .run-here, .equation-code, .copybtn, .onlyprint, script, form, .still span, noscript, path:not([d])";
  const slug = (name) => name.replaceAll("/", "-");
  const root = new URL("../", location.href);
  const at = Object.fromEntries(names.map((name) => [new URL(`${name}.html`, root).pathname, slug(name)]));

  // Where a link leads in the bound book; nowhere, if to a page that is not in it.
  const target = (link, page) => {
    const url = new URL(link, page);
    if (url.origin !== root.origin) return url.href;
    const chapter = at[url.pathname];
    return chapter && `#${chapter}${url.hash ? `--${url.hash.slice(1)}` : ""}`;
  };

  const chapter = async (name) => {
    const page = new URL(`${name}.html`, root);
    const text = await (await fetch(page)).text();
    const article = new DOMParser().parseFromString(text, "text/html").querySelector("article.bd-article");
    for (const node of article.querySelectorAll(NOT_ON_PAPER)) node.remove();
    for (const fold of article.querySelectorAll("details")) {
      const block = document.createElement("div"); // opened, for good
      block.className = fold.className;
      block.id = fold.id;
      block.append(...fold.childNodes);
      for (const head of block.querySelectorAll(":scope > summary")) {
        const line = document.createElement("div"); // a summary may hold paragraphs
        line.className = "fold-title";
        line.append(...head.childNodes);
        head.replaceWith(line);
      }
      fold.replaceWith(block);
    }
    for (const node of article.querySelectorAll("*")) {
      for (const attribute of [...node.attributes]) {
        const { name: key, value } = attribute;
        if (key === "id") node.id = value ? `${slug(name)}--${value}` : "";
        else if (key === "src") attribute.value = new URL(value, page).href;
        else if (key === "href" || key === "xlink:href") {
          const there = target(value, page);
          if (there) attribute.value = there;
          else node.replaceWith(...node.childNodes);
        } else if (/^(for|aria-(labelledby|describedby|controls))$/.test(key)) node.removeAttribute(key);
        else if (value.includes("url(#")) attribute.value = value.replaceAll("url(#", `url(#${slug(name)}--`);
      }
      if (node.id === "") node.removeAttribute("id");
    }
    const section = document.createElement("article");
    section.id = slug(name);
    section.className = "bd-article chapter";
    section.append(...article.childNodes);
    return section;
  };

  const words = (heading) => heading.textContent.trim();
  const link = (heading, address) => {
    const item = document.createElement("li"), to = document.createElement("a");
    to.href = `#${address}`;
    to.textContent = words(heading);
    item.append(to);
    return item;
  };

  const chapters = await Promise.all(names.map(chapter));
  const contents = document.createElement("ol");
  for (const section of chapters) {
    const item = link(section.querySelector("h1"), section.id), parts = document.createElement("ol");
    for (const heading of section.querySelectorAll("h2")) {
      const { id } = heading.closest("[id]");
      parts.append(link(heading, id));
    }
    if (parts.childElementCount) item.append(parts);
    contents.append(item);
  }
  const title = document.createElement("header");
  title.innerHTML = `<h1 class="book-title"></h1><p class="book-about"></p>`;
  title.firstChild.textContent = "Integrate and Fire";
  title.lastChild.textContent = "The course, as it can be printed. On its web pages each figure is live.";
  const nav = document.createElement("nav");
  nav.innerHTML = "<h2>Contents</h2>";
  nav.append(contents);
  const style = document.createElement("style");
  style.textContent = `
    .chapter { break-before: page; }
    body > header { padding-top: 30vh; break-after: page; text-align: center; }
    .book-title { font-size: 32pt; }
    nav ol ol { font-size: 90%; }
    nav li { list-style: none; }
    .fold-title { font-weight: 600; }`;
  document.body.className = "";
  document.documentElement.dataset.theme = "light";
  document.body.replaceChildren(style, title, nav, ...chapters);
  await MathJax.startup.promise;
  MathJax.typesetClear();
  await MathJax.typesetPromise();
  return chapters.map((section) => [section.id, words(section.querySelector("h1"))]);
}
