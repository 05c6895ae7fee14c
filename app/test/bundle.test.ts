// @vitest-environment node
// The weight of what a browser loads, against its budget.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const web = resolve(import.meta.dirname, "../dist/web");

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  css?: string[];
}

type Manifest = Record<string, Chunk>;

function manifest(): Manifest {
  const path = resolve(web, "manifest.json");
  if (!existsSync(path)) throw new Error("the app is not built: run `make app` first");
  return JSON.parse(readFileSync(path, "utf8")) as Manifest;
}

/** The files that an entry loads before it is shown. */
function files(all: Manifest, entry: string, seen = new Set<string>()): Set<string> {
  const chunk = all[entry];
  if (!chunk || seen.has(chunk.file)) return seen;
  seen.add(chunk.file);
  for (const css of chunk.css ?? []) seen.add(css);
  for (const one of chunk.imports ?? []) files(all, one, seen);
  return seen;
}

/** Compressed bytes, as the server sends them. */
const weight = (list: Iterable<string>) => [...list].reduce((sum, file) => sum + gzipSync(readFileSync(resolve(web, file)), { level: 9 }).length, 0);

test.each([
  ["sidebar.html", 130],
  ["conversas.html", 190],
  ["janela.html", 190],
])("%s stays below %d kB compressed", (entry, budget) => {
  const loaded = files(manifest(), entry);
  const kB = weight(loaded) / 1000;
  console.log(`${entry}: ${kB.toFixed(1)} kB of ${budget}, ${loaded.size} files`);
  expect(kB).toBeLessThanOrEqual(budget);
});

test("the charts add at most 120 kB, and only when they are looked at", () => {
  const all = manifest();
  const first = files(all, "src/supervisor/figures.tsx", files(all, "src/supervisor/supervisor.tsx", files(all, "conversas.html")));
  const extra = [...files(all, "src/supervisor/charts.tsx")].filter((file) => !first.has(file));
  expect(extra.length).toBeGreaterThan(0);
  const kB = weight(extra) / 1000;
  console.log(`charts: ${kB.toFixed(1)} kB of 120`);
  expect(kB).toBeLessThanOrEqual(120);
});
