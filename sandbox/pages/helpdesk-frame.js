// One page of the installed app in its iframe: how it is opened, and the messages of the Apps Framework.

import { el } from "./dom.js";
import { scheme } from "./helpdesk-theme.js";

/** What the app's page may do in its iframe. */
const freedoms = "allow-downloads allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts";

/** Features that are handed on to the app's origin. */
const features = ["autoplay", "clipboard-read", "clipboard-write", "fullscreen", "microphone"];

let made = 0;

/**
 * openFrame makes the iframe of the app at a location; it loads nothing before `load()`. The host answers for it:
 * `context(guid)` is where the page stands, `answer(kind, params, guid)` the result of a get, set or invoke, `registered(first)` is
 * told when the page has shaken hands, `trigger(guid, event, message)` passes an event on.
 */
export function openFrame(desk, host) {
  const name = `app-${host.location}-${++made}`;
  const node = el("iframe", { class: "app-frame", name, title: host.title, sandbox: freedoms });
  let guid = "",
    origin = "",
    registered = false,
    handshakes = 0;

  /** load opens the page anew: a form posts the signed token into the iframe. */
  async function load() {
    registered = false;
    const opened = await desk.post("/app/token", { location: host.location, origin: location.origin, color_scheme: scheme() });
    guid = opened.app_guid;
    origin = opened.origin;
    node.allow = features.map((one) => `${one} ${origin}`).join("; ");
    const form = el("form", { method: "post", action: opened.url, target: name, hidden: true }, el("input", { type: "hidden", name: "token", value: opened.token }));
    document.body.append(form);
    form.submit();
    form.remove();
  }

  const post = (message) => node.contentWindow?.postMessage(JSON.stringify(message), origin);

  /** tell sends an event to the page once it has shaken hands. */
  function tell(event, message) {
    if (registered) post({ key: `zaf.${event}`, message });
  }

  function hear(event) {
    if (origin === "" || event.source !== node.contentWindow || event.origin !== origin) return;
    const message = read(event.data);
    if (!message || message.appGuid !== guid) return;
    if (message.request) reply(message);
    else if (message.key === "iframe.handshake") shake();
    else if (message.key?.startsWith("iframe.trigger:")) host.trigger(message.instanceGuid ?? guid, message.key.slice(15), message.message);
    else if (message.key?.startsWith("request:")) tell(`${message.key}.fail`, { responseArgs: [noProxy] });
  }

  function shake() {
    registered = true;
    tell("app.registered", { metadata: metadata(desk.app), context: host.context(guid) });
    host.registered(handshakes++ === 0);
  }

  async function reply({ id, request, params, instanceGuid }) {
    try {
      post({ id, result: await host.answer(request, params, instanceGuid ?? guid) });
    } catch (error) {
      post({ id, error: { name: error.name, message: error.message } });
    }
  }

  window.addEventListener("message", hear);
  return {
    node,
    load,
    tell,
    get guid() {
      return guid;
    },
    get registered() {
      return registered;
    },
    close: () => {
      window.removeEventListener("message", hear);
      node.remove();
    },
  };
}

/** noProxy answers the app's requests through the helpdesk's proxy, which does not exist here. */
const noProxy = { status: 501, statusText: "Not Implemented", responseText: "The simulated helpdesk has no request proxy" };

/** read returns a message of the framework, a JSON object as a string, or null. */
function read(data) {
  if (typeof data !== "string") return null;
  try {
    const message = JSON.parse(data);
    return message && typeof message === "object" ? message : null;
  } catch {
    return null;
  }
}

/** metadata is what the framework tells of an installation. */
function metadata(app) {
  return {
    appId: app.id,
    installationId: app.installation_id,
    name: app.name,
    version: app.version,
    plan: { name: null },
    settings: { name: app.name, title: app.name },
  };
}
