// The text field of the composer with what belongs to it.

import { getColor } from "@zendeskgarden/react-theming";
import { type KeyboardEvent, type ReactNode, Suspense, forwardRef, lazy, useCallback, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { styled } from "styled-components";
import type { Message } from "../api/types";
import { useSpeech } from "../i18n";
import { Attached } from "./attached";
import type { Attachments } from "./attachments";
import type { CannedKeys } from "./canned";
import type { Tab } from "./drafts";
import { Asked, Obstacles, Quoting } from "./hints";
import { captioned } from "./limits";
import { paint } from "./parts";
import type { People } from "./people";
import type { Obstacle } from "./sending";
import { useEnterSends } from "./settings";
import { Toolbar } from "./toolbar";
import { type Edit, put, putBelow, tokenAt } from "./words";

const CannedReplies = lazy(() => import("./canned"));
const EmojiPicker = lazy(() => import("./emoji-picker"));
const Recorder = lazy(() => import("./recorder"));

const Text = styled.textarea<{ $note: boolean }>`
  display: block;
  width: 100%;
  min-height: 60px;
  max-height: min(240px, 34vh);
  padding: 8px;
  box-sizing: border-box;
  resize: vertical;
  field-sizing: content;
  border-radius: 6px;
  border: ${({ theme, $note }) => ($note ? `2px dashed ${paint.noteBorder(theme)}` : `1px solid ${getColor({ theme, variable: "border.emphasis" })}`)};
  background: ${({ theme }) => getColor({ theme, variable: "background.default" })};
  color: inherit;
  font: inherit;
  &::placeholder {
    color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
    opacity: 1;
  }
  &:focus-visible {
    outline: 2px solid ${({ theme, $note }) => ($note ? paint.noteBorder(theme) : getColor({ theme, variable: "border.primaryEmphasis" }))};
    outline-offset: 0;
  }
`;

/** What the composer asks of its field. */
export interface FieldHandle {
  focus(): void;
}

interface Props {
  tab: Tab;
  session: string;
  text: string;
  write(text: string): void;
  send(): void;
  leave(): void;
  attachments?: Attachments;
  quote?: Message | undefined;
  who?: People;
  unquote?: () => void;
  /** What is sent is kept until the customer writes. */
  kept?: boolean;
  toTemplate?: (() => void) | undefined;
  obstacle?: Obstacle | undefined;
  /** It was tried to send in spite of the obstacle. */
  blocked?: boolean;
  nothing?: boolean;
  /** Another agent's answer that came while this one was written. */
  asked?: Message | undefined;
  sure?: () => void;
  back?: () => void;
  children?: ReactNode;
}

type Panel = "" | "emoji" | "recorder";

/** A text with its tools. */
export const Field = forwardRef<FieldHandle, Props>(function Field(props, ref) {
  const { tab, session, text, write, send, leave, attachments, quote, who, kept = false, obstacle, blocked = false, asked } = props;
  const { t } = useSpeech();
  const [enter] = useEnterSends();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const keys = useRef<CannedKeys>(null);
  const pending = useRef<[number, number]>();
  const [caret, setCaret] = useState(0);
  const [shut, setShut] = useState(-1); // the token that the pop-up was closed at
  const [active, setActive] = useState("");
  const [panel, setPanel] = useState<Panel>("");
  const note = tab === "note";
  const token = tokenAt(text, caret);
  const open = token !== undefined && token.from !== shut;
  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus() }));
  useLayoutEffect(() => {
    if (!pending.current || !area.current) return;
    area.current.focus();
    area.current.setSelectionRange(...pending.current);
    setCaret(pending.current[1]);
    pending.current = undefined;
  }, [text]);
  const apply = (edit: Edit) => {
    pending.current = [edit.caret, edit.caret];
    write(edit.text);
  };
  const insert = (piece: string) => {
    const from = area.current?.selectionStart ?? text.length;
    apply(put(text, from, area.current?.selectionEnd ?? from, piece));
  };
  const pick = (piece: string, below: boolean) => {
    const from = token?.from ?? caret;
    apply((below ? putBelow : put)(text, from, caret, piece));
  };
  const slash = () => {
    setShut(-1);
    const before = text.slice(0, area.current?.selectionStart ?? text.length);
    insert(before === "" || /\s$/.test(before) ? "/" : " /");
  };
  const select = (name: string) => {
    const from = text.indexOf(name);
    area.current?.focus();
    if (from >= 0) area.current?.setSelectionRange(from, from + name.length);
  };
  const look = () => setCaret(area.current?.selectionEnd ?? 0);
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (open && keys.current?.key(event)) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Enter" && !event.altKey && (control || (enter && !note && !event.shiftKey))) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      if (panel) setPanel("");
      else if (asked) props.back?.();
      else if (quote) props.unquote?.();
      else leave();
    }
  };
  const toggle = (which: Panel) => setPanel(panel === which ? "" : which);
  const closePanel = useCallback(() => {
    setPanel("");
    area.current?.focus();
  }, []);
  return (
    <>
      {quote && who && <Quoting quote={quote} people={who} stop={() => props.unquote?.()} />}
      {open && (
        <Suspense fallback={null}>
          <CannedReplies session={session} query={token.query} id={`${id}-list`} keys={keys} pick={pick} close={() => setShut(token.from)} onActive={setActive} />
        </Suspense>
      )}
      {panel === "emoji" && (
        <Suspense fallback={null}>
          <EmojiPicker pick={insert} close={closePanel} />
        </Suspense>
      )}
      {panel === "recorder" && attachments && (
        <Suspense fallback={null}>
          <Recorder take={(file) => attachments.add([file], true)} close={closePanel} />
        </Suspense>
      )}
      {props.children}
      {attachments && <Attached attachments={attachments} />}
      <Text
        ref={area}
        rows={2}
        $note={note}
        value={text}
        aria-label={t(note ? "chat.note.label" : "chat.reply.label")}
        placeholder={t(note ? "chat.note.placeholder" : attachments?.list.some((one) => captioned(one.kind)) ? "chat.caption.placeholder" : "chat.reply.placeholder")}
        aria-describedby={obstacle ? `${id}-hint` : undefined}
        aria-autocomplete="list"
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open && active ? active : undefined}
        onChange={(event) => {
          setCaret(event.target.selectionEnd);
          if (event.target.value[shut] !== "/") setShut(-1);
          write(event.target.value);
        }}
        onSelect={look}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (!attachments || !files.length) return;
          event.preventDefault();
          attachments.add(files);
        }}
      />
      <div id={`${id}-hint`}>{obstacle && <Obstacles obstacle={obstacle} insist={blocked} go={select} />}</div>
      {asked && <Asked message={asked} sure={() => props.sure?.()} back={() => props.back?.()} />}
      <Toolbar
        note={note}
        kept={kept}
        off={note ? text.trim() === "" : (props.nothing ?? false)}
        panel={panel}
        attachments={attachments}
        canned={slash}
        emoji={() => toggle("emoji")}
        record={attachments ? () => toggle("recorder") : undefined}
        template={props.toTemplate}
        send={send}
      />
    </>
  );
});
