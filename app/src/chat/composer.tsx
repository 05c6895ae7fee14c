// Where an agent writes: an answer to the customer, or a note.

import { getColor } from "@zendeskgarden/react-theming";
import { type Ref, Suspense, lazy, useCallback, useEffect, useId, useImperativeHandle, useRef, useState } from "react";
import { styled } from "styled-components";
import type { Actions } from "../actions/action";
import { newID } from "../api/client";
import type { Conversation, Message } from "../api/types";
import { now } from "../clock";
import { useAttachments } from "./attachments";
import { type Tab, useDrafts } from "./drafts";
import { Closed, Ended, Keeping } from "./ended";
import { Field, type FieldHandle } from "./field";
import type { Outbox, Outgoing } from "./outbox";
import { paint } from "./parts";
import type { People } from "./people";
import { overtaken } from "./rows";
import { empty, noted, obstacle, outgoing, templated } from "./sending";
import { writable } from "./status";
import { Tabs } from "./tabs";
import { WindowBadge, useWindow } from "./window";

const Templates = lazy(() => import("./templates"));

const Box = styled.section<{ $note: boolean }>`
  flex: none;
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 6px;
  max-height: 70%;
  padding: 0 8px 8px;
  overflow-y: auto;
  border-top: ${({ theme, $note }) => ($note ? `3px solid ${paint.noteBorder(theme)}` : `1px solid ${getColor({ theme, variable: "border.default" })}`)};
  background: ${({ theme, $note }) => ($note ? paint.note(theme) : getColor({ theme, variable: "background.default" }))};
`;

const Head = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  justify-content: space-between;
  gap: 4px;
