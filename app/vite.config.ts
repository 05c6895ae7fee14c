import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { type Plugin, build } from "vite";
import { defineConfig } from "vitest/config";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(here, "dist/web");

/** The framework's client for the simulated helpdesk; in Zendesk the page loads Zendesk's own. */
function framework(): Plugin {
  return {
    name: "ponte-framework",
    apply: "build",
    async closeBundle() {
      await build({
        configFile: false,
        logLevel: "warn",
        build: {
          outDir: resolve(out, "assets"),
          emptyOutDir: false,
          lib: { entry: resolve(here, "node_modules/zendesk_app_framework_sdk/lib/index.js"), formats: ["iife"], name: "ZAFClient", fileName: () => "zaf_sdk.min.js" },
        },
      });
    },
  };
}

export default defineConfig({
  base: "/app/",
  plugins: [react(), framework()],
  build: {
    outDir: out,
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rollupOptions: {
      input: { sidebar: resolve(here, "sidebar.html"), conversas: resolve(here, "conversas.html"), janela: resolve(here, "janela.html") },
    },
  },
  test: { environment: "jsdom", setupFiles: ["test/setup.ts"], include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"], restoreMocks: true },
});
