// What stands around the text field: what is quoted, what keeps it from being sent, who was faster.

import reply from "@zendeskgarden/svg-icons/src/16/arrow-reverse-stroke.svg?raw";
import warning from "@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?raw";
import x from "@zendeskgarden/svg-icons/src/16/x-stroke.svg?raw";
import { Button } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { useEffect, useRef } from "react";
import { styled } from "styled-components";
import type { Message } from "../api/types";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { wordsOf } from "./body";
import { typeText } from "./about";
import { Line, Plain, Round, Small, Wrong } from "./parts";
import { type People, whoOf } from "./people";
import type { Obstacle } from "./sending";

const Bar = styled.div`
  display: flex;
  align-items: center;
  gap: 8px;
  min-width: 0;
  padding: 4px 8px;
  border-inline-start: 3px solid ${({ theme }) => getColor({ theme, variable: "border.successEmphasis" })};
  border-radius: 4px;
  background: ${({ theme }) => getColor({ theme, variable: "background.subtle" })};
  & > div {
    flex: 1;
    min-width: 0;
  }
  & > div > div {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
`;

/** The message that is answered. */
export function Quoting({ quote, people, stop }: { quote: Message; people: People; stop: () => void }) {
  const { t } = useSpeech();
  return (
    <Bar>
      <Icon svg={reply} />
      <div>
        <Small>{t("chat.quoting", { who: whoOf(quote, people, t) })}</Small>
        <div>{wordsOf(quote).split("\n")[0] || typeText(quote.type, t)}</div>
      </div>
      <Round type="button" aria-label={t("chat.quoting.stop")} title={t("chat.quoting.stop")} onClick={stop}>
        <Icon svg={x} />
      </Round>
    </Bar>
  );
}

const Chip = styled(Plain)`
  padding: 0 6px;
  border-radius: 4px;
  background: ${({ theme }) => getColor({ theme, variable: "background.warning" })};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.warningEmphasis" })};
`;

/** What keeps an answer from being sent. insist: it was tried nevertheless. */
export function Obstacles({ obstacle, insist, go }: { obstacle: Obstacle; insist: boolean; go: (name: string) => void }) {
  const { t } = useSpeech();
  const said = insist ? ({ role: "alert" } as const) : {};
  switch (obstacle.kind) {
    case "variables":
      return (
        <Wrong {...said}>
          <Line $gap={4} style={{ flexWrap: "nowrap" }}>
            <Icon svg={warning} />
            {t("chat.variables", { n: obstacle.names.length })}
          </Line>
          {obstacle.names.map((name) => (
            <Chip key={name} type="button" aria-label={t("chat.variables.go", { name })} onClick={() => go(name)}>
              {name}
            </Chip>
          ))}
        </Wrong>
      );
    case "long":
      return <Wrong {...said}>{t("chat.long", { n: obstacle.n, most: obstacle.most })}</Wrong>;
    case "broken":
      return insist ? <Wrong {...said}>{t("chat.attach.broken")}</Wrong> : null;
    case "loading":
      return insist ? <Small {...said}>{t("chat.attach.waiting")}</Small> : null;
  }
}

const Question = styled.div`
  display: grid;
  gap: 6px;
  padding: 8px;
  border-radius: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.warningEmphasis" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.warning" })};
  & > blockquote {
    display: -webkit-box;
    -webkit-line-clamp: 3;
    -webkit-box-orient: vertical;
    margin: 0;
    overflow: hidden;
    padding-inline-start: 8px;
    border-inline-start: 3px solid ${({ theme }) => getColor({ theme, variable: "border.warningEmphasis" })};
  }
`;

/** Asks before an answer is sent that another agent's overtook. */
export function Asked({ message, sure, back }: { message: Message; sure: () => void; back: () => void }) {
  const { t, time } = useSpeech();
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <Question
      role="alertdialog"
      aria-labelledby="chat-asked"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        back();
      }}
    >
      <span id="chat-asked">{t("chat.collision", { who: message.who || t("chat.here.someone"), time: time(message.at) })}</span>
      <blockquote>{wordsOf(message) || typeText(message.type, t)}</blockquote>
      <Line>
        <Button ref={button} size="small" isPrimary onClick={back}>
          {t("chat.collision.back")}
        </Button>
        <Button size="small" onClick={sure}>
          {t("chat.collision.send")}
        </Button>
      </Line>
    </Question>
  );
}
