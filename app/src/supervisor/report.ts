// The report's figures as the API tells them; the server computes, the page shows. Times are whole seconds.

export interface Spread {
  n: number;
  mean: number;
  p50: number;
  p90: number;
  max: number;
}

export interface Share {
  count: number;
  of: number;
  rate: number;
}

export interface Group {
  key: string;
  name: string;
  conversations: number;
  outcomes: Record<string, number>;
  served: Share;
  abandonment: Share;
  after_hours: Share;
  first_response: { open: Spread; wall: Spread };
  longest_wait: { open: Spread; wall: Spread };
  handling: { open: Spread; wall: Spread };
  satisfaction: { answers: number; mean: number; scores: number[] };
  paid_messages: number;
}

export interface Count {
  key: string;
  name: string;
  count: number;
  of: number;
  rate: number;
}

export interface Line {
  session: string;
  started: string;
  ended?: string;
  queue?: string;
  ticket?: number;
  company?: string;
  agent?: { id?: number; name?: string };
  audited?: { at?: string; outcome?: string; corrections?: string[]; evidence?: string; open?: string[]; overruled?: { at: string; outcome?: string; reason: string } };
}

export interface Report {
  zone: string;
  from: string;
  to: string;
  made: string;
  total: Group;
  outcomes: Count[];
  days: Group[];
  queues: Group[];
  agents: Group[];
  heat: number[][];
  rows: Line[];
}

/** Fewer cases than this say little. */
export const few = 20;

/** The day, as the API takes it, so many days before another in a zone. */
export function dayBefore(at: number, days: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: zone || undefined, year: "numeric", month: "2-digit", day: "2-digit" });
  const [year = 0, month = 1, day = 1] = format.format(at).split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day - days)).toISOString().slice(0, 10);
}

/** Those outcomes that occur, in the report's own order. */
export function occurring(report: Report): Count[] {
  return report.outcomes.filter((one) => one.count > 0);
}

/** The rows that the auditor judged, those judged last first. */
export function judged(rows: Line[]): Line[] {
  return rows.filter((one) => one.audited?.at).sort((a, b) => (b.audited?.at ?? "").localeCompare(a.audited?.at ?? ""));
}
