// The columns of the console: four where there is room, three and a drawer where there is less, one at a time on a phone.

import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";

/** The column that is shown where there is room for one alone. */
export type Column = "navigation" | "list" | "chat" | "details";

/** Up to these widths, in pixels, one column is shown, and the details lie over the chat. */
export const narrow = 899;
const middle = 1099;

/** All columns. $column is the one of a narrow page, $details whether the details are shown, $whole whether one view takes the place of all but the first. */
export const Columns = styled.div<{ $column: Column; $details: boolean; $whole: boolean }>`
  position: relative;
  display: grid;
  height: 100%;
  min-height: 0;
  overflow: hidden;
  grid-template-rows: minmax(0, 1fr);
  grid-template-columns: ${(p) => (p.$whole ? "clamp(168px, 16vw, 216px) minmax(0, 1fr)" : `clamp(168px, 16vw, 216px) clamp(272px, 25vw, 340px) minmax(0, 1fr)${p.$details ? " clamp(248px, 22vw, 304px)" : ""}`)};
  @media (max-width: ${middle}px) {
    grid-template-columns: ${(p) => (p.$whole ? "168px minmax(0, 1fr)" : "168px 272px minmax(0, 1fr)")};
    & > [data-column="details"] {
      position: absolute;
      z-index: 300;
      inset-block: 0;
      inset-inline-end: 0;
      width: min(304px, 100%);
      box-shadow: -8px 0 24px rgb(0 0 0 / 24%);
    }
  }
  @media (max-width: ${narrow}px) {
    grid-template-columns: minmax(0, 1fr);
    & > [data-column] {
      position: static;
      width: auto;
      border: 0;
      box-shadow: none;
    }
    & > [data-column]:not([data-column="${(p) => p.$column}"]) {
      display: none;
    }
  }
`;

/** A column. */
export const Part = styled.div`
  display: flex;
  flex-direction: column;
  min-width: 0;
  min-height: 0;
  overflow: hidden;
  background: ${(p) => getColor({ theme: p.theme, variable: "background.default" })};
  &:not(:last-child) {
    border-inline-end: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.default" })};
  }
`;

/** What is there where one column is shown at a time, such as the way back. */
export const Narrow = styled.span`
  display: none;
  @media (max-width: ${narrow}px) {
    display: inline-flex;
  }
`;
