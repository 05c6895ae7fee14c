import { expect, test } from "vitest";
import { type ServerEvent, parser } from "./sse";

function all(chunks: string[]): { events: ServerEvent[]; beats: number } {
  const events: ServerEvent[] = [];
  let beats = 0;
  const feed = parser(
    (event) => events.push(event),
    () => beats++,
  );
  for (const chunk of chunks) feed(chunk);
  return { events, beats };
}

const text = ': hb\n\nid: 7\nevent: change\ndata: {"a":\ndata: 1}\n\nevent: desk\n\nid: 9\r\ndata: x\r\n\r\nid: 11\n\ndata: not whole';

const want = [
  { id: "7", event: "change", data: '{"a":\n1}' },
  { id: "7", event: "desk", data: "" },
  { id: "9", event: "message", data: "x" },
  { id: "11", event: "", data: "" },
];

test("events come out whole wherever the stream is cut", () => {
  for (let i = 0; i <= text.length; i++) {
    const { events, beats } = all([text.slice(0, i), text.slice(i)]);
    expect(events, `cut at ${i}`).toEqual(want);
    expect(beats).toBe(1);
  }
  expect(all([...text]).events).toEqual(want);
});
