// WhatsApp's markup, read into a tree and shown as elements: never as HTML.
// What the marks are: https://faq.whatsapp.com/539178204879377

import { getColor } from "@zendeskgarden/react-theming";
import { Fragment, type ReactNode, memo } from "react";
import { styled } from "styled-components";

/** A piece of a line. */
export type Piece =
  | { kind: "text"; text: string }
  | { kind: "bold" | "italic" | "strike"; pieces: Piece[] }
  | { kind: "code"; text: string }
  | { kind: "link"; text: string; href: string };

/** A part of a text that has lines of its own. */
export type Block =
  | { kind: "line"; pieces: Piece[] }
  | { kind: "quote"; pieces: Piece[] }
  | { kind: "item"; mark: string; pieces: Piece[] }
  | { kind: "pre"; text: string };

const styles: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };
const word = /[\p{L}\p{N}]/u;
const space = /\s/;

/** Where the mark that begins at from is closed in a line; -1 when it is not one. */
function closing(line: string, from: number): number {
  const mark = line[from] as string;
  const before = line[from - 1];
  const first = line[from + 1];
  if ((before && (word.test(before) || before === mark)) || !first || space.test(first) || first === mark) return -1;
  for (let i = line.indexOf(mark, from + 2); i > 0; i = line.indexOf(mark, i + 1)) {
    const last = line[i - 1] as string;
    const next = line[i + 1];
    if (!space.test(last) && (!next || (!word.test(next) && next !== mark))) return i;
  }
  return -1;
}

const link = /(?:https?:\/\/|www\.)[^\s<>"'`]+/giy;

/** The link that begins at a place of a line; punctuation behind it is the sentence's. */
function linkAt(line: string, from: number): string {
  const before = line[from - 1];
  if (before && word.test(before)) return "";
  link.lastIndex = from;
  let found = link.exec(line)?.[0] ?? "";
  for (;;) {
    const cut = found.replace(/[.,;:!?*_~…]+$/, "");
    const shut = cut.endsWith(")") && !cut.includes("(") ? cut.slice(0, -1) : cut;
    if (shut === found) break;
    found = shut;
  }
  return safe(found) ? found : "";
}

/** The address of a link; "" for what is none. */
function safe(text: string): string {
  try {
    const url = new URL(/^www\./i.test(text) ? `https://${text}` : text);
    return (url.protocol === "https:" || url.protocol === "http:") && url.hostname.includes(".") ? url.href : "";
  } catch {
    return "";
  }
}

/** Reads the marks of a line. */
function inline(line: string): Piece[] {
  const pieces: Piece[] = [];
  let plain = "";
  const flush = () => {
    if (plain) pieces.push({ kind: "text", text: plain });
    plain = "";
  };
  for (let i = 0; i < line.length; ) {
    const c = line[i] as string;
    const style = styles[c];
    if (style || c === "`") {
      const end = closing(line, i);
      if (end > 0) {
        flush();
        const inner = line.slice(i + 1, end);
        pieces.push(style ? { kind: style, pieces: inline(inner) } : { kind: "code", text: inner });
        i = end + 1;
        continue;
      }
    } else if (c === "h" || c === "H" || c === "w" || c === "W") {
      const found = linkAt(line, i);
      if (found) {
        flush();
        pieces.push({ kind: "link", text: found, href: safe(found) });
        i += found.length;
        continue;
      }
    }
    plain += c;
    i++;
  }
  flush();
  return pieces;
}

/** Reads a text with WhatsApp's marks. */
export function parse(text: string): Block[] {
  const blocks: Block[] = [];
  const parts = text.split(/\n?```([\s\S]*?)```\n?/);
  parts.forEach((part, i) => {
    if (i % 2 === 0) {
      if (part !== "" || parts.length === 1) blocks.push(...part.split("\n").map(block));
    } else if (part.trim()) {
      blocks.push({ kind: "pre", text: part.replace(/^\n|\n$/g, "") });
    }
  });
  return blocks;
}

function block(line: string): Block {
  const quote = /^>\s+(.+)$/.exec(line);
  if (quote?.[1]) return { kind: "quote", pieces: inline(quote[1]) };
  const item = /^([-*•]|\d{1,3}\.)\s+(.+)$/.exec(line);
  if (item?.[1] && item[2]) return { kind: "item", mark: /\d/.test(item[1]) ? item[1] : "•", pieces: inline(item[2]) };
  return { kind: "line", pieces: inline(line) };
}

const Text = styled.div`
  white-space: pre-wrap;
  overflow-wrap: anywhere;
`;

const Pre = styled.pre`
  margin: 2px 0;
  white-space: pre-wrap;
  font-family: ${(p) => p.theme.fonts.mono};
  font-size: 13px;
`;

const Code = styled.code`
  font-family: ${(p) => p.theme.fonts.mono};
  font-size: 13px;
`;

const Quoted = styled.div`
  padding-inline-start: 8px;
  border-inline-start: 3px solid ${({ theme }) => getColor({ theme, variable: "border.emphasis" })};
`;

const Item = styled.div`
  display: flex;
  gap: 6px;
  & > span:first-child {
    flex: none;
  }
`;

/** A link that leads out of the app. */
export const Link = styled.a.attrs({ target: "_blank", rel: "noopener noreferrer" })`
  color: inherit;
  text-decoration: underline;
`;

function show(pieces: Piece[]): ReactNode {
  return pieces.map((piece, i) => {
    switch (piece.kind) {
      case "text":
        return <Fragment key={i}>{piece.text}</Fragment>;
      case "bold":
        return <strong key={i}>{show(piece.pieces)}</strong>;
      case "italic":
        return <em key={i}>{show(piece.pieces)}</em>;
      case "strike":
        return <s key={i}>{show(piece.pieces)}</s>;
      case "code":
        return <Code key={i}>{piece.text}</Code>;
      case "link":
        return (
          <Link key={i} href={piece.href}>
            {piece.text}
          </Link>
        );
    }
  });
}

/** A text as WhatsApp shows it. */
export const Markup = memo(function Markup({ text }: { text: string }) {
  return (
    <Text>
      {parse(text).map((one, i) => {
        switch (one.kind) {
          case "pre":
            return <Pre key={i}>{one.text}</Pre>;
          case "quote":
            return <Quoted key={i}>{show(one.pieces)}</Quoted>;
          case "item":
            return (
              <Item key={i}>
                <span>{one.mark}</span>
                <span>{show(one.pieces)}</span>
              </Item>
            );
          case "line":
            return <div key={i}>{one.pieces.length ? show(one.pieces) : "\u00a0"}</div>;
        }
      })}
    </Text>
  );
});
