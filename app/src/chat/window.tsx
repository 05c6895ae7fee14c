// The 24 hours in which WhatsApp takes free words.

import clock from "@zendeskgarden/svg-icons/src/16/clock-stroke.svg?raw";
import lock from "@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?raw";
import warning from "@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import type { Conversation } from "../api/types";
import { useNow } from "../clock";
import { type Speech, useSpeech } from "../i18n";
import { Icon } from "../ui/icon";

type Window = Conversation["window"];

/** From when on the end of the window is near, in milliseconds. */
const near = 2 * 60 * 60_000;

/** How a window stands: what is left of it in milliseconds, 0 when it is closed. */
export interface WindowState {
  level: "open" | "near" | "closed";
  left: number;
}

/** How a window stands at a time. */
export function windowAt(window: Window, at: number): WindowState {
  const left = window.open && window.ends ? Date.parse(window.ends) - at : 0;
  if (left <= 0) return { level: "closed", left: 0 };
  return { level: left < near ? "near" : "open", left };
}

/** How long is left, as people say it: hours and minutes, minutes, seconds in the last one. */
export function leftText(left: number, t: Speech["t"]): string {
  const minutes = Math.floor(left / 60_000);
  if (minutes >= 60) return t("chat.window.hours", { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, "0") });
  if (minutes >= 1) return t("chat.window.minutes", { m: minutes });
  return t("chat.window.seconds", { s: Math.floor(left / 1000) });
}

const Badge = styled.span<{ $level: WindowState["level"] }>`
  display: inline-flex;
  align-items: center;
  gap: 4px;
  padding: 2px 8px;
  border-radius: 12px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  line-height: 16px;
  font-variant-numeric: tabular-nums;
  color: ${({ theme, $level }) => getColor({ theme, variable: $level === "open" ? "foreground.successEmphasis" : $level === "near" ? "foreground.warningEmphasis" : "foreground.dangerEmphasis" })};
  background: ${({ theme, $level }) => getColor({ theme, variable: $level === "open" ? "background.success" : $level === "near" ? "background.warning" : "background.danger" })};
  border: 1px solid ${({ theme, $level }) => getColor({ theme, variable: $level === "open" ? "border.success" : $level === "near" ? "border.warning" : "border.danger" })};
`;

/** The window as it stands now, by the server's clock. */
export function useWindow(window: Window | undefined): WindowState | undefined {
  const at = useNow(1000);
  return window && windowAt(window, at);
}

/** What is left of the window, counted down. */
export function WindowBadge({ window }: { window: Window | undefined }) {
  const { t, moment } = useSpeech();
  const state = useWindow(window);
  if (!state) return null;
  const ends = window?.ends ? t("chat.window.ends", { time: moment(window.ends) }) : t("chat.window.never");
  return (
    <Badge $level={state.level} title={ends} data-window={state.level}>
      <Icon svg={state.level === "open" ? clock : state.level === "near" ? warning : lock} size={12} />
      {state.level === "closed" ? t("chat.window.closed") : t("chat.window.left", { left: leftText(state.left, t) })}
    </Badge>
  );
}
