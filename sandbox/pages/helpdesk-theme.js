// Light, dark, or as the system has it.

import { keep, kept } from "./memory.js";

const themes = [
  { id: "", name: "do sistema" },
  { id: "light", name: "claro" },
  { id: "dark", name: "escuro" },
];

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
  return useTheme().name;
}
