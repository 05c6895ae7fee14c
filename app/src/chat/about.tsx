// What is told about a message besides its words.

import alert from "@zendeskgarden/svg-icons/src/12/alert-error-stroke.svg?raw";
import trash from "@zendeskgarden/svg-icons/src/12/trash-stroke.svg?raw";
import { getColor } from "@zendeskgarden/react-theming";
import { useState } from "react";
import { styled } from "styled-components";
import type { Message } from "../api/types";
import { type Speech, useSpeech } from "../i18n";
import { Unseen } from "../theme";
import { Icon } from "../ui/icon";
import { Markup } from "./format";
import type { Outgoing } from "./outbox";
import { Line, Plain, Small, Wrong } from "./parts";
import { type People, whoOf } from "./people";

/** What can be done with the messages of a log. */
export interface LogDeeds {
  menu(message: Message, anchor: HTMLElement): void;
  jump(id: string): void;
  retry(item: Outgoing): void;
  edit(item: Outgoing): void;
  drop(item: Outgoing): void;
  reuse(message: Message): void;
}

const Quote = styled.button`
  display: block;
  width: 100%;
  min-height: 24px;
  padding: 4px 8px;
  border: 0;
  border-inline-start: 3px solid ${({ theme }) => getColor({ theme, variable: "border.successEmphasis" })};
  border-radius: 4px;
  background: ${({ theme }) => getColor({ theme, variable: "background.emphasis", transparency: theme.opacity[100] })};
  color: inherit;
  font: inherit;
  font-size: ${(p) => p.theme.fontSizes.sm};
  text-align: start;
  cursor: pointer;
  &:disabled {
    cursor: default;
    font-style: italic;
  }
  & > strong {
    display: block;
  }
`;

/** Small words within a bubble. */
export const Mark = styled(Small)`
  display: flex;
  align-items: center;
  gap: 4px;
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle", dark: { variable: "foreground.default" } })};
`;

const Original = styled.div`
  padding: 4px 8px;
  border-radius: 4px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
`;

/** The message that is answered, which it leads to. */
export function Quoted({ quote, people, jump }: { quote: NonNullable<Message["quote"]>; people: People; jump: (id: string) => void }) {
  const { t } = useSpeech();
  if (quote.missing) {
    return (
      <Quote type="button" disabled>
        {t("chat.quote.missing")}
      </Quote>
    );
  }
  const text = quote.text || typeText(quote.type, t);
  return (
    <Quote type="button" onClick={() => jump(quote.id)} title={t("chat.quote.jump")}>
      <Unseen>{t("chat.quote.jump")}: </Unseen>
      <strong>{whoOf(quote, people, t)}</strong>
      {text}
    </Quote>
  );
}

const types = ["image", "audio", "voice", "video", "document", "sticker", "location", "contacts", "order"] as const;

/** What stands for words where there are none. */
export function typeText(type: string | undefined, t: Speech["t"]): string {
  const known = types.find((one) => one === type);
  return known ? t(`chat.type.${known}`) : t("chat.type.none");
}

/** What became of a message's words later. */
export function Changes({ message }: { message: Message }) {
  const { t, time, moment } = useSpeech();
  const [open, setOpen] = useState(false);
  return (
    <>
      {message.edited && (
        <Mark as="div">
          {t("chat.edited", { time: time(message.edited) })}
          {message.original && (
            <Plain type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
              {t(open ? "chat.original.hide" : "chat.original.show")}
            </Plain>
          )}
        </Mark>
      )}
      {open && message.original && (
        <Original>
          <Small>{t("chat.original")}</Small>
          <Markup text={message.original} />
        </Original>
      )}
      {message.revoked && (
        <Mark as="div">
          <Icon svg={trash} size={12} />
          {t(message.author === "customer" ? "chat.revoked.customer" : "chat.revoked.office", { time: moment(message.revoked) })}
        </Mark>
      )}
    </>
  );
}

/** What failed on the way to the server, and what to do about it. */
export function OutState({ out, deeds }: { out: Outgoing; deeds: LogDeeds }) {
  const { t } = useSpeech();
  if (out.state !== "failed" && out.state !== "refused") return null;
  const reason = out.reason || t(out.code === "unreachable" ? "chat.out.unreachable" : out.code === "http_401" ? "chat.out.session" : "chat.out.unknown", { code: out.code });
  return (
    <Wrong>
      <Line $gap={4} style={{ flexWrap: "nowrap" }}>
        <Icon svg={alert} size={12} />
        {t(out.state === "refused" ? "chat.out.refused" : out.kind === "note" ? "chat.out.failed.note" : "chat.out.failed", { reason })}
      </Line>
      {out.state === "failed" && (
        <Plain type="button" $danger onClick={() => deeds.retry(out)}>
          {t("common.retry")}
        </Plain>
      )}
      {out.state === "refused" && out.kind !== "template" && (
        <Plain type="button" $danger onClick={() => deeds.edit(out)}>
          {t("chat.out.edit")}
        </Plain>
      )}
      <Plain type="button" $danger onClick={() => deeds.drop(out)}>
        {t("chat.out.drop")}
      </Plain>
    </Wrong>
  );
}
