import lock from "@zendeskgarden/svg-icons/src/12/lock-locked-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import type { Tab, Texts } from "./drafts";

const List = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
`;

const One = styled.button<{ $on: boolean }>`
  display: inline-flex;
  align-items: center;
  gap: 4px;
  min-height: 32px;
  padding: 0 10px;
  border: 0;
  border-bottom: 3px solid ${({ theme, $on }) => ($on ? getColor({ theme, variable: "border.primaryEmphasis" }) : "transparent")};
  background: none;
  color: ${({ theme }) => getColor({ theme, variable: "foreground.default" })};
  font: inherit;
  font-weight: ${(p) => (p.$on ? p.theme.fontWeights.semibold : p.theme.fontWeights.regular)};
  cursor: pointer;
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
`;

interface Props {
  /** The tab that is shown. */
  tab: Tab;
  /** Names the panel and the tabs. */
  id: string;
  texts: Texts;
  /** Whether there is a tab for notes. */
  note: boolean;
  /** Templates stand in the answer's place. */
  template: boolean;
  /** Shows a tab; with focus the text gets it. */
  go(tab: Tab, focus: boolean): void;
}

/** The tabs of answer and note. A tab with a text that is not shown is marked. */
export function Tabs({ tab, id, texts, note, template, go }: Props) {
  const { t } = useSpeech();
  const tabs: Tab[] = note ? ["reply", "note"] : ["reply"];
  return (
    <List role="tablist" aria-label={t("chat.tabs")}>
      {tabs.map((one) => (
        <One
          key={one}
          type="button"
          role="tab"
          id={`${id}-${one}`}
          aria-selected={one === tab}
          aria-controls={id}
          tabIndex={one === tab ? 0 : -1}
          $on={one === tab}
          onClick={() => go(one, true)}
          onKeyDown={(event) => {
            if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
            const next = tabs[(tabs.indexOf(one) + 1) % tabs.length] ?? one;
            go(next, false);
            document.getElementById(`${id}-${next}`)?.focus();
          }}
        >
          {one === "note" && <Icon svg={lock} size={12} />}
          {template && one === "reply" ? t("chat.tab.template") : t(`chat.tab.${one}`)}
          {texts[one] && one !== tab && <span title={t("chat.tab.draft")}>✎</span>}
        </One>
      ))}
    </List>
  );
}
