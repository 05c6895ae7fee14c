import dots from "@zendeskgarden/svg-icons/src/16/overflow-stroke.svg?raw";
import { Button } from "@zendeskgarden/react-buttons";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { Menu } from "../ui/menu";
import type { Actions } from "./action";

const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${(p) => p.theme.space.xxs};
  align-items: center;
`;

/** The actions that stand as buttons where they are allowed; all others are in the menu. */
const first = ["take", "transfer", "n2", "close"];

/** A conversation's actions as buttons and a menu. */
export function ActionBar({ actions }: { actions: Actions }) {
  const { t } = useSpeech();
  const shown = first.flatMap((name) => actions.list.filter((one) => one.name === name && one.allowed));
  const rest = actions.list.filter((one) => !shown.includes(one));
  return (
    <Row>
      {shown.map((one) => (
        <Button key={one.name} size="small" isPrimary={one.name === "take"} onClick={one.run} title={one.keys && `${one.label} (${one.keys})`}>
          {one.label}
        </Button>
      ))}
      <Menu
        label={t("actions.more")}
        end
        icon={<Icon svg={dots} />}
        items={rest.map((one) => ({ name: one.name, label: one.label, keys: one.keys, danger: one.danger, disabled: !one.allowed, group: one.group, run: one.run }))}
      />
    </Row>
  );
}
