// Garden's theme in both colour schemes, and what the page itself needs of it.

import "@zendeskgarden/css-bedrock";
import { DEFAULT_THEME, ThemeProvider, getColor } from "@zendeskgarden/react-theming";
import { type ReactNode, useEffect, useMemo } from "react";
import { createGlobalStyle, styled } from "styled-components";
import type { Scheme } from "./zaf";

const Page = createGlobalStyle`
  html, body, #app { height: 100%; margin: 0; }
  body {
    background: ${(p) => getColor({ theme: p.theme, variable: "background.default" })};
    color: ${(p) => getColor({ theme: p.theme, variable: "foreground.default" })};
    font-family: ${(p) => p.theme.fonts.system};
    font-size: ${(p) => p.theme.fontSizes.md};
    line-height: 1.4;
    overflow-wrap: anywhere;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; transition-duration: 0.01ms !important; scroll-behavior: auto !important; }
  }
`;

/** Garden's theme of a colour scheme. */
export function themeOf(scheme: Scheme) {
  return { ...DEFAULT_THEME, colors: { ...DEFAULT_THEME.colors, base: scheme } };
}

/** The page in a colour scheme. */
export function Themed({ scheme, children }: { scheme: Scheme; children: ReactNode }) {
  const theme = useMemo(() => themeOf(scheme), [scheme]);
  useEffect(() => {
    document.documentElement.style.colorScheme = scheme;
  }, [scheme]);
  return (
    <ThemeProvider theme={theme}>
      <Page />
      {children}
    </ThemeProvider>
  );
}

/** Text for those who hear the page. */
export const Unseen = styled.span`
  position: absolute;
  width: 1px;
  height: 1px;
  overflow: hidden;
  clip-path: inset(50%);
  white-space: nowrap;
`;
