// The messages of a conversation, and how one moves among them.

import down from "@zendeskgarden/svg-icons/src/16/chevron-down-stroke.svg?raw";
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Message } from "../api/types";
import { useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import type { LogDeeds } from "./about";
import { Bubble } from "./bubble";
import { Between, Chooser, Content, Event, Frame, Row, Scroller, ToEnd } from "./lines";
import { type People, asMessage, dayText, toneOf, whoOf } from "./people";
import { type LogRow, newsAfter, spoken } from "./rows";
import { useScrolling } from "./scroll";
import type { Selection } from "./selection";

interface Props {
  session: string;
  rows: readonly LogRow[];
  messages: readonly Message[];
  people: People;
  deeds: LogDeeds;
  selection: Selection;
  /** The divider's message, once it is known what was read; undefined until then. */
  unread: string | undefined;
  /** Is told whether the end of the log is shown. */
  onEnd(atEnd: boolean): void;
}

/** How long a message that was jumped to is marked, in milliseconds. */
const flashing = 1600;

/** The log of a conversation. It is the page's only announcer of messages. */
export function Log({ session, rows, messages, people, deeds, selection, unread, onEnd }: Props) {
  const speech = useSpeech();
  const { t } = speech;
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { atEnd, toEnd, show, onScroll } = useScrolling(scroller, content, rows);
  const [flash, setFlash] = useState("");
  const [focus, setFocus] = useState("");
  const [left, setLeft] = useState("");
  const element = useCallback((id: string) => [...(content.current?.children ?? [])].find((one) => (one as HTMLElement).dataset.id === id) as HTMLElement | undefined, []);

  const last = messages[messages.length - 1]?.id ?? "";
  const newest = useRef(last);
  newest.current = last;
  useEffect(() => {
    onEnd(atEnd);
    setLeft(atEnd ? "" : newest.current);
  }, [atEnd, onEnd]);
  const fresh = left ? newsAfter(messages, left, people.me) : 0;

  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || unread === undefined) return;
    begun.current = true;
    const divider = unread ? content.current?.querySelector<HTMLElement>("[data-unread]") : null;
    if (divider) show(divider);
  }, [unread, show]);

  useEffect(() => {
    if (!flash) return;
    const timer = setTimeout(() => setFlash(""), flashing);
    return () => clearTimeout(timer);
  }, [flash]);
  const jump = useCallback(
    (id: string) => {
      const target = element(id);
      if (!target) return;
      show(target);
      target.focus({ preventScroll: true });
      setFlash(id);
    },
    [element, show],
  );
  const inner = useMemo(() => ({ ...deeds, jump }), [deeds, jump]);

  const focusable = rows.filter((row): row is Extract<LogRow, { kind: "message" }> => row.kind === "message" && spoken(row.message));
  const entry = focusable.some((row) => row.message.id === focus) ? focus : (focusable[focusable.length - 1]?.message.id ?? "");
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    const row = event.target as HTMLElement;
    const id = row.dataset.id;
    if (!id || row.parentElement !== content.current) return;
    const at = focusable.findIndex((one) => one.message.id === id);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: focusable.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      const next = focusable[to]?.message;
      if (!next) return;
      if (event.shiftKey && selection.active) {
        if (!selection.ids.includes(id)) selection.toggle(id);
        selection.toggle(next.id, true);
      }
      element(next.id)?.focus();
    } else if (event.key === " " && selection.active) {
      event.preventDefault();
      selection.toggle(id, event.shiftKey);
    } else if (event.key === "Enter" || event.key === "ContextMenu") {
      const button = row.querySelector<HTMLElement>("[data-menu]");
      if (!button) return;
      event.preventDefault();
      button.click();
    } else if (event.key === "Escape" && selection.active) {
      selection.stop();
    }
  };

  return (
    <Frame>
      <Scroller ref={scroller} onScroll={onScroll} data-scroller style={{ overflowAnchor: atEnd ? "none" : "auto" }}>
        <Content ref={content} role="log" aria-label={t("chat.log")} aria-relevant="additions" onKeyDown={keys}>
          {rows.length === 0 && <Between>{t("chat.empty")}</Between>}
          {rows.map((row) => {
            switch (row.kind) {
              case "day":
                return (
                  <Between key={row.key} data-day>
                    {dayText(row.at, speech)}
                  </Between>
                );
              case "unread":
                return (
                  <Between key={row.key} data-unread role="separator" aria-label={t("chat.unread")}>
                    {t("chat.unread")}
                  </Between>
                );
            }
            const message = row.kind === "out" ? asMessage(row.item, people) : row.message;
            if (!spoken(message)) return <Event key={row.key} message={message} />;
            const out = row.kind === "out" ? row.item : undefined;
            const chosen = selection.active && selection.ids.includes(message.id);
            return (
              <Row
                key={row.key}
                role="article"
                data-id={message.id}
                data-command={message.command}
                tabIndex={message.id === entry ? 0 : -1}
                $end={toneOf(message) !== "customer"}
                $flash={flash === message.id}
                $chosen={chosen}
                $choosing={selection.active}
                onFocus={() => setFocus(message.id)}
                onClick={(event) => {
                  if (selection.active && !out && !(event.target as HTMLElement).closest("button, a, input, audio, video")) selection.toggle(message.id, event.shiftKey);
                }}
              >
                {selection.active && !out && (
                  <Chooser
                    type="checkbox"
                    tabIndex={message.id === entry ? 0 : -1}
                    checked={chosen}
                    aria-label={t("chat.select.one", { who: whoOf(message, people, t), time: speech.moment(message.at) })}
                    onClick={(event: MouseEvent) => selection.toggle(message.id, event.shiftKey)}
                    readOnly
                  />
                )}
                <Bubble session={session} message={message} out={out} head={row.kind === "out" || row.head} people={people} deeds={inner} />
              </Row>
            );
          })}
        </Content>
      </Scroller>
      {!atEnd && (
        <ToEnd type="button" onClick={toEnd}>
          <Icon svg={down} />
          {fresh > 0 ? t("chat.end.new", { n: fresh }) : t("chat.end")}
        </ToEnd>
      )}
    </Frame>
  );
}
