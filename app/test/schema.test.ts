// @vitest-environment node
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, test } from "vitest";

test("the API's types are those of its description: else run `npm run types`", async () => {
  const description = new URL("../../bridge/web/openapi.yaml", import.meta.url);
  const want = astToString(await openapiTS(description, { alphabetize: true }));
  const have = readFileSync(resolve(import.meta.dirname, "../src/api/schema.ts"), "utf8");
  expect(have.slice(have.indexOf("export"))).toBe(want.slice(want.indexOf("export")));
});