`;

/** What others may ask of the composer. */
export interface ComposerHandle {
  /** Goes to a tab's text. */
  focus(tab?: Tab): void;
  /** Answers a message with a quote of it. */
  quote(message: Message): void;
  /** Puts something that was refused back to be changed. */
  restore(item: Outgoing): void;
  /** Puts words into the answer. */
  write(text: string): void;
  attach(files: Iterable<File>): void;
}

interface Props {
  session: string;
  conversation: Conversation;
  actions: Actions;
  messages: readonly Message[];
  people: People;
  outbox: Outbox;
  handle: Ref<ComposerHandle>;
  /** Is called with every key of an answer. */
  typing(): void;
  /** Is called when something was sent. */
  sent(): void;
  /** Leaves the text for the log. */
  leave(): void;
}

/** The composer of a conversation. */
export default function Composer({ session, conversation, actions, messages, people, outbox, handle, typing, sent, leave }: Props) {
  const id = useId();
  const may = writable(session, conversation);
  const window = useWindow(conversation.window);
  const drafts = useDrafts(session);
  const attachments = useAttachments(session);
  const [tab, setTab] = useState<Tab>("reply");
  const [quote, setQuote] = useState<Message>();
  const [keep, setKeep] = useState(false);
  const [templates, setTemplates] = useState(false);
  const [asked, setAsked] = useState<Message>();
  const [blocked, setBlocked] = useState(false);
  const field = useRef<FieldHandle>(null);
  const shut = window?.level === "closed";
  const known = useRef<Set<string>>();
  const current = useRef(messages);
  current.current = messages;
  const texts = drafts.texts;
  const writing = may.reply && (!shut || keep || texts.reply !== "" || attachments.list.length > 0);

  const note = useCallback(() => (known.current ??= new Set(current.current.map((one) => one.id))), []);
  useEffect(() => {
    if (drafts.ready && texts.reply && messages.length) note();
  }, [drafts.ready, texts.reply, messages.length, note]);
  const write = (to: Tab, text: string) => {
    if (to === "reply") {
      if (text) {
        note();
        typing();
      } else known.current = undefined;
      setBlocked(false);
    }
    drafts.write(to, text);
  };
  const go = (to: Tab) => {
    setTab(to);
    requestAnimationFrame(() => field.current?.focus());
  };
  useImperativeHandle(handle, () => ({
    focus: (to) => go(to ?? tab),
    quote: (message) => {
      setQuote(message);
      setKeep(true);
      go("reply");
    },
    restore: (item) => {
      const to: Tab = item.kind === "note" ? "note" : "reply";
      write(to, [item.text, texts[to]].filter(Boolean).join("\n"));
      if (item.quote) setQuote(item.quote);
      if (item.file) attachments.add([item.file.file], item.file.voice);
      setKeep(true);
      go(to);
    },
    write: (text) => {
      write("reply", [texts.reply, text].filter(Boolean).join("\n"));
      setKeep(true);
      go("reply");
    },
    attach: (files) => {
      attachments.add(files);
      setKeep(true);
      go("reply");
    },
  }));

  const common = () => ({ newID, at: now() });
  const done = (to: Tab) => {
    drafts.write(to, "");
    drafts.flush();
    sent();
    requestAnimationFrame(() => field.current?.focus());
  };
  const answering = { text: texts.reply, quote, files: attachments.list };
  const send = (sure = false) => {
    if (empty(answering)) return;
    if (obstacle(answering)) return setBlocked(true);
    const other = sure || !known.current ? undefined : overtaken(messages, known.current, people.me);
    if (other) return setAsked(other);
    for (const item of outgoing(texts.reply, quote, attachments.take(), common())) outbox.send(session, item);
    known.current = undefined;
    setQuote(undefined);
    setAsked(undefined);
    setBlocked(false);
    setKeep(false);
    done("reply");
  };
  const save = () => {
    if (texts.note.trim() === "") return;
    outbox.send(session, noted(texts.note, common()));
    done("note");
  };
  const back = () => {
    for (const one of messages) known.current?.add(one.id);
    setAsked(undefined);
    field.current?.focus();
  };

  const onNote = tab === "note" && may.note;
  const shown: Tab = onNote ? "note" : "reply";
  const picker = (
    <Suspense fallback={null}>
      <Templates
        number={conversation.number}
        customer={conversation.contact.name ?? ""}
        send={(call, text) => {
          outbox.send(session, templated(call, text, common()));
          setTemplates(false);
          sent();
        }}
      />
    </Suspense>
  );

  return (
    <Box $note={onNote} data-tab={shown}>
      <Head>
        <Tabs tab={shown} id={id} texts={texts} note={may.note} template={shut && may.reply && !writing} go={(to, focus) => (focus ? go(to) : setTab(to))} />
        {window?.level === "near" && may.reply && <WindowBadge window={conversation.window} />}
      </Head>
      <div id={id} role="tabpanel" aria-labelledby={`${id}-${shown}`} style={{ display: "grid", gap: 6, minWidth: 0 }}>
        {onNote ? (
          <Field key="note" ref={field} tab="note" session={session} text={texts.note} write={(text) => write("note", text)} send={save} leave={leave} />
        ) : !may.reply ? (
          <Ended why={may.why ?? "chat.ended.forbidden"} actions={actions} />
        ) : shut && !writing ? (
          <Closed
            keep={() => {
              setKeep(true);
              go("reply");
            }}
          >
            {may.template && picker}
          </Closed>
        ) : (
          <Field
            key="reply"
            ref={field}
            tab="reply"
            session={session}
            text={texts.reply}
            write={(text) => write("reply", text)}
            send={() => send()}
            leave={leave}
            attachments={attachments}
            quote={quote}
            who={people}
            unquote={() => setQuote(undefined)}
            kept={shut}
            toTemplate={may.template && !shut ? () => setTemplates(!templates) : undefined}
            obstacle={obstacle(answering)}
            blocked={blocked}
            nothing={empty(answering)}
            asked={asked}
            sure={() => send(true)}
            back={back}
          >
            {shut && <Keeping template={may.template ? () => (empty(answering) ? setKeep(false) : setTemplates(true)) : undefined} />}
            {templates && picker}
          </Field>
        )}
      </div>
    </Box>
  );
}
