// What the auditor found, with its evidence, and what supervisors say instead.

import { pathOf } from "../api/client";
import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { Body, Caption, Cell, Head, HeaderCell, HeaderRow, Row, Table } from "@zendeskgarden/react-tables";
import { useState } from "react";
import { faultText } from "../actions/command";
import { useOnce } from "../actions/once";
import { OverruleDialog, outcomes } from "../actions/overrule";
import type { Conversation } from "../api/types";
import { type Key, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Choice } from "../actions/fields";
import { Fault } from "../ui/fault";
import { PeriodFields, usePeriod, useReport } from "./period";
import { type Line, judged } from "./report";

/** How many are shown at once. */
const most = 200;

/** The auditor's verdicts of a period. */
export default function Verdicts({ open }: { open: (session: string) => void }) {
  const words = useSpeech();
  const { t } = words;
  const [period, setPeriod] = usePeriod(7);
  const [again, setAgain] = useState(0);
  const [outcome, setOutcome] = useState("");
  const [overruling, setOverruling] = useState("");
  const { data, error } = useReport(period, again);
  const rows = judged(data?.rows ?? []).filter((one) => !outcome || (one.audited?.overruled ? one.audited.overruled.outcome : one.audited?.outcome) === outcome);
  return (
    <>
      <PeriodFields period={period} change={setPeriod}>
        <Choice
          label={t("supervisor.verdict.filter")}
          value={outcome}
          change={setOutcome}
          options={[{ value: "", label: t("supervisor.verdict.all") }, ...outcomes.map((one) => ({ value: one as string, label: t(`actions.outcome.${one}` as Key) }))]}
        />
      </PeriodFields>
      {error && <Fault text={faultText(error, words)} again={() => setAgain(again + 1)} />}
      {!data && !error && <Skeleton height="200px" />}
      {data && (
        <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={t("supervisor.verdicts")}>
          <Table size="small">
            <Caption>{t("supervisor.verdict.count", { n: rows.length })}</Caption>
            <Head>
              <HeaderRow>
                {(["when", "who", "outcome", "evidence", "act"] as const).map((one) => (
                  <HeaderCell key={one} scope="col">
                    {t(`supervisor.verdict.${one}`)}
                  </HeaderCell>
                ))}
              </HeaderRow>
            </Head>
            <Body>
              {rows.slice(0, most).map((one) => (
                <Verdict key={one.session} line={one} open={open} overrule={() => setOverruling(one.session)} />
              ))}
              {rows.length === 0 && (
                <Row>
                  <Cell colSpan={5}>{t("supervisor.verdict.none")}</Cell>
                </Row>
              )}
            </Body>
          </Table>
          {rows.length > most && <p>{t("supervisor.verdict.more", { n: rows.length - most })}</p>}
        </div>
      )}
      {overruling && (
        <Overruling
          session={overruling}
          close={() => {
            setOverruling("");
            setAgain(again + 1);
          }}
        />
      )}
    </>
  );
}

function Verdict({ line, open, overrule }: { line: Line; open: (session: string) => void; overrule: () => void }) {
  const { t, moment } = useSpeech();
  const { host } = usePage();
  const name = (key: string | undefined) => (key ? t(`actions.outcome.${key}` as Key) : t("supervisor.verdict.corrections"));
  const said = line.audited;
  return (
    <Row>
      <Cell>{moment(said?.at ?? line.started)}</Cell>
      <Cell>
        {line.company ?? ""} {line.agent?.name ? `· ${line.agent.name}` : ""} {line.queue ? `· ${line.queue}` : ""}
        {line.ticket ? (
          <Button size="small" isLink onClick={() => host.openTicket(line.ticket ?? 0)}>
            {t("common.ticket", { id: String(line.ticket) })}
          </Button>
        ) : null}
      </Cell>
      <Cell>
        {said?.overruled ? <s>{name(said.outcome)}</s> : name(said?.outcome)}
        {said?.overruled && (
          <div>
            {said.overruled.outcome ? name(said.overruled.outcome) : t("actions.overrule.none")}: {said.overruled.reason}
          </div>
        )}
        {(said?.open ?? []).map((one) => (
          <div key={one}>{one}</div>
        ))}
      </Cell>
      <Cell>{said?.evidence}</Cell>
      <Cell>
        <Button size="small" isBasic onClick={() => open(line.session)}>
          {t("supervisor.verdict.open")}
        </Button>
        <Button size="small" isBasic onClick={overrule}>
          {t("actions.overrule")}
        </Button>
      </Cell>
    </Row>
  );
}

function Overruling({ session, close }: { session: string; close: () => void }) {
  const conversation = useOnce<Conversation>(pathOf(session));
  return conversation ? <OverruleDialog conversation={{ ...conversation, session }} close={close} later={() => {}} /> : null;
}
