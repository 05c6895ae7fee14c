import { getColor } from "@zendeskgarden/react-theming";
import { css, styled } from "styled-components";

/** How much of the colour of what is chosen lies behind a row: small red words have to stay readable on it. */
const tint = 0.05;

/** A row of the list, laid at its place. */
export const Option = styled.div<{ $selected: boolean; $active: boolean; $attention: boolean; $left: boolean }>`
  position: absolute;
  top: 0;
  inset-inline: 0;
  display: grid;
  grid-template-columns: 32px minmax(0, 1fr);
  gap: 8px;
  padding: 7px 10px 7px 8px;
  overflow: hidden;
  cursor: pointer;
  contain: strict;
  border-bottom: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.subtle" })};
  border-inline-start: 4px solid ${(p) => (p.$attention ? getColor({ theme: p.theme, variable: "border.dangerEmphasis" }) : p.$selected ? getColor({ theme: p.theme, variable: "border.primaryEmphasis" }) : "transparent")};
  ${(p) =>
    p.$selected &&
    css`
      background: ${getColor({ theme: p.theme, variable: "background.primaryEmphasis", transparency: tint })};
      box-shadow: inset 0 0 0 2px ${getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
    `}
  ${(p) =>
    p.$left &&
    css`
      background: ${getColor({ theme: p.theme, variable: "background.recessed" })};
      font-style: italic;
    `}
  &:hover {
    background: ${(p) => getColor({ theme: p.theme, variable: "background.primaryEmphasis", transparency: tint })};
  }
  ${(p) =>
    p.$active &&
    css`
      [role="listbox"]:focus-visible & {
        outline: 2px solid ${getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
        outline-offset: -2px;
      }
    `}
`;

/** The circle with a person's letters. */
export const Avatar = styled.span`
  display: grid;
  place-items: center;
  width: 32px;
  height: 32px;
  border-radius: 50%;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.default" })};
  background: ${(p) => getColor({ theme: p.theme, variable: "background.disabled" })};
`;

export const Line = styled.div`
  display: flex;
  align-items: center;
  gap: 6px;
  height: 19px;
  white-space: nowrap;
  overflow: hidden;
`;

export const Name = styled.span<{ $unread: boolean }>`
  flex: 1;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  font-weight: ${(p) => (p.$unread ? p.theme.fontWeights.bold : p.theme.fontWeights.medium)};
`;

export const Text = styled.span<{ $subtle: boolean }>`
  flex: 1;
  min-width: 0;
  overflow: hidden;
  text-overflow: ellipsis;
  font-size: ${(p) => p.theme.fontSizes.sm};
  ${(p) => p.$subtle && `color: ${getColor({ theme: p.theme, variable: "foreground.subtle" })};`}
`;

export const Subtle = styled.span`
  max-width: 55%;
  overflow: hidden;
  text-overflow: ellipsis;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-variant-numeric: tabular-nums;
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** The point of what is unread. */
export const Dot = styled.span`
  flex: none;
  width: 9px;
  height: 9px;
  border-radius: 50%;
  background: ${(p) => getColor({ theme: p.theme, variable: "background.primaryEmphasis" })};
`;

export const Badge = styled.span<{ $kind?: "warning" | "danger" }>`
  display: inline-flex;
  flex: none;
  align-items: center;
  gap: 3px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-variant-numeric: tabular-nums;
  color: ${(p) => getColor({ theme: p.theme, variable: p.$kind ? `foreground.${p.$kind}` : "foreground.subtle" })};
`;

/** A tag. */
export const Chip = styled.span`
  flex: 0 1 auto;
  min-width: 24px;
  padding: 0 6px;
  overflow: hidden;
  text-overflow: ellipsis;
  border-radius: 8px;
  font-size: 11px;
  line-height: 16px;
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.default" })};
  background: ${(p) => getColor({ theme: p.theme, variable: "background.disabled" })};
`;
