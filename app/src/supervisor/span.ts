import type { Speech } from "../i18n";

/** A time in whole seconds, for people: "45 s", "12 min", "2 h 05 min", "3 d 4 h". */
export function spanText(seconds: number, t: Speech["t"]): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t("supervisor.span.seconds", { n: s });
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return t("supervisor.span.minutes", { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return t("supervisor.span.hours", { hours, minutes: String(minutes % 60).padStart(2, "0") });
  return t("supervisor.span.days", { days: Math.floor(hours / 24), hours: hours % 24 });
}
