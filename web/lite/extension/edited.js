// Whether a notebook is still the book's. What counts is what is written in it, not what was run.

// The notebook as the book has it, asked for anew; null if it is none of the book's, or cannot be had.
export const asShipped = async (path) => {
  const address = new URL(`../../files/${path}`, import.meta.url);
  const answer = await fetch(address, { cache: "no-cache" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
};

export const sources = (notebook) =>
  JSON.stringify(notebook.cells.map((cell) => [cell.cell_type, [cell.source].flat().join("")]));

export const digest = async (text) => {
  if (!crypto.subtle) return text; // without HTTPS
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const key = (path) => `integrate-and-fire: begun from ${path}`;

// The digest of what the book had when the reader began: an older book, maybe; null at first.
export const begunFrom = (path) => localStorage.getItem(key(path));
export const beginFrom = (path, digest) => localStorage.setItem(key(path), digest);
