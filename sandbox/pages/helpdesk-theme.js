// Light, dark, or as the system has it.

import { keep, kept } from "./memory.js";

const themes = [
  { id: "", name: "do sistema" },
  { id: "light", name: "claro" },
  { id: "dark", name: "escuro" },
];

const system = matchMedia("(prefers-color-scheme: dark)");

/** useTheme puts on what was chosen last. */
export function useTheme() {
  const chosen = themes.find((one) => one.id === kept("theme", "")) ?? themes[0];
  if (chosen.id) document.documentElement.dataset.theme = chosen.id;
  else delete document.documentElement.dataset.theme;
  return chosen;
}

/** nextTheme chooses the next one and returns its name. */
export function nextTheme() {
  const at = themes.indexOf(useTheme());
  keep("theme", themes[(at + 1) % themes.length].id);
  const { name } = useTheme();
  document.dispatchEvent(new Event("theme"));
  return name;
}

/** scheme is what the page looks like: light or dark. */
export function scheme() {
  return document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light");
}

/** onScheme tells act the scheme whenever it has changed, and returns what ends that. */
export function onScheme(act) {
  let last = scheme();
  const look = () => {
    if (scheme() === last) return;
    last = scheme();
    act(last);
  };
  document.addEventListener("theme", look);
  system.addEventListener("change", look);
  return () => {
    document.removeEventListener("theme", look);
    system.removeEventListener("change", look);
  };
}
