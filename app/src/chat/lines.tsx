// The lines of the log, and what lies around them.

import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import type { Message } from "../api/types";
import { useSpeech } from "../i18n";
import { Markup } from "./format";
import { Small } from "./parts";

/** The log with what lies over it. */
export const Frame = styled.div`
  position: relative;
  flex: 1;
  min-height: 0;
  display: flex;
  flex-direction: column;
`;

/** What scrolls. */
export const Scroller = styled.div`
  flex: 1;
  min-height: 0;
  overflow-y: auto;
  overflow-x: hidden;
  background: ${({ theme }) => getColor({ theme, variable: "background.recessed" })};
`;

/** The lines, which stand at the bottom while there are few. */
export const Content = styled.div`
  display: flex;
  flex-direction: column;
  justify-content: flex-end;
  min-height: 100%;
  box-sizing: border-box;
  padding: 8px;
`;

/** A message's line. Those out of view are not laid out. */
export const Row = styled.div<{ $end: boolean; $flash: boolean; $chosen: boolean; $choosing: boolean }>`
  display: flex;
  flex-direction: ${(p) => (p.$end ? "row-reverse" : "row")};
  align-items: flex-start;
  gap: 2px;
  padding: 3px 4px;
  border-radius: 6px;
  scroll-margin-top: 8px;
  content-visibility: auto;
  contain-intrinsic-size: auto 72px;
  ${(p) => p.$choosing && "user-select: none; cursor: pointer;"}
  ${({ theme, $flash, $chosen }) => ($flash || $chosen) && `background: ${getColor({ theme, variable: "background.primaryEmphasis", transparency: theme.opacity[200] })};`}
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
  & > [data-menu] {
    opacity: 0;
  }
  &:hover > [data-menu],
  &:focus-within > [data-menu],
  &:focus > [data-menu] {
    opacity: 1;
  }
  @media (hover: none) {
    & > [data-menu] {
      opacity: 1;
    }
  }
`;

/** Chooses a message. */
export const Chooser = styled.input`
  flex: none;
  width: 20px;
  height: 24px;
  margin: 4px;
`;

/** A line between messages. */
export const Between = styled.div`
  display: flex;
  align-items: center;
  justify-content: center;
  gap: 8px;
  padding: 6px 12px;
  text-align: center;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
  &[data-day]::before,
  &[data-day]::after,
  &[data-unread]::before,
  &[data-unread]::after {
    content: "";
    flex: 1;
    border-top: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  }
  &[data-unread] {
    scroll-margin-top: 8px;
    font-weight: ${(p) => p.theme.fontWeights.semibold};
    color: ${({ theme }) => getColor({ theme, variable: "foreground.dangerEmphasis" })};
  }
`;

/** Leads to the end. */
export const ToEnd = styled.button`
  position: absolute;
  inset-inline-end: 12px;
  bottom: 8px;
  display: inline-flex;
  align-items: center;
  gap: 6px;
  min-height: 32px;
  padding: 0 12px;
  border-radius: 16px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.raised" })};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.default" })};
  box-shadow: ${({ theme }) => theme.shadows.lg("2px", "8px", getColor({ theme, variable: "shadow.small" }))};
  font: inherit;
  font-size: ${(p) => p.theme.fontSizes.sm};
  cursor: pointer;
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: 2px;
  }
`;

/** A line about the conversation itself. */
export function Event({ message }: { message: Message }) {
  const { t, time } = useSpeech();
  const state = message.state && (message.before ? t("chat.state.before", { before: t(`state.${message.before}`), state: t(`state.${message.state}`) }) : t(`state.${message.state}`));
  const about = [state, message.reason, message.text].filter(Boolean).join(" · ");
  return (
    <Between data-id={message.id} data-kind={message.kind}>
      <div style={about.includes("\n") ? { textAlign: "start" } : {}}>
        {message.kind === "verdict" && <strong>{t("chat.verdict")}: </strong>}
        {message.kind === "state" ? about : <Markup text={about} />}
        <Small> {time(message.at)}</Small>
      </div>
    </Between>
  );
}
