import { expect, test } from "vitest";
import { presets } from "./presets";

const zone = "America/Sao_Paulo";
const at = (text: string) => Date.parse(text);

test.each([
  ["a Monday morning", "2026-11-23T13:00:00Z", ["hour 2026-11-23T14:00:00.000Z", "today 2026-11-23T20:00:00.000Z", "tomorrow 2026-11-24T11:00:00.000Z", "monday 2026-11-30T11:00:00.000Z"]],
  ["late in the afternoon today is over", "2026-11-24T19:30:00Z", ["hour 2026-11-24T20:30:00.000Z", "tomorrow 2026-11-25T11:00:00.000Z", "monday 2026-11-30T11:00:00.000Z"]],
  ["on a Sunday tomorrow is Monday", "2026-11-22T15:00:00Z", ["hour 2026-11-22T16:00:00.000Z", "today 2026-11-22T20:00:00.000Z", "tomorrow 2026-11-23T11:00:00.000Z"]],
  ["just after midnight in São Paulo", "2026-12-31T03:10:00Z", ["hour 2026-12-31T04:10:00.000Z", "today 2026-12-31T20:00:00.000Z", "tomorrow 2027-01-01T11:00:00.000Z", "monday 2027-01-04T11:00:00.000Z"]],
])("%s", (_, now, want) => {
  expect(presets(at(now), zone).map((p) => `${p.name} ${new Date(p.at).toISOString()}`)).toEqual(want);
});
