// Which key does what. Letters go by what they write, not by where they lie, so that every layout works, ABNT2 too.

/** What the console itself does by key. */
export type Command = "down" | "up" | "open" | "search" | "reply" | "note" | "help" | "palette" | "nextConversation" | "previousConversation";

/** What a key leads to: a command of the console, or the letter of an action. */
export type Meaning = { command: Command } | { letter: string };

/** Of a keyboard event what counts. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  isComposing: boolean;
  /** AltGr is down, which writes characters and is Ctrl+Alt to some systems. */
  altGraph: boolean;
}

/** Where the focus is. */
export type Place = "text" | "menu" | "list" | "page";

const letters: Record<string, Command> = { j: "down", k: "up", r: "reply", n: "note", "/": "search", "?": "help" };

/** What a key means at a place; undefined: it is none of ours. singles tells whether single letters are switched on. */
export function meaning(press: Press, place: Place, singles: boolean): Meaning | undefined {
  if (press.isComposing || press.altGraph) return undefined;
  const { key } = press;
  const ctrl = press.ctrlKey || press.metaKey;
  if (ctrl && !press.altKey && key.toLowerCase() === "k") return { command: "palette" };
  if (press.altKey && !ctrl && key === "ArrowDown") return { command: "nextConversation" };
  if (press.altKey && !ctrl && key === "ArrowUp") return { command: "previousConversation" };
  if (ctrl || press.altKey || place === "text" || place === "menu") return undefined;
  if (place === "list") {
    if (key === "ArrowDown") return { command: "down" };
    if (key === "ArrowUp") return { command: "up" };
    if (key === "Enter") return { command: "open" };
  }
  if (!singles || key.length !== 1) return undefined;
  const command = letters[key.toLowerCase()];
  if (command) return { command };
  return /^[a-z0-9]$/i.test(key) ? { letter: key.toUpperCase() } : undefined;
}

const writing = new Set(["text", "search", "url", "tel", "email", "password", "number", "date", "time", "datetime-local", "month", "week"]);

/** Where an element is, as keys see it. */
export function placeOf(element: Element | null): Place {
  if (!element) return "page";
  if (element.closest('[role="menu"], [role="dialog"], dialog, select, audio, video')) return "menu";
  if (element instanceof HTMLInputElement) return writing.has(element.type) ? "text" : "page";
  if (element instanceof HTMLTextAreaElement || element.closest('[contenteditable="true"], [role="textbox"], [role="combobox"]')) return "text";
  return element.closest('[role="listbox"]') ? "list" : "page";
}

/** An event as meaning asks for it. */
export function pressOf(event: KeyboardEvent): Press {
  return { key: event.key, ctrlKey: event.ctrlKey, metaKey: event.metaKey, altKey: event.altKey, isComposing: event.isComposing, altGraph: event.getModifierState("AltGraph") };
}
