// Tables of figures: the heat map by hour and weekday, and groups.

import { Body, Caption, Cell, Head, HeaderCell, HeaderRow, Row, Table } from "@zendeskgarden/react-tables";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import type { Group, Report } from "./report";
import { spanText } from "./span";

const Wide = styled.div`
  overflow-x: auto;
  margin-bottom: ${(p) => p.theme.space.lg};
`;

const Map = styled.table`
  border-collapse: collapse;
  font-size: ${(p) => p.theme.fontSizes.sm};
  caption {
    text-align: start;
    font-weight: ${(p) => p.theme.fontWeights.semibold};
    padding-bottom: ${(p) => p.theme.space.xs};
  }
  th,
  td {
    padding: 2px 5px;
    text-align: center;
    font-weight: normal;
  }
  th[scope="row"] {
    text-align: start;
  }
`;

const Warm = styled.td<{ $share: number }>`
  background: ${(p) => (p.$share > 0 ? getColor({ theme: p.theme, hue: "blue", shade: p.theme.colors.base === "dark" ? 900 : 300, transparency: Math.max(0.15, p.$share) }) : "transparent")};
`;

/** When conversations began: hours by weekdays, from Monday on. */
export function Heat({ report }: { report: Report }) {
  const { t, number, language } = useSpeech();
  const most = Math.max(1, ...report.heat.flat());
  const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  return (
    <Wide tabIndex={0} role="region" aria-label={t("supervisor.report.heat")}>
      <Map>
        <caption>{t("supervisor.report.heat")}</caption>
        <thead>
          <tr>
            <td />
            {report.heat[0]?.map((_, hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.heat.map((hours, day) => (
            <tr key={day}>
              <th scope="row">{weekday.format(Date.UTC(2024, 0, 1 + day))}</th>
              {hours.map((n, hour) => (
                <Warm key={hour} $share={n / most}>
                  {n ? number(n) : ""}
                </Warm>
              ))}
            </tr>
          ))}
        </tbody>
      </Map>
    </Wide>
  );
}

/** The figures of groups, one a line. */
export function GroupTable({ caption, groups }: { caption: string; groups: Group[] }) {
  const { t, number } = useSpeech();
  return (
    <Wide tabIndex={0} role="region" aria-label={caption}>
      <Table size="small">
        <Caption>{caption}</Caption>
        <Head>
          <HeaderRow>
            {(["name", "conversations", "abandonment", "first", "wait", "csat"] as const).map((one) => (
              <HeaderCell key={one} scope="col">
                {t(`supervisor.report.${one}`)}
              </HeaderCell>
            ))}
          </HeaderRow>
        </Head>
        <Body>
          {groups.map((g) => (
            <Row key={g.key || "-"}>
              <Cell>{g.name || t("supervisor.report.nobody")}</Cell>
              <Cell>{number(g.conversations)}</Cell>
              <Cell>{`${number(Math.round(g.abandonment.rate * 100))} %`}</Cell>
              <Cell>{g.first_response.open.n ? `${spanText(g.first_response.open.p50, t)} / ${spanText(g.first_response.open.p90, t)}` : "–"}</Cell>
              <Cell>{g.longest_wait.open.n ? `${spanText(g.longest_wait.open.p50, t)} / ${spanText(g.longest_wait.open.p90, t)}` : "–"}</Cell>
              <Cell>{g.satisfaction.answers ? number(Math.round(g.satisfaction.mean * 100) / 100) : "–"}</Cell>
            </Row>
          ))}
        </Body>
      </Table>
    </Wide>
  );
}
