import eye from "@zendeskgarden/svg-icons/src/16/eye-stroke.svg?raw";
import pencil from "@zendeskgarden/svg-icons/src/16/pencil-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { type Speech, useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import type { Other } from "./here";

const Bar = styled.div`
  display: grid;
  flex: none;
  padding: 0 12px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.warningEmphasis" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.warning" })};
  & > span {
    display: flex;
    align-items: center;
    gap: 6px;
    padding: 3px 0;
  }
`;

function names(list: readonly Other[], t: Speech["t"]): string {
  const all = list.map((one) => one.name || t("chat.here.someone"));
  const last = all.pop() ?? "";
  return all.length ? t("chat.here.and", { a: all.join(", "), b: last }) : last;
}

/** Who else is in the conversation. */
export function Present({ others }: { others: readonly Other[] }) {
  const { t } = useSpeech();
  const typing = others.filter((one) => one.typing);
  const viewing = others.filter((one) => !one.typing);
  return (
    <Bar role="status" data-here>
      {typing.length > 0 && (
        <span>
          <Icon svg={pencil} size={12} />
          {t(typing.length > 1 ? "chat.here.typing.many" : "chat.here.typing", { who: names(typing, t) })}
        </span>
      )}
      {viewing.length > 0 && (
        <span>
          <Icon svg={eye} size={12} />
          {t(viewing.length > 1 ? "chat.here.viewing.many" : "chat.here.viewing", { who: names(viewing, t) })}
        </span>
      )}
    </Bar>
  );
}
