// What there was before with the same contact.

import { pathOf } from "../api/client";
import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import type { Conversation, History } from "../api/types";
import { type Key, useSpeech } from "../i18n";
import { useReading } from "../live/data";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";
import { Card, Hint } from "./card";
import { useLate } from "./use-late";

const Items = styled.ul`
  margin: 2px 0 6px;
  padding: 0;
  list-style: none;
  font-size: ${(p) => p.theme.fontSizes.sm};
  & > li {
    padding: 3px 0;
  }
`;

const Head = styled.h3`
  margin: 4px 0 0;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
`;

/** Earlier conversations and tickets. look opens an earlier conversation to be read; without it they are named. */
export function HistoryCard({ conversation: c, look }: { conversation: Conversation; look?: (session: string) => void }) {
  const words = useSpeech();
  const { t, moment } = words;
  const { client, host } = usePage();
  const history = useReading<History>(
    `history ${c.session} ${c.state} ${c.ticket ?? 0}`,
    (signal) => client.get<History>(`${pathOf(c.session)}/history`, {}, signal),
    () => false,
  );
  const late = useLate(!history.data && !history.error);
  const before = history.data?.conversations.filter((one) => one.session !== c.session) ?? [];
  const tickets = history.data?.tickets.filter((one) => one.id !== c.ticket) ?? [];
  return (
    <Card title={t("console.history")}>
      {history.error && <Fault text={faultText(history.error, words)} again={history.reload} />}
      {late && <Skeleton height="40px" />}
      {history.data && before.length === 0 && tickets.length === 0 && <Hint>{t("console.history.none")}</Hint>}
      {before.length > 0 && (
        <>
          <Head>{t("console.history.conversations")}</Head>
          <Items>
            {before.map((one) => (
              <li key={one.session}>
                {look ? (
                  <Button size="small" isLink onClick={() => look(one.session)} aria-label={t("console.history.look", { time: moment(one.started) })}>
                    {moment(one.started)}
                  </Button>
                ) : (
                  moment(one.started)
                )}{" "}
                {[t(`state.${one.state}`), one.subject, one.queue].filter(Boolean).join(" · ")}
              </li>
            ))}
          </Items>
        </>
      )}
      {tickets.length > 0 && (
        <>
          <Head>{t("console.history.tickets")}</Head>
          <Items>
            {tickets.map((one) => (
              <li key={one.id}>
                <Button size="small" isLink onClick={() => host.openTicket(one.id)}>
                  #{one.id}
                </Button>{" "}
                {one.subject} {one.status && <Hint>({t(`console.status.${one.status}` as Key)})</Hint>}
              </li>
            ))}
          </Items>
        </>
      )}
    </Card>
  );
}
