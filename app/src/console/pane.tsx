// The third column: the chat of the conversation that is open.

import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { Alert } from "@zendeskgarden/react-notifications";
import { getColor } from "@zendeskgarden/react-theming";
import { type MutableRefObject, type Ref, Suspense, lazy, memo, useEffect } from "react";
import { styled } from "styled-components";
import type { Action } from "../actions/action";
import { useActions } from "../actions/actions";
import { faultText } from "../actions/command";
import type { Conversation } from "../api/types";
import type { ChatHandle } from "../chat/chat";
import { SelectionProvider } from "../chat/selection";
import { useSpeech } from "../i18n";
import type { ApiError } from "../api/client";
import { usePage } from "../live/page";
import { Boundary } from "../ui/boundary";
import { Fault } from "../ui/fault";
import { ChatHeader, tail } from "./header";
import { useLate } from "./use-late";
import { useOpen } from "./use-open";

const Chat = lazy(() => import("../chat/chat").then((m) => ({ default: m.Chat })));

const Middle = styled.div`
  display: flex;
  flex: 1;
  flex-direction: column;
  min-height: 0;
  position: relative;
`;

const Note = styled.div`
  padding: 8px 12px;
`;

const Empty = styled.div`
  display: grid;
  flex: 1;
  place-content: center;
  gap: 6px;
  padding: 24px;
  text-align: center;
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** A line above the chat that says what to know before one writes. */
const Strip = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px 8px;
  padding: 5px 12px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.warningEmphasis" })};
  background: ${(p) => getColor({ theme: p.theme, variable: "background.warning" })};
  border-bottom: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.warning" })};
`;

interface Props {
  conversation: Conversation | undefined;
  error: ApiError | undefined;
  reload: () => void;
  /** The earlier session that is read, "" for the present one. */
  earlier: string;
  look: (session: string) => void;
  details: boolean;
  toggleDetails: () => void;
  goBack: () => void;
  /** What can be done now, for keys and palette. */
  actionsOf: MutableRefObject<Action[]>;
  /** The chat, for keys. */
  chat: Ref<ChatHandle>;
}

/** What is there while no conversation is open. */
export function NoConversation() {
  const { t } = useSpeech();
  return (
    <Empty>
      <strong>{t("console.none")}</strong>
      <span>{t("console.none.hint")}</span>
    </Empty>
  );
}

/** The chat of a conversation with its head. */
export const Pane = memo(function Pane({ conversation: c, error, reload, earlier, look, details, toggleDetails, goBack, actionsOf, chat }: Props) {
  const words = useSpeech();
  const { t } = words;
  const { session: own } = usePage();
  const actions = useActions(c);
  const late = useLate(!c && !error);
  useOpen(c);
  useEffect(() => {
    actionsOf.current = actions.list;
    return () => {
      actionsOf.current = [];
    };
  }, [actions.list, actionsOf]);

  if (error && (!c || error.status === 404)) {
    return (
      <Note>
        {error.status === 404 || error.status === 403 ? <Alert type="warning">{t("console.gone")}</Alert> : <Fault text={faultText(error, words)} again={reload} />}
        <Button size="small" isLink onClick={goBack}>
          {t("console.back.list")}
        </Button>
      </Note>
    );
  }
  if (!c) return <Note aria-busy="true">{late && <Skeleton height="72px" />}</Note>;
  const viewed = earlier || c.session;
  const waits = c.state === "queued" && !c.owner;
  const others = Boolean(c.owner) && c.owner !== own.agent.id && c.state === "active";
  return (
    <SelectionProvider key={viewed}>
      <ChatHeader conversation={c} actions={actions} viewed={viewed} look={look} details={details} toggleDetails={toggleDetails} goBack={goBack} />
      {actions.dialog}
      {error && <Fault text={faultText(error, words)} again={reload} />}
      {viewed !== c.session && (
        <Strip role="status">
          {t("console.sessions.reading", { id: tail(viewed) })}
          <Button size="small" onClick={() => look(c.session)}>
            {t("console.sessions.return")}
          </Button>
        </Strip>
      )}
      {waits && viewed === c.session && <Strip role="status">{c.queue ? t("console.take.hint", { queue: c.queue }) : t("console.take.hint.noqueue")}</Strip>}
      {others && viewed === c.session && <Strip role="status">{t("console.others.hint", { name: c.owner_name || `#${c.owner}` })}</Strip>}
      <Middle>
        <Boundary name={viewed}>
          <Suspense fallback={<Note aria-busy="true" />}>
            <Chat session={viewed} conversation={c} actions={actions} handle={chat} />
          </Suspense>
        </Boundary>
      </Middle>
    </SelectionProvider>
  );
});
