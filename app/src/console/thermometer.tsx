import ok from "@zendeskgarden/svg-icons/src/16/clock-stroke.svg?raw";
import late from "@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?raw";
import bad from "@zendeskgarden/svg-icons/src/16/alert-error-fill.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { useNow } from "../clock";
import { type Speech, useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { Unseen } from "../theme";
import { type Warmth, lengthOf, waitOf } from "./warmth";

export { type Wait, type Warmth, lengthOf, waitOf } from "./warmth";

const Box = styled.span<{ $warmth: Warmth }>`
  display: inline-flex;
  flex: none;
  align-items: center;
  gap: 3px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
  color: ${(p) => getColor({ theme: p.theme, variable: p.$warmth === "green" ? "foreground.success" : p.$warmth === "yellow" ? "foreground.warning" : "foreground.danger" })};
`;

const icons: Record<Warmth, string> = { green: ok, yellow: late, red: bad };

/** A length of time in as few letters as can be understood. */
export function shortLength(ms: number, t: Speech["t"]): string {
  const { unit, n } = lengthOf(ms);
  return t(`common.length.${unit}`, { n });
}

/** How long a customer waits, at a time. */
export function ThermometerAt({ since, at }: { since: string | undefined; at: number }) {
  const { t } = useSpeech();
  const wait = waitOf(since, at);
  if (!wait || !since) return null;
  const text = wait.minutes < 100 ? t("common.length.minutes", { n: wait.minutes }) : shortLength(at - Date.parse(since), t);
  return (
    <Box $warmth={wait.warmth} data-warmth={wait.warmth} title={t("common.wait", { time: text })}>
      <Icon svg={icons[wait.warmth]} size={12} />
      <Unseen>{t("common.wait.unseen")} </Unseen>
      {text}
    </Box>
  );
}

/** How long a customer waits for an answer since a time: minutes, an icon and a colour. Nothing where nobody waits. */
export function Thermometer({ since }: { since: string | undefined }) {
  return <ThermometerAt since={since} at={useNow(1000)} />;
}
