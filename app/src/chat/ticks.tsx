// How far a message came, as WhatsApp tells it.

import clock from "@zendeskgarden/svg-icons/src/12/clock-stroke.svg?raw";
import failed from "@zendeskgarden/svg-icons/src/12/alert-error-stroke.svg?raw";
import one from "@zendeskgarden/svg-icons/src/12/check-sm-stroke.svg?raw";
import two from "@zendeskgarden/svg-icons/src/12/check-double-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import type { Delivery } from "../api/types";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";

const Box = styled.span<{ $look: "plain" | "read" | "failed" }>`
  display: inline-flex;
  align-items: center;
  gap: 3px;
  color: ${({ theme, $look }) =>
    $look === "plain" ? getColor({ theme, variable: "foreground.subtle" }) : $look === "failed" ? getColor({ theme, variable: "foreground.dangerEmphasis" }) : getColor({ theme, hue: "blue", light: { shade: 800 }, dark: { shade: 400 } })};
`;

const icons: Record<Delivery, string> = { queued: clock, kept: clock, accepted: one, sent: one, delivered: two, read: two, played: two, failed };

/** A delivery state as icon and word. */
export function Ticks({ state, at }: { state: Delivery; at?: string | undefined }) {
  const { t, moment } = useSpeech();
  const word = t(`chat.delivery.${state}`);
  if (state === "kept") return null; // is said in full below the message
  return (
    <Box $look={state === "read" || state === "played" ? "read" : state === "failed" ? "failed" : "plain"} data-delivery={state} title={at ? t("chat.delivery.at", { state: word, time: moment(at) }) : word}>
      <Icon svg={icons[state]} size={12} />
      {word}
    </Box>
  );
}

/** Something that waits for the server, as icon and word. */
export function Going({ text }: { text: string }) {
  return (
    <Box $look="plain" data-delivery="waiting">
      <Icon svg={clock} size={12} />
      {text}
    </Box>
  );
}
