// How times and telephone numbers are written, in Portuguese and on the sandbox's clock.

import { now } from "./server.js";

const hours = new Intl.DateTimeFormat("pt-BR", { hour: "2-digit", minute: "2-digit" });
const days = new Intl.DateTimeFormat("pt-BR", { weekday: "long", day: "numeric", month: "long" });
const shortDays = new Intl.DateTimeFormat("pt-BR", { day: "2-digit", month: "2-digit", year: "2-digit" });
const full = new Intl.DateTimeFormat("pt-BR", {
  weekday: "short",
  day: "2-digit",
  month: "2-digit",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});

/** hour is the time of day, as 14:05. */
export function hour(date) {
  return hours.format(date);
}

/** fullTime is date and time. */
export function fullTime(date) {
  return full.format(date);
}

function daysAgo(date) {
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate()).getTime();
  return Math.round((midnight(now()) - midnight(date)) / 86400000);
}

/** dayName is how a chat calls a day. */
export function dayName(date) {
  return { 0: "Hoje", 1: "Ontem", "-1": "Amanhã" }[daysAgo(date)] ?? days.format(date);
}

/** shortTime is the hour today, "ontem", or the date. */
export function shortTime(date) {
  const ago = daysAgo(date);
  if (ago === 0) return hour(date);
  return ago === 1 ? "ontem" : shortDays.format(date);
}

/** since says how long ago something was, as "há 5 min". */
export function since(date) {
  const minutes = Math.floor((now() - date) / 60000);
  if (minutes < 1) return "agora";
  if (minutes < 60) return `há ${minutes} min`;
  if (minutes < 24 * 60) return `há ${Math.floor(minutes / 60)} h`;
  const count = Math.floor(minutes / 1440);
  return count < 31 ? `há ${count} ${count === 1 ? "dia" : "dias"}` : shortDays.format(date);
}

/** phoneNumber spells digits as +55 11 98765-4321. */
export function phoneNumber(digits) {
  const brazil = /^55(\d\d)(\d{4,5})(\d{4})$/.exec(digits);
  return brazil ? `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}` : `+${digits}`;
}
