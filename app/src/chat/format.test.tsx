import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { Themed } from "../theme";
import { Markup, type Piece, parse } from "./format";

/** Pieces as marks that can be read: [b …], [i …], [s …], [c …], [a address]. */
function told(pieces: Piece[]): string {
  return pieces
    .map((one) => {
      switch (one.kind) {
        case "text":
          return one.text;
        case "code":
          return `[c ${one.text}]`;
        case "link":
          return `[a ${one.href}]`;
      }
      return `[${one.kind[0]} ${told(one.pieces)}]`;
    })
    .join("");
}

function shape(text: string): string {
  return parse(text)
    .map((one) => (one.kind === "pre" ? `<${one.text}>` : one.kind === "quote" ? `> ${told(one.pieces)}` : one.kind === "item" ? `${one.mark} ${told(one.pieces)}` : told(one.pieces)))
    .join("|");
}

describe("parse", () => {
  it.each([
    ["plain words", "plain words"],
    ["*negrito* e _itálico_ e ~riscado~", "[b negrito] e [i itálico] e [s riscado]"],
    ["*_os dois_*", "[b [i os dois]]"],
    ["(*assim*), *ou*.", "([b assim]), [b ou]."],
    ["`código *assim*`", "[c código *assim*]"],
    ["2*3*4 e snake_case_aqui", "2*3*4 e snake_case_aqui"],
    ["é * não* ** __ ~~ fim", "é * não* ** __ ~~ fim"],
    ["*aberto", "*aberto"],
    ["*a\nb*", "*a|b*"],
    ["ação*é*", "ação*é*"],
    ["veja https://exemplo.com.br/a_b_c?x=1*2.", "veja [a https://exemplo.com.br/a_b_c?x=1*2]."],
    ["(https://exemplo.com/x) e https://pt.wikipedia.org/wiki/A_(b)", "([a https://exemplo.com/x]) e [a https://pt.wikipedia.org/wiki/A_(b)]"],
    ["www.exemplo.com, ok", "[a https://www.exemplo.com/], ok"],
    ["*https://exemplo.com*", "[b [a https://exemplo.com/]]"],
    ["javascript:alert(1) http://localhost https://", "javascript:alert(1) http://localhost https://"],
    ["xhttps://exemplo.com", "xhttps://exemplo.com"],
    ["> citado *bem*\n>sem espaço", "> citado [b bem]|>sem espaço"],
    ["- um\n* dois\n3. três", "• um|• dois|3. três"],
    ["antes\n```\nvar *x*;\n```\ndepois", "antes|<var *x*;>|depois"],
    ["```só```", "<só>"],
    ["a ```b``` c", "a |<b>| c"],
    ["```aberto", "```aberto"],
    ["", ""],
    ["a\n\nb", "a||b"],
  ])("reads %j", (text, want) => expect(shape(text)).toBe(want));

  it("does not take long over hostile texts", () => {
    const begun = performance.now();
    for (const text of ["*".repeat(4096), "*a".repeat(2048), "_*~`".repeat(1024), "```".repeat(1365), "https://".repeat(512), "www.".repeat(1024), "> ".repeat(2048)]) parse(text);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe("Markup", () => {
  const show = (text: string) =>
    render(
      <Themed scheme="light">
        <Markup text={text} />
      </Themed>,
    ).container;

  it("shows elements and never HTML", () => {
    const box = show('<img src=x onerror="alert(1)"> *<b>oi</b>*');
    expect(box.querySelector("img")).toBeNull();
    expect(box.querySelector("strong")?.textContent).toBe("<b>oi</b>");
  });

  it("lets links lead out alone", () => {
    const link = show("https://exemplo.com").querySelector("a");
    expect(link).toHaveAttribute("target", "_blank");
    expect(link?.getAttribute("rel")).toContain("noopener");
  });
});
