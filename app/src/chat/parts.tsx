// Small parts that the chat is made of.

import { getColor } from "@zendeskgarden/react-theming";
import { type DefaultTheme, styled } from "styled-components";

/** What a bubble is about, which its colour shows; words say it too. */
export type Tone = "customer" | "office" | "other" | "note";

/** The yellow of notes, which Garden's own yellow, an orange, is not; and the green of what goes out by WhatsApp. */
export const paint = {
  note: (theme: DefaultTheme) => (theme.colors.base === "dark" ? "#3a3210" : "#fff7d1"),
  noteBorder: (theme: DefaultTheme) => (theme.colors.base === "dark" ? "#c9a227" : "#9a7400"),
  office: (theme: DefaultTheme) => getColor({ theme, hue: "green", light: { shade: 200 }, dark: { shade: 1000 } }),
  officeBorder: (theme: DefaultTheme) => getColor({ theme, hue: "green", light: { shade: 400 }, dark: { shade: 800 } }),
};

/** A small button with nothing but an icon; it needs a label. */
export const Round = styled.button<{ $on?: boolean }>`
  display: inline-flex;
  flex: none;
  align-items: center;
  justify-content: center;
  width: 28px;
  height: 28px;
  padding: 0;
  border: 0;
  border-radius: 6px;
  background: ${({ theme, $on }) => ($on ? getColor({ theme, variable: "background.primaryEmphasis", transparency: theme.opacity[200] }) : "transparent")};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
  cursor: pointer;
  &:hover:not(:disabled) {
    background: ${({ theme }) => getColor({ theme, variable: "background.primaryEmphasis", transparency: theme.opacity[100] })};
    color: ${({ theme }) => getColor({ theme, variable: "foreground.default" })};
  }
  &:disabled {
    cursor: default;
    opacity: 0.5;
  }
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: 1px;
  }
`;

/** A button that looks like a link. */
export const Plain = styled.button<{ $danger?: boolean }>`
  min-height: 24px;
  padding: 0 2px;
  border: 0;
  background: none;
  color: ${({ theme, $danger }) => getColor({ theme, variable: $danger ? "foreground.dangerEmphasis" : "foreground.default" })};
  font: inherit;
  font-weight: ${(p) => p.theme.fontWeights.semibold};
  text-align: start;
  text-decoration: underline;
  cursor: pointer;
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: 1px;
    border-radius: 4px;
  }
`;

/** Small words beside or below others. */
export const Small = styled.span`
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
`;

/** Things beside each other, wrapped where there is no room. */
export const Line = styled.div<{ $gap?: number }>`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: ${(p) => p.$gap ?? 8}px;
`;

/** What went wrong, close to where it did. */
export const Wrong = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px 8px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.dangerEmphasis" })};
`;
