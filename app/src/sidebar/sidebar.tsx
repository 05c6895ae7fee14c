// The app beside a ticket.

import { Skeleton } from "@zendeskgarden/react-loaders";
import { Suspense, lazy, useEffect, useState } from "react";
import { styled } from "styled-components";
import { ActionBar } from "../actions/bar";
import { useActions } from "../actions/actions";
import { faultText } from "../actions/command";
import { Chat } from "../chat/chat";
import { SelectionProvider } from "../chat/selection";
import { useConversation, useTicket } from "../live/data";
import { usePage } from "../live/page";
import { useSpeech, withWords } from "../i18n";
import { Fault } from "../ui/fault";
import { Stale } from "../ui/stale";
import { Facts } from "./facts";
import { Nothing } from "./nothing";

const Details = lazy(() => withWords("console", () => import("./details")));

/** The least height that the chat is of use in; that which the page needs, and asks for where Zendesk gave less, in pixels. */
const least = 340;
const needed = 480;
const height = 640;

const Column = styled.main`
  display: flex;
  flex-direction: column;
  height: 100%;
  overflow-y: auto;
`;

const Top = styled.div`
  display: grid;
  gap: ${(p) => p.theme.space.xs};
  padding: ${(p) => p.theme.space.xs} ${(p) => p.theme.space.sm};
`;

const Middle = styled.div`
  flex: 1 0 ${least}px;
  min-height: ${least}px;
  max-height: 100%;
  display: flex;
  flex-direction: column;
`;

/** The app beside a ticket: who it is, how long they wait, the chat, and all there is to do. */
export function Sidebar() {
  const { host, live } = usePage();
  const [ticket, setTicket] = useState<number>();
  useEffect(() => {
    if (window.innerHeight < needed) host.resize(height);
    host.onShown((shown) => (shown ? live.resume() : live.pause()));
    host.ticket().then(setTicket, () => setTicket(0));
    live.start();
  }, [host, live]);
  if (ticket === undefined) return <Waiting />;
  return <OfTicket ticket={ticket} />;
}

function Waiting() {
  const { t } = useSpeech();
  return (
    <Top aria-busy="true" aria-label={t("common.loading")}>
      <Skeleton height="24px" />
      <Skeleton height="80px" />
      <Skeleton height="240px" />
    </Top>
  );
}

function OfTicket({ ticket }: { ticket: number }) {
  const words = useSpeech();
  const found = useTicket(ticket);
  const session = found.data?.session ?? "";
  const conversation = useConversation(session);
  const shown = conversation.data ?? found.data ?? undefined;
  const actions = useActions(shown);
  const [more, setMore] = useState(false);
  if (found.error) return <Fault text={faultText(found.error, words)} again={found.reload} />;
  if (found.data === undefined) return <Waiting />;
  if (!shown) return <Nothing ticket={ticket} begun={found.reload} />;
  return (
    <SelectionProvider key={shown.session}>
      <Column>
        <Stale />
        <Top>
          <Facts conversation={shown} more={more} toggle={() => setMore(!more)} />
          {more && (
            <Suspense fallback={<Skeleton height="120px" />}>
              <Details conversation={shown} />
            </Suspense>
          )}
          <ActionBar actions={actions} />
          {actions.dialog}
        </Top>
        <Middle>
          <Chat session={shown.session} conversation={shown} actions={actions} />
        </Middle>
      </Column>
    </SelectionProvider>
  );
}
