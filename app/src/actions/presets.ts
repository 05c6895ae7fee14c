// When a conversation may be put off until.

/** A time that is offered. */
export interface Preset {
  name: "hour" | "today" | "tomorrow" | "monday";
  at: number;
}

/** The parts of a time in a zone. */
function parts(at: number, zone: string): { year: number; month: number; day: number; weekday: number; minutes: number } {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone || undefined, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", weekday: "short" });
  const map = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value]));
  return {
    year: Number(map.year),
    month: Number(map.month),
    day: Number(map.day),
    weekday: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"].indexOf(map.weekday ?? ""),
    minutes: Number(map.hour) * 60 + Number(map.minute),
  };
}

/** The time at which clocks of a zone show an hour, so many days after a time. */
function clockTime(at: number, zone: string, days: number, hour: number): number {
  const p = parts(at, zone);
  const guess = Date.UTC(p.year, p.month - 1, p.day + days, hour);
  const shown = parts(guess, zone);
  const off = Date.UTC(shown.year, shown.month - 1, shown.day, 0, shown.minutes) - guess;
  return guess - off;
}

/** The times that are offered at a time: in an hour, today at 17 h, tomorrow at 8 h, next Monday at 8 h. */
export function presets(at: number, zone: string): Preset[] {
  const p = parts(at, zone);
  const list: Preset[] = [{ name: "hour", at: at + 3_600_000 }];
  if (p.minutes < 16 * 60 + 30) list.push({ name: "today", at: clockTime(at, zone, 0, 17) });
  list.push({ name: "tomorrow", at: clockTime(at, zone, 1, 8) });
  const monday = (8 - p.weekday) % 7 || 7;
  if (monday > 1) list.push({ name: "monday", at: clockTime(at, zone, monday, 8) });
  return list;
}
