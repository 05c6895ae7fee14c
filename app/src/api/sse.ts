// Server-sent events read from a fetched answer, which can carry a session's token in a header as EventSource can't.
// Form: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream

export interface ServerEvent {
  id: string;
  event: string;
  data: string;
}

/** A parser that is fed text as it comes and calls take with every whole event, also with one that brings an id alone; beat with every comment. */
export function parser(take: (event: ServerEvent) => void, beat: () => void): (text: string) => void {
  let rest = "";
  let id = "";
  let event = "";
  let data: string[] = [];
  let moved = false; // the block has an id
  const line = (text: string) => {
    if (text === "") {
      if (event || data.length) take({ id, event: event || "message", data: data.join("\n") });
      else if (moved) take({ id, event: "", data: "" });
      event = "";
      data = [];
      moved = false;
      return;
    }
    if (text.startsWith(":")) return beat();
    const colon = text.indexOf(":");
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (name === "id" && !value.includes("\0")) {
      id = value;
      moved = true;
    } else if (name === "event") event = value;
    else if (name === "data") data.push(value);
  };
  return (text) => {
    rest += text;
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const one of lines) line(one);
  };
}
