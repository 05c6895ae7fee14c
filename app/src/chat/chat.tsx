// The chat of one conversation: its messages and the composer.

import copy from "@zendeskgarden/svg-icons/src/16/copy-stroke.svg?raw";
import eye from "@zendeskgarden/svg-icons/src/16/eye-hide-stroke.svg?raw";
import pick from "@zendeskgarden/svg-icons/src/16/check-box-stroke.svg?raw";
import reply from "@zendeskgarden/svg-icons/src/16/arrow-reverse-stroke.svg?raw";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { getColor } from "@zendeskgarden/react-theming";
import { type DragEvent, type KeyboardEvent, type Ref, Suspense, lazy, useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { styled } from "styled-components";
import type { Actions } from "../actions/action";
import type { Conversation, Message } from "../api/types";
import { useSpeech } from "../i18n";
import { useMessages } from "../live/data";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";
import { wordsOf } from "./body";
import type { LogDeeds } from "./about";
import type { ComposerHandle } from "./composer";
import type { Tab } from "./drafts";
import { greets, useGreeting } from "./greet";
import { useHere, useVisible } from "./here";
import { Present } from "./present";
import { Log } from "./log";
import { Menu, type MenuItem } from "./menu";
import { outboxOf, useOutbox } from "./outbox";
import { Line, Plain, Small } from "./parts";
import { rowsOf, spoken } from "./rows";
import { useSeen } from "./seen";
import { useLogSelection } from "./selection";
import { writable } from "./status";

const Composer = lazy(() => import("./composer"));

const Frame = styled.div`
  position: relative;
  display: flex;
  flex: 1;
  flex-direction: column;
  width: 100%;
  min-width: 0;
  height: 100%;
  min-height: 0;
`;

const Loading = styled.div`
  flex: 1;
  display: grid;
  align-content: end;
  gap: 12px;
  padding: 12px;
`;

/** Keeps the place of the composer while it is loaded. */
const Room = styled.div`
  flex: none;
  height: 172px;
`;

const Chosen = styled(Line)`
  padding: 6px 12px;
  border-bottom: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
`;

const Drop = styled.div`
  position: absolute;
  inset: 0;
  z-index: 20;
  display: grid;
  place-items: center;
  padding: 16px;
  text-align: center;
  pointer-events: none;
  border: 3px dashed ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.default", transparency: theme.opacity[1000] })};
`;

/** What others may ask of a chat. */
export interface ChatHandle {
  /** Goes to the text of a tab. */
  focus(tab?: Tab): void;
}

interface Props {
  session: string;
  conversation: Conversation | undefined;
  actions: Actions;
  /** For keys such as R and N. */
  handle?: Ref<ChatHandle>;
}

/** The chat of one conversation. It fills its parent's height. */
export function Chat(props: Props) {
  return <OfSession key={props.session} {...props} />;
}

/** Whether a pause has passed: what comes at once needs no placeholder. */
function useAfter(ms: number): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOver(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return over;
}

function OfSession({ session, conversation, actions, handle }: Props) {
  const { t, day } = useSpeech();
  const page = usePage();
  const { client, toast } = page;
  const frame = useRef<HTMLDivElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const reading = useMessages(session);
  const messages = reading.data?.messages;
  const outbox = outboxOf(client);
  const sending = useOutbox(outbox, session, messages);
  const [atEnd, setAtEnd] = useState(true);
  const visible = useVisible(frame);
  const here = useHere(session, visible);
  const seen = useSeen(session, messages, visible && atEnd);
  useGreeting(session, visible, greets(session, conversation, messages, page.session.agent.id));
  const selection = useLogSelection();
  const waited = useAfter(200);
  const [menu, setMenu] = useState<{ message: Message; anchor: HTMLElement }>();
  const [over, setOver] = useState(false);
  const may = conversation && writable(session, conversation);
  const me = page.session.agent.id;
  const customer = conversation?.contact.name ?? "";
  const people = useMemo(() => ({ me, customer }), [me, customer]);
  const rows = useMemo(() => rowsOf(messages ?? [], sending, seen.unread ?? "", day), [messages, sending, seen.unread, day]);

  useEffect(() => {
    outbox.lost = () => toast(t("chat.lost"), "error");
  }, [outbox, toast, t]);
  const taken = sending.filter((one) => one.state === "taken").length;
  const { reload } = reading;
  useEffect(() => {
    if (taken) reload(); // the list has them, also where no live update tells
  }, [taken, reload]);
  const { offer, stop } = selection;
  useEffect(() => offer((messages ?? []).filter(spoken).map((one) => one.id)), [messages, offer]);
  useEffect(() => stop, [stop]);

  useImperativeHandle(handle, () => ({ focus: (tab) => composer.current?.focus(tab) }));
  const deeds = useMemo<LogDeeds>(
    () => ({
      menu: (message, anchor) => setMenu({ message, anchor }),
      jump: () => {},
      retry: (item) => outbox.again(session, item.id),
      edit: (item) => {
        composer.current?.restore(item);
        outbox.tell(session, { kind: "dropped", id: item.id });
      },
      drop: (item) => outbox.tell(session, { kind: "dropped", id: item.id }),
      reuse: (message) => composer.current?.write(message.text ?? ""),
    }),
    [outbox, session],
  );
  const leave = useCallback(() => frame.current?.querySelector<HTMLElement>('[role="article"][tabindex="0"]')?.focus(), []);
  const items = (message: Message): MenuItem[] => [
    ...(may?.reply && message.wamid && message.kind === "message" ? [{ label: t("chat.menu.reply"), svg: reply, run: () => composer.current?.quote(message) }] : []),
    ...(wordsOf(message) ? [{ label: t("chat.menu.copy"), svg: copy, run: () => void navigator.clipboard?.writeText(wordsOf(message)).then(() => toast(t("chat.menu.copied")), () => toast(t("chat.menu.notCopied"), "warning")) }] : []),
    { label: t("chat.menu.unread"), svg: eye, run: () => void seen.mark(message).then(() => toast(t("chat.unread.done")), () => toast(t("chat.unread.failed"), "error")) },
    ...(selection.possible && !selection.active ? [{ label: t("chat.menu.select"), svg: pick, run: () => selection.toggle(message.id) }] : []),
  ];
  const keys = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).getAttribute("role") !== "article") return;
    const tab = { r: "reply", n: "note" }[event.key.toLowerCase()] as Tab | undefined;
    if (!tab) return;
    event.preventDefault();
    composer.current?.focus(tab);
  };
  const carries = (event: DragEvent) => may?.reply && event.dataTransfer.types.includes("Files");

  return (
    <Frame
      ref={frame}
      onKeyDown={keys}
      onDragOver={(event) => {
        if (!carries(event)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!carries(event)) return;
        event.preventDefault();
        composer.current?.attach([...event.dataTransfer.files]);
      }}
    >
      {selection.active && (
        <Chosen role="status">
          <span>{selection.ids.length ? t("chat.select.count", { n: selection.ids.length }) : t("chat.select.none")}</span>
          <Plain type="button" onClick={selection.stop}>
            {t("chat.select.stop")}
          </Plain>
        </Chosen>
      )}
      {reading.error && <Fault text={reading.error.message || t("chat.failed", { code: reading.error.code })} again={reload} />}
      {messages ? (
        <Log session={session} rows={rows} messages={messages} people={people} deeds={deeds} selection={selection} unread={seen.unread} onEnd={setAtEnd} />
      ) : (
        <Loading aria-busy={!reading.error}>
          {waited && !reading.error && (
            <>
              <Small>{t("chat.loading")}</Small>
              <Skeleton width="60%" height="48px" />
              <Skeleton width="70%" height="64px" />
              <Skeleton width="50%" height="48px" />
            </>
          )}
        </Loading>
      )}
      <Present others={here.others} />
      {conversation && (
        <Suspense fallback={<Room />}>
          <Composer
            session={session}
            conversation={conversation}
            actions={actions}
            messages={messages ?? []}
            people={people}
            outbox={outbox}
            handle={composer}
            typing={here.typing}
            sent={() => frame.current?.querySelector("[data-scroller]")?.scrollTo?.({ top: Number.MAX_SAFE_INTEGER })}
            leave={leave}
          />
        </Suspense>
      )}
      {over && <Drop>{t("chat.attach.drop")}</Drop>}
      {menu && <Menu anchor={menu.anchor} label={t("chat.menu")} items={items(menu.message)} close={() => setMenu(undefined)} />}
    </Frame>
  );
}
