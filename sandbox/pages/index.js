// The bar above phone and helpdesk: the sandbox's clock, its faults and its data.

import { el } from "./dom.js";
import { forget } from "./memory.js";
import { announce, call, now, onAnnounce, readClock } from "./server.js";
import { fullTime } from "./times.js";
import { note, openDialog } from "./widgets.js";

const clock = document.querySelector("#clock"),
  offset = document.querySelector("#offset");
const present = document.querySelector("#present"),
  faults = document.querySelector("#faults");

let moved = 0; // seconds

function span(seconds) {
  const sign = seconds < 0 ? "−" : "+",
    whole = Math.abs(Math.round(seconds / 60));
  const parts = [
    [Math.floor(whole / 1440), "d"],
    [Math.floor((whole % 1440) / 60), "h"],
    [whole % 60, "min"],
  ];
  return (
    sign +
    parts
      .filter(([count]) => count > 0)
      .map(([count, unit]) => `${count} ${unit}`)
      .join(" ")
  );
}

function draw() {
  clock.textContent = fullTime(now());
  clock.dateTime = now().toISOString();
  offset.textContent = moved ? `(${span(moved)})` : "";
  present.disabled = moved === 0;
}

async function read() {
  const state = await readClock();
  moved = state.offset_seconds;
  draw();
  const list = await call("GET", "/sandbox/control/faults");
  faults.textContent = list.length > 0 ? `Limpar falhas (${list.length})` : "Limpar falhas";
}

/** act does something to the sandbox, tells the pages and reads again. */
async function act(work, done) {
  try {
    await work();
    await read();
    announce();
    if (done) note(done);
  } catch (error) {
    note(error.message, true);
  }
}

function move(seconds) {
  return act(() => call("POST", "/sandbox/control/clock", { body: { offset_seconds: seconds } }));
}

for (const button of document.querySelectorAll("[data-forward]")) {
  button.addEventListener("click", () => move(moved + Number(button.dataset.forward)));
}
present.addEventListener("click", () => move(0));
faults.addEventListener("click", () => act(() => call("POST", "/sandbox/control/reset"), "Falhas e contadores foram limpos."));
document.querySelector("#restart").addEventListener("click", () =>
  openDialog({
    title: "Recomeçar do zero?",
    button: "Apagar e recomeçar",
    body: el("p", {}, "As conversas, os tickets e o relógio do simulador voltam ao início. Isto não pode ser desfeito."),
    send: async () => {
      await call("POST", "/sandbox/control/reset?data=1");
      forget("draft");
      forget("seen");
      await read();
      announce(true);
      note("O simulador recomeçou.");
    },
  }),
);

const quietly = () =>
  read().catch(() => {
    clock.textContent = "sem conexão";
  });
onAnnounce(quietly);
quietly();
setInterval(draw, 5000);
setInterval(() => document.hidden || quietly(), 15000);
