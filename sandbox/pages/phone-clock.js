// The sandbox's clock in the phone's status bar: the time, and ways to move it.

import { glyph } from "./phone-icons.js";
import { openMenu } from "./phone-menu.js";
import { announce, call, now, readClock } from "./server.js";
import { hour } from "./times.js";
import { note } from "./widgets.js";

const time = document.querySelector("#phone-clock"),
  moved = document.querySelector("#clock-moved"),
  more = document.querySelector("#clock-more");

function span(seconds) {
  const minutes = Math.round(Math.abs(seconds) / 60),
    days = Math.floor(minutes / 1440),
    hours = Math.floor((minutes % 1440) / 60);
  const parts = [
    [days, "d"],
    [hours, "h"],
    [minutes % 60, "min"],
  ].filter(([count]) => count > 0);
  return (seconds < 0 ? "−" : "+") + parts.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

function tick() {
  time.textContent = hour(now());
  time.dateTime = now().toISOString();
}

let offset = 0; // seconds the clock is ahead

async function show() {
  offset = (await readClock()).offset_seconds;
  moved.textContent = Math.abs(offset) >= 60 ? span(offset) : "";
  tick();
}

/** startClock shows the clock and lets it be moved; done is called after each move. */
export async function startClock(done) {
  const move = async (seconds) => {
    try {
      await call("POST", "/sandbox/control/clock", { body: { offset_seconds: seconds } });
      await show();
      announce();
      done();
    } catch (error) {
      note(error.message, true);
    }
  };
  document.querySelector("#clock-day").addEventListener("click", () => move(offset + 90000));
  more.append(glyph("clock"));
  more.addEventListener("click", () =>
    openMenu(more, "Mover o relógio", [
      { label: "Adiantar 10 minutos", act: () => move(offset + 600) },
      { label: "Adiantar 1 hora", act: () => move(offset + 3600) },
      { label: "Adiantar 25 horas", act: () => move(offset + 90000) },
      { label: "Adiantar 8 dias", act: () => move(offset + 8 * 86400) },
      { label: "Voltar ao presente", act: () => move(0) },
    ]),
  );
  setInterval(tick, 5000);
  await show().catch(tick);
}

/** clockChanged shows a clock that somebody else moved. */
export function clockChanged() {
  return show().catch(tick);
}
