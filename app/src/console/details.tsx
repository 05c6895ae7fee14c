// What is known of a conversation, in cards.

import copy from "@zendeskgarden/svg-icons/src/16/copy-stroke.svg?raw";
import { Button, IconButton } from "@zendeskgarden/react-buttons";
import { styled } from "styled-components";
import type { Conversation } from "../api/types";
import { type Key, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Icon } from "../ui/icon";
import { Bad, Card, Fact, Facts, Good, Hint } from "./card";
import { CompanyCard } from "./company";
import { HistoryCard } from "./history";
import { nameOf, phoneOf } from "./initials";
import { Chip } from "./row-parts";

export { CompanyCard } from "./company";
export { HistoryCard } from "./history";

interface Props {
  conversation: Conversation;
}

const Tags = styled.span`
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
`;

const Copy = styled.span`
  display: flex;
  align-items: center;
  gap: 4px;
`;

const Evidence = styled.p`
  margin: 4px 0 0;
  font-size: ${(p) => p.theme.fontSizes.sm};
  white-space: pre-line;
`;

/** Who writes. */
export function ContactCard({ conversation: c }: Props) {
  const { t } = useSpeech();
  return (
    <Card title={t("console.contact")}>
      <Facts>
        <Fact name={t("console.contact.name")}>{nameOf(c.contact, "")}</Fact>
        <Fact name={t("console.contact.phone")}>{c.contact.phone && phoneOf(c.contact.phone)}</Fact>
        <Fact name={t("console.contact.email")}>{c.email ?? (c.flags?.includes("no_email") && <Bad>{t("console.flag.no_email")}</Bad>)}</Fact>
        {c.requester && <Fact name={t("console.contact.requester")}>{c.requester}</Fact>}
      </Facts>
    </Card>
  );
}

/** The attendance itself: its ids, where it stands, its marks. */
export function SessionCard({ conversation: c }: Props) {
  const { t, moment } = useSpeech();
  const { toast } = usePage();
  const copySession = () => {
    const work = navigator.clipboard ? navigator.clipboard.writeText(c.session) : Promise.reject(new Error("no clipboard"));
    work.then(
      () => toast(t("console.copied"), "success"),
      () => toast(t("console.copy.failed", { text: c.session }), "error"),
    );
  };
  const marks = [c.attention && t("console.row.attention"), c.muted && t("console.row.muted"), c.snoozed_until && t("console.snoozed", { time: moment(c.snoozed_until) })].filter(Boolean);
  return (
    <Card title={t("console.session")}>
      <Facts>
        <Fact name={t("console.session.state")}>{t(`state.${c.state}`)}</Fact>
        <Fact name={t("console.session.owner")}>{c.owner ? c.owner_name || `#${c.owner}` : t("console.session.nobody")}</Fact>
        <Fact name={t("console.session.queue")}>{c.queue}</Fact>
        <Fact name={t("console.session.attendance")}>{c.attendance}</Fact>
        <Fact name={t("console.session.id")}>
          <Copy>
            <span>{c.session}</span>
            <IconButton size="small" aria-label={t("console.copy")} title={t("console.copy")} onClick={copySession}>
              <Icon svg={copy} size={12} />
            </IconButton>
          </Copy>
        </Fact>
        <Fact name={t("console.session.number")}>{c.number_name || c.number}</Fact>
        <Fact name={t("console.session.subject")}>{c.subject}</Fact>
        <Fact name={t("console.session.category")}>{c.category}</Fact>
        <Fact name={t("console.session.started")}>{moment(c.started)}</Fact>
        {marks.length > 0 && <Fact name={t("console.session.marks")}>{marks.join(" · ")}</Fact>}
        <Fact name={t("console.session.tags")}>
          {c.tags && c.tags.length > 0 && (
            <Tags>
              {c.tags.map((tag) => (
                <Chip key={tag}>{tag}</Chip>
              ))}
            </Tags>
          )}
        </Fact>
        {c.waiting.kept > 0 && <Fact name={t("console.session.kept")}>{t("console.session.kept.text", { n: c.waiting.kept })}</Fact>}
      </Facts>
    </Card>
  );
}

/** The ticket, and whether it is this conversation's. */
export function TicketCard({ conversation: c }: Props) {
  const { t } = useSpeech();
  const { host } = usePage();
  const wrong = c.mismatches ?? [];
  return (
    <Card
      title={t("console.ticket")}
      side={
        c.ticket ? (
          <Button size="small" isLink onClick={() => c.ticket && host.openTicket(c.ticket)}>
            {t("common.ticket", { id: String(c.ticket) })}
          </Button>
        ) : undefined
      }
    >
      <Facts>
        <Fact name={t("console.ticket.match")}>
          {wrong.length > 0 ? (
            wrong.map((one) => (
              <div key={one}>
                <Bad>{t(`console.mismatch.${one}` as Key)}</Bad>
              </div>
            ))
          ) : c.ticket ? (
            <Good>✓ {t("console.ticket.matches")}</Good>
          ) : (
            t("console.ticket.none")
          )}
        </Fact>
        {c.waiting.ticket > 0 && <Fact name={t("console.ticket.waiting")}>{t("console.ticket.waiting.text", { n: c.waiting.ticket })}</Fact>}
      </Facts>
    </Card>
  );
}

const outcomes = new Set(["not_assumed", "client_abandonment", "agent_abandonment", "after_hours", "agent_unavailable", "bot_abandoned", "no_organization", "wrong_title", "none"]);

/** What the auditor and the customer said. Nothing where neither did. */
export function VerdictCard({ conversation: c }: Props) {
  const { t, moment } = useSpeech();
  const { verdict, survey } = c;
  const called = (code: string | undefined) => (code && outcomes.has(code) ? t(`console.outcome.${code}` as Key) : code || t("console.outcome.none"));
  return (
    <>
      {verdict && (
        <Card title={t("console.verdict")} side={<Hint>{moment(verdict.at)}</Hint>}>
          <Facts>
            <Fact name={t("console.verdict.outcome")}>
              {verdict.overruled ? (
                <>
                  <s>{called(verdict.outcome)}</s> {called(verdict.overruled.outcome)}
                </>
              ) : (
                called(verdict.outcome)
              )}
            </Fact>
            {verdict.overruled && <Fact name={t("console.verdict.overruled")}>{verdict.overruled.reason}</Fact>}
            {verdict.corrections && verdict.corrections.length > 0 && <Fact name={t("console.verdict.corrections")}>{verdict.corrections.map(called).join(", ")}</Fact>}
            {verdict.open && verdict.open.length > 0 && <Fact name={t("console.verdict.open")}>{verdict.open.map(called).join(", ")}</Fact>}
          </Facts>
          {verdict.evidence && <Evidence>{verdict.evidence}</Evidence>}
        </Card>
      )}
      {survey && survey.length > 0 && (
        <Card title={t("console.survey")}>
          <Facts>
            <Fact name={t("console.survey.answers")}>{survey.map((n) => `${n}/5`).join(" · ")}</Fact>
          </Facts>
        </Card>
      )}
    </>
  );
}

/** All cards of a conversation. look opens an earlier one. */
export function Details({ conversation, look }: Props & { look?: (session: string) => void }) {
  return (
    <>
      <ContactCard conversation={conversation} />
      <CompanyCard conversation={conversation} />
      <TicketCard conversation={conversation} />
      <SessionCard conversation={conversation} />
      <VerdictCard conversation={conversation} />
      <HistoryCard conversation={conversation} {...(look ? { look } : {})} />
    </>
  );
}
