// What a reader's device keeps of a page, for no one else. A page may be denied it: then what was
// answered lasts as long as the page.

/** @param {string} key @returns {any} null if there is nothing */
export function recalled(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {any} value undefined forgets it */
export function remember(key, value) {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // denied
  }
}
