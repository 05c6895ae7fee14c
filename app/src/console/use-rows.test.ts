import { expect, it } from "vitest";
import type { ConversationList, ListRow } from "../api/types";
import { Rows, everything } from "../live/rows";
import { at, iso, rowOf } from "./testing";
import { queryOf, readWords } from "./use-rows";

const words = (text: string) => ({ at: iso(at), author: "customer" as const, text });

function setup(answer: ListRow[]) {
  const rows = new Rows(everything, 7);
  rows.fill({ rows: [rowOf("a"), rowOf("b")], total: 2, cursor: "", now: iso(at) });
  for (const session of ["a", "b"]) rows.apply({ kind: "change", row: rowOf(session, { lines: 2 }) }, at);
  const asked: unknown[] = [];
  const client = {
    get: async <T>(_: string, query?: object) => {
      asked.push(query);
      return { rows: answer, total: answer.length, cursor: "", now: iso(at) } satisfies ConversationList as T;
    },
  };
  return { rows, asked, client };
}

it("reads the words of one row by its session, of several by the newest rows", async () => {
  const { rows, asked, client } = setup([rowOf("a", { lines: 2, last: words("Oi") }), rowOf("b", { lines: 2, last: words("Olá") })]);
  await readWords(client, rows, ["a", "b"]);
  expect(asked).toEqual([expect.objectContaining({ view: "all", sort: "newest", limit: 50 })]);
  expect([rows.get("a")?.last?.text, rows.get("b")?.last?.text, rows.get("a")?.behind]).toEqual(["Oi", "Olá", undefined]);
  await readWords(client, rows, ["a"]);
  expect(asked[1]).toMatchObject({ q: "a", sort: "waiting" });
});

it("gives up on a row that is not found, and asks for nothing where nothing is behind", async () => {
  const { rows, asked, client } = setup([]);
  await readWords(client, rows, ["a"]);
  expect([rows.get("a")?.behind, rows.get("b")?.behind]).toEqual([false, true]);
  await readWords(client, rows, []);
  expect(asked).toHaveLength(1);
});

it("asks for what the filters say and for nothing else", () => {
  expect(queryOf(everything)).toEqual({ view: "all", sort: "waiting", queue: undefined, agent: undefined, tag: undefined, q: undefined });
  expect(queryOf({ ...everything, view: "mine", queue: "N1", agent: 3, tag: "vip", q: "ana" })).toMatchObject({ view: "mine", queue: "N1", agent: 3, tag: "vip", q: "ana" });
});
