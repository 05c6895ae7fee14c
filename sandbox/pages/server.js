// Talking to the sandbox: JSON calls, events, and its clock.

/** CallError is an answer that is no success, or none at all (status 0). */
export class CallError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** call sends a request and returns its JSON. A body that is a Blob or a form goes as it is, anything else as JSON. */
export async function call(method, address, { body, headers = {} } = {}) {
  const init = { method, headers: { ...headers } };
  if (body instanceof Blob || body instanceof FormData) {
    init.body = body;
  } else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers["Content-Type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(address, init);
  } catch {
    throw new CallError(0, "Sem resposta do simulador. Ele está ligado?");
  }
  const text = await answer.text();
  const data = parsed(text);
  if (!answer.ok) throw new CallError(answer.status, reason(answer, data));
  return data;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const meanings = {
  401: "Entre de novo: a sessão não vale mais.",
  403: "Sem permissão.",
  404: "Não encontrado.",
  409: "Outra pessoa alterou o ticket ao mesmo tempo. Confira e envie de novo.",
  413: "Arquivo grande demais.",
  422: "Os dados não foram aceitos.",
  429: "Muitas alterações em pouco tempo. Espere um instante.",
};

/** reason is a sentence for people, followed by what the server says. */
function reason(answer, data) {
  const said = [];
  for (const list of Object.values(data?.details ?? {})) for (const one of list) said.push(one.description);
  if (said.length === 0 && data) said.push(data.description ?? data.error ?? "");
  const detail = said.filter(Boolean).join("; ");
  const meaning = meanings[answer.status] ?? (answer.status >= 500 ? "O simulador falhou." : "Não foi aceito.");
  return detail ? `${meaning} (${detail})` : meaning;
}

/**
 * follow listens to server-sent events and reconnects, also after refusals. `opened` is called at each connection: what
 * happened before it has to be read. Nobody looking at the page, it is disconnected.
 */
export function follow(address, { events = ["message"], heard, opened, state = () => {} }) {
  let source = null,
    timer = 0;
  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(address());
    source.onopen = () => {
      state(true);
      opened();
    };
    source.onerror = () => {
      state(false);
      if (source?.readyState === EventSource.CLOSED) timer = setTimeout(connect, 3000);
    };
    for (const kind of events) source.addEventListener(kind, (event) => heard(kind, JSON.parse(event.data)));
  };
  const stop = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const look = () => {
    if (document.hidden) stop();
    else if (!source) connect();
  };
  document.addEventListener("visibilitychange", look);
  look();
  return () => {
    document.removeEventListener("visibilitychange", look);
    stop();
  };
}

/** soon returns a function that runs act once, a moment after the last call, and again when called meanwhile. */
export function soon(act, wait = 80) {
  let timer = 0,
    running = false,
    again = false;
  const run = async () => {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await act();
    } finally {
      running = false;
    }
    if (again) {
      again = false;
      run();
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, wait);
  };
}

const clock = { offset: 0 };
const channel = new BroadcastChannel("ponte-sandbox");

/** now is the sandbox's time. */
export function now() {
  return new Date(Date.now() + clock.offset);
}

/** readClock learns how far the sandbox's clock was moved and returns its state. */
export async function readClock() {
  const state = await call("GET", "/sandbox/control/clock");
  clock.offset = new Date(state.now).getTime() - Date.now();
  return state;
}

/** announce tells all pages of the sandbox that it was changed from outside; restarted when its data are new. */
export function announce(restarted = false) {
  channel.postMessage(restarted ? "restarted" : "changed");
}

/** onAnnounce has act called when another page announced a change, the clock being read; new data load the page again. */
export function onAnnounce(act) {
  channel.addEventListener("message", async (event) => {
    if (event.data === "restarted") {
      location.reload();
      return;
    }
    await readClock().catch(() => {});
    act();
  });
}
