// The report's charts, in a chunk of their own: the chart library is larger than the rest of the page.

import { Button } from "@zendeskgarden/react-buttons";
import { Body, Caption, Cell, Head, HeaderCell, HeaderRow, Row, Table } from "@zendeskgarden/react-tables";
import { getColor } from "@zendeskgarden/react-theming";
import { type ReactNode, useState } from "react";
import { Bar, BarChart, CartesianGrid, Legend, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { styled, useTheme } from "styled-components";
import { useSpeech } from "../i18n";
import { type Report, occurring } from "./report";
import { spanText } from "./span";

const Figure = styled.figure`
  margin: 0 0 ${(p) => p.theme.space.lg};
  figcaption {
    display: flex;
    gap: ${(p) => p.theme.space.sm};
    align-items: center;
    font-weight: ${(p) => p.theme.fontWeights.semibold};
    margin-bottom: ${(p) => p.theme.space.xs};
  }
`;

/** Hues of the outcomes, in the report's order. */
const hues = ["green", "blue", "yellow", "orange", "red", "purple", "azure", "lemon", "grey", "crimson", "kale", "fuschia", "teal"] as const;

/** Bars of outcomes by day and lines of the first response. */
export default function Charts({ report }: { report: Report }) {
  const { t, number } = useSpeech();
  const theme = useTheme();
  const ink = getColor({ theme, variable: "foreground.subtle" });
  const paper = getColor({ theme, variable: "background.raised" });
  const outcomes = occurring(report);
  const day = (key: unknown) => String(key).slice(8, 10) + "/" + String(key).slice(5, 7);
  const bars = report.days.map((one) => ({ key: one.key, ...Object.fromEntries(outcomes.map((o) => [o.key, one.outcomes[o.key] ?? 0])) }));
  const lines = report.days.filter((one) => one.first_response.open.n > 0).map((one) => ({ key: one.key, p50: one.first_response.open.p50, p90: one.first_response.open.p90 }));
  const color = (i: number) => getColor({ theme, hue: hues[i % hues.length] ?? "grey", shade: theme.colors.base === "dark" ? 500 : 600 });
  const tip = { contentStyle: { background: paper, borderColor: ink }, isAnimationActive: false } as const;
  return (
    <>
      <Chart
        title={t("supervisor.report.byDay")}
        table={<Numbers caption={t("supervisor.report.byDay")} columns={outcomes.map((o) => o.name)} rows={bars.map((b) => [day(b.key), ...outcomes.map((o) => number(Number((b as Record<string, unknown>)[o.key])))])} />}
      >
        <BarChart data={bars} accessibilityLayer>
          <CartesianGrid vertical={false} stroke={ink} strokeOpacity={0.3} />
          <XAxis dataKey="key" tickFormatter={day} stroke={ink} />
          <YAxis allowDecimals={false} stroke={ink} width={40} />
          <Tooltip {...tip} labelFormatter={day} itemSorter={(item) => outcomes.findIndex((o) => o.name === item.name)} />
          <Legend itemSorter={null} />
          {outcomes.map((o, i) => (
            <Bar key={o.key} dataKey={o.key} name={o.name} stackId="day" fill={color(i)} isAnimationActive={false} />
          ))}
        </BarChart>
      </Chart>
      <Chart
        title={t("supervisor.report.firstByDay")}
        table={<Numbers caption={t("supervisor.report.firstByDay")} columns={["p50", "p90"]} rows={lines.map((l) => [day(l.key), spanText(l.p50, t), spanText(l.p90, t)])} />}
      >
        <LineChart data={lines} accessibilityLayer>
          <CartesianGrid vertical={false} stroke={ink} strokeOpacity={0.3} />
          <XAxis dataKey="key" tickFormatter={day} stroke={ink} />
          <YAxis stroke={ink} width={72} tickFormatter={(s: number) => spanText(s, t)} />
          <Tooltip {...tip} labelFormatter={day} formatter={(s) => spanText(Number(s), t)} />
          <Legend itemSorter={null} />
          <Line dataKey="p50" name="p50" stroke={color(1)} strokeWidth={2} isAnimationActive={false} />
          <Line dataKey="p90" name="p90" stroke={color(3)} strokeWidth={2} strokeDasharray="6 4" isAnimationActive={false} />
        </LineChart>
      </Chart>
    </>
  );
}

function Chart({ title, table, children }: { title: string; table: ReactNode; children: ReactNode }) {
  const { t } = useSpeech();
  const [asTable, setAsTable] = useState(false);
  return (
    <Figure>
      <figcaption>
        {title}
        <Button size="small" isLink aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {t(asTable ? "supervisor.report.asChart" : "supervisor.report.asTable")}
        </Button>
      </figcaption>
      {asTable ? (
        table
      ) : (
        <ResponsiveContainer width="100%" height={260}>
          {children}
        </ResponsiveContainer>
      )}
    </Figure>
  );
}

function Numbers({ caption, columns, rows }: { caption: string; columns: string[]; rows: string[][] }) {
  const { t } = useSpeech();
  return (
    <div style={{ overflowX: "auto" }} tabIndex={0} role="region" aria-label={caption}>
      <Table size="small">
        <Caption hidden>{caption}</Caption>
        <Head>
          <HeaderRow>
            <HeaderCell scope="col">{t("supervisor.report.day")}</HeaderCell>
            {columns.map((one) => (
              <HeaderCell key={one} scope="col">
                {one}
              </HeaderCell>
            ))}
          </HeaderRow>
        </Head>
        <Body>
          {rows.map((cells) => (
            <Row key={cells[0]}>
              {cells.map((one, i) => (
                <Cell key={i}>{one}</Cell>
              ))}
            </Row>
          ))}
        </Body>
      </Table>
    </div>
  );
}
