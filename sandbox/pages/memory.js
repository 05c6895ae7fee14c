// Small settings that a browser remembers.

const prefix = "ponte-sandbox.";

/** keep and kept remember small settings of this browser; without storage they forget. */
export function keep(key, value) {
  try {
    localStorage.setItem(prefix + key, JSON.stringify(value));
  } catch {
    // Storage can be forbidden or full; the page works without it.
  }
}

/** kept returns what was kept, or otherwise. */
export function kept(key, otherwise) {
  try {
    return JSON.parse(localStorage.getItem(prefix + key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** forget removes every setting whose key begins with start. */
export function forget(start) {
  try {
    for (const key of Object.keys(localStorage)) if (key.startsWith(prefix + start)) localStorage.removeItem(key);
  } catch {
    // Without storage there is nothing to remove.
  }
}
