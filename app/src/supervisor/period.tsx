import { Field, Input } from "@zendeskgarden/react-forms";
import { useEffect, useState } from "react";
import { styled } from "styled-components";
import { ApiError } from "../api/client";
import { now } from "../clock";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { type Report, dayBefore } from "./report";

const Row = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: ${(p) => p.theme.space.sm};
  align-items: end;
  margin-bottom: ${(p) => p.theme.space.md};
`;

export interface Period {
  from: string;
  to: string;
}

/** The last so many days, today included. */
export function usePeriod(days: number): [Period, (p: Period) => void] {
  const { session } = usePage();
  return useState(() => ({ from: dayBefore(now(), days - 1, session.zone), to: dayBefore(now(), 0, session.zone) }));
}

/** The report of a period; read again when the period changes or n does. */
export function useReport({ from, to }: Period, n = 0): { data: Report | undefined; error: ApiError | undefined } {
  const { client } = usePage();
  const [state, setState] = useState<{ data: Report | undefined; error: ApiError | undefined }>({ data: undefined, error: undefined });
  useEffect(() => {
    const abort = new AbortController();
    client.get<Report>("/reports", { from, to }, abort.signal).then(
      (data) => setState({ data, error: undefined }),
      (error: unknown) => !abort.signal.aborted && setState((old) => ({ ...old, error: error instanceof ApiError ? error : new ApiError(0, "failed", "") })),
    );
    return () => abort.abort();
  }, [client, from, to, n]);
  return state;
}

/** The choice of a period. */
export function PeriodFields({ period, change, children }: { period: Period; change: (p: Period) => void; children?: React.ReactNode }) {
  const { t } = useSpeech();
  const { session } = usePage();
  return (
    <Row>
      {(["from", "to"] as const).map((one) => (
        <Field key={one}>
          <Field.Label>{t(`supervisor.period.${one}`)}</Field.Label>
          <Input isCompact type="date" value={period[one]} onChange={(e) => e.target.value && change({ ...period, [one]: e.target.value })} />
        </Field>
      ))}
      {children}
      <span>{t("supervisor.period.zone", { zone: session.zone })}</span>
    </Row>
  );
}
