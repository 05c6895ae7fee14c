import { describe, expect, it } from "vitest";
import { type Press, meaning, placeOf, pressOf } from "./keys";

const press = (key: string, more: Partial<Press> = {}): Press => ({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, altGraph: false, ...more });

describe("meaning", () => {
  it.each([
    ["j", "down"],
    ["K", "up"],
    ["r", "reply"],
    ["n", "note"],
    ["/", "search"],
    ["?", "help"],
  ] as const)("%s on the page", (key, command) => expect(meaning(press(key), "page", true)).toEqual({ command }));

  it("gives other letters and digits to the actions", () => {
    expect(meaning(press("t"), "page", true)).toEqual({ letter: "T" });
    expect(meaning(press("2"), "list", true)).toEqual({ letter: "2" });
    expect(meaning(press("ç"), "page", true)).toBeUndefined();
    expect(meaning(press("´"), "page", true)).toBeUndefined();
    expect(meaning(press("Dead"), "page", true)).toBeUndefined();
    expect(meaning(press("Tab"), "page", true)).toBeUndefined();
  });

  it("leaves letters to who types, to menus and to who switched them off", () => {
    for (const place of ["text", "menu"] as const) expect(meaning(press("j"), place, true)).toBeUndefined();
    expect(meaning(press("j"), "page", false)).toBeUndefined();
    expect(meaning(press("ArrowDown"), "list", false)).toEqual({ command: "down" });
  });

  it("takes the arrows and Enter in the list alone", () => {
    expect(meaning(press("ArrowUp"), "list", true)).toEqual({ command: "up" });
    expect(meaning(press("Enter"), "list", true)).toEqual({ command: "open" });
    expect(meaning(press("ArrowUp"), "page", true)).toBeUndefined();
    expect(meaning(press("Enter"), "page", true)).toBeUndefined();
  });

  it("takes combinations anywhere", () => {
    for (const place of ["text", "menu", "list", "page"] as const) {
      expect(meaning(press("k", { ctrlKey: true }), place, false)).toEqual({ command: "palette" });
      expect(meaning(press("K", { metaKey: true }), place, false)).toEqual({ command: "palette" });
      expect(meaning(press("ArrowDown", { altKey: true }), place, false)).toEqual({ command: "nextConversation" });
      expect(meaning(press("ArrowUp", { altKey: true }), place, false)).toEqual({ command: "previousConversation" });
    }
  });

  it("leaves AltGr, Ctrl+Alt, other combinations and compositions alone", () => {
    expect(meaning(press("/", { altGraph: true }), "page", true)).toBeUndefined(); // AltGr+Q on ABNT2
    expect(meaning(press("?", { altGraph: true, ctrlKey: true, altKey: true }), "page", true)).toBeUndefined();
    expect(meaning(press("k", { ctrlKey: true, altKey: true }), "page", true)).toBeUndefined();
    expect(meaning(press("r", { ctrlKey: true }), "page", true)).toBeUndefined();
    expect(meaning(press("n", { altKey: true }), "page", true)).toBeUndefined();
    expect(meaning(press("j", { isComposing: true }), "page", true)).toBeUndefined();
  });
});

describe("placeOf", () => {
  const at = (html: string) => {
    document.body.innerHTML = html;
    return placeOf(document.querySelector("#x"));
  };
  it.each([
    ['<input id="x">', "text"],
    ['<input id="x" type="checkbox">', "page"],
    ['<textarea id="x"></textarea>', "text"],
    ['<div contenteditable="true"><p id="x"></p></div>', "text"],
    ['<select id="x"></select>', "menu"],
    ['<div role="dialog"><button id="x"></button></div>', "menu"],
    ['<div role="listbox" id="x"></div>', "list"],
    ['<button id="x"></button>', "page"],
  ])("%s", (html, place) => expect(at(html)).toBe(place));
  it("is the page where nothing has the focus", () => expect(placeOf(null)).toBe("page"));
});

it("reads events", () => {
  expect(pressOf(new KeyboardEvent("keydown", { key: "k", ctrlKey: true }))).toEqual(press("k", { ctrlKey: true }));
});
