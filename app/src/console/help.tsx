// All shortcuts, and the switches of what can be switched off.

import { Body, Close, Header, Modal } from "@zendeskgarden/react-modals";
import { getColor } from "@zendeskgarden/react-theming";
import { useId } from "react";
import { styled } from "styled-components";
import type { Action } from "../actions/action";
import { type Key, useSpeech } from "../i18n";
import type { Wishes } from "./use-notices";

const Keys = styled.dl`
  display: grid;
  grid-template-columns: auto minmax(0, 1fr);
  gap: 6px 16px;
  margin: 0 0 16px;
  & > dd {
    margin: 0;
  }
  & kbd {
    padding: 1px 6px;
    border-radius: 4px;
    font: inherit;
    border: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.default" })};
    background: ${(p) => getColor({ theme: p.theme, variable: "background.subtle" })};
  }
`;

const Switch = styled.label`
  display: flex;
  align-items: center;
  gap: 8px;
  min-height: 28px;
`;

const Small = styled.p`
  margin: 8px 0 0;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** The console's own keys, as people read them. */
const own: [string, Key][] = [
  ["J / ↓", "console.keys.down"],
  ["K / ↑", "console.keys.up"],
  ["Enter", "console.keys.open"],
  ["Alt+↓ / Alt+↑", "console.keys.next"],
  ["R", "console.keys.reply"],
  ["N", "console.keys.note"],
  ["/", "console.keys.search"],
  ["Ctrl+K", "console.keys.palette"],
  ["?", "console.keys.help"],
  ["Ctrl+Enter", "console.keys.send"],
  ["Esc", "console.keys.close"],
];

interface Props {
  actions: readonly Action[];
  wishes: Wishes;
  wish: (wishes: Wishes) => void;
  close: () => void;
}

/** The dialog of shortcuts. */
export default function Help({ actions, wishes, wish, close }: Props) {
  const { t } = useSpeech();
  const id = useId();
  const switches: [keyof Wishes, Key][] = [
    ["letters", "console.wish.letters"],
    ["notices", "console.wish.notices"],
    ["sound", "console.wish.sound"],
  ];
  return (
    <Modal onClose={close} aria-labelledby={id} focusOnMount>
      <Header id={id} tag="h2">
        {t("console.help")}
      </Header>
      <Body tabIndex={0}>
        <Keys>
          {own.map(([keys, key]) => (
            <Line key={keys} keys={keys} text={t(key)} />
          ))}
          {actions
            .filter((one) => one.keys)
            .map((one) => (
              <Line key={one.name} keys={one.keys ?? ""} text={one.label} />
            ))}
        </Keys>
        {switches.map(([name, key]) => (
          <Switch key={name}>
            <input type="checkbox" checked={wishes[name]} onChange={(event) => wish({ ...wishes, [name]: event.target.checked })} />
            {t(key)}
          </Switch>
        ))}
        <Small>{t("console.wish.hint")}</Small>
      </Body>
      <Close aria-label={t("common.close")} />
    </Modal>
  );
}

function Line({ keys, text }: { keys: string; text: string }) {
  return (
    <>
      <dt>
        {keys.split(" / ").map((one, i) => (
          <span key={one}>
            {i > 0 && " / "}
            <kbd>{one}</kbd>
          </span>
        ))}
      </dt>
      <dd>{text}</dd>
    </>
  );
}
