// The report's figures and charts. Every chart stands as a table, too.

import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { Suspense, lazy, useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { saveBytes } from "../ui/save";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";
import { PeriodFields, usePeriod, useReport } from "./period";
import { type Report, few } from "./report";
import { spanText } from "./span";
import { GroupTable, Heat } from "./tables";

const Charts = lazy(() => import("./charts"));

const Tiles = styled.dl`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(160px, 1fr));
  gap: ${(p) => p.theme.space.md};
  margin: 0 0 ${(p) => p.theme.space.md};
  dd {
    margin: 0;
    font-size: ${(p) => p.theme.fontSizes.lg};
    font-weight: ${(p) => p.theme.fontWeights.semibold};
  }
  small {
    display: block;
    font-weight: normal;
    font-size: ${(p) => p.theme.fontSizes.sm};
  }
`;

/** The report of a period. */
export default function Figures() {
  const words = useSpeech();
  const { t } = words;
  const { client, toast } = usePage();
  const [period, setPeriod] = usePeriod(30);
  const [again, setAgain] = useState(0);
  const { data, error } = useReport(period, again);
  const save = async (format: string) => {
    try {
      saveBytes(await client.read(`/reports?from=${period.from}&to=${period.to}&format=${format}`), `relatorio-${period.from}-a-${period.to}.${format}`);
    } catch (failed) {
      toast(faultText(failed, words), "error");
    }
  };
  return (
    <>
      <PeriodFields period={period} change={setPeriod}>
        {["xlsx", "csv", "html"].map((one) => (
          <Button key={one} size="small" onClick={() => void save(one)}>
            {t("supervisor.report.save", { format: one.toUpperCase() })}
          </Button>
        ))}
      </PeriodFields>
      {error && <Fault text={faultText(error, words)} again={() => setAgain(again + 1)} />}
      {!data && !error && <Skeleton height="320px" />}
      {data && data.total.conversations === 0 && <p>{t("supervisor.report.empty")}</p>}
      {data && data.total.conversations > 0 && (
        <>
          <Totals report={data} />
          <Suspense fallback={<Skeleton height="320px" />}>
            <Charts report={data} />
          </Suspense>
          <Heat report={data} />
          <GroupTable caption={t("supervisor.report.byQueue")} groups={data.queues} />
          <GroupTable caption={t("supervisor.report.byAgent")} groups={data.agents} />
        </>
      )}
    </>
  );
}

function Totals({ report }: { report: Report }) {
  const { t, number } = useSpeech();
  const g = report.total;
  const percent = (rate: number) => `${number(Math.round(rate * 1000) / 10)} %`;
  const cases = (n: number) => (n < few ? t("supervisor.report.few", { n }) : t("supervisor.report.cases", { n }));
  const first = g.first_response.open;
  const wait = g.longest_wait.open;
  const handling = g.handling.open;
  return (
    <Tiles>
      {[
        [t("supervisor.report.conversations"), number(g.conversations), ""],
        [t("supervisor.report.served"), percent(g.served.rate), cases(g.served.of)],
        [t("supervisor.report.abandonment"), percent(g.abandonment.rate), cases(g.abandonment.of)],
        [t("supervisor.report.afterHours"), percent(g.after_hours.rate), cases(g.after_hours.of)],
        [t("supervisor.report.first"), `${spanText(first.p50, t)} / ${spanText(first.p90, t)}`, cases(first.n)],
        [t("supervisor.report.wait"), `${spanText(wait.p50, t)} / ${spanText(wait.p90, t)}`, cases(wait.n)],
        [t("supervisor.report.handling"), `${spanText(handling.p50, t)} / ${spanText(handling.p90, t)}`, cases(handling.n)],
        [t("supervisor.report.csat"), g.satisfaction.answers ? number(Math.round(g.satisfaction.mean * 100) / 100) : "–", cases(g.satisfaction.answers)],
        [t("supervisor.report.paid"), number(g.paid_messages), ""],
      ].map(([name, value, hint]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value}
            {hint && <small>{hint}</small>}
          </dd>
        </div>
      ))}
    </Tiles>
  );
}
