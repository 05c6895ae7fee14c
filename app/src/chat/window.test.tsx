import { render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { speech } from "../i18n";
import { pt } from "../i18n/pt";
import { Themed } from "../theme";
import { WindowBadge, leftText, windowAt } from "./window";

const { t } = speech("pt-BR", pt, "America/Sao_Paulo");
const at = Date.parse("2026-11-23T12:00:00Z");
const minute = 60_000;

describe("windowAt", () => {
  const ends = (left: number) => new Date(at + left).toISOString();
  it.each([
    [{ open: true, ends: ends(24 * 60 * minute) }, "open", 24 * 60 * minute],
    [{ open: true, ends: ends(120 * minute) }, "open", 120 * minute],
    [{ open: true, ends: ends(120 * minute - 1) }, "near", 120 * minute - 1],
    [{ open: true, ends: ends(1) }, "near", 1],
    [{ open: true, ends: ends(0) }, "closed", 0],
    [{ open: true, ends: ends(-minute) }, "closed", 0],
    [{ open: false, ends: ends(minute) }, "closed", 0],
    [{ open: false }, "closed", 0],
    [{ open: true }, "closed", 0],
  ] as const)("%j is %s", (window, level, left) => expect(windowAt(window, at)).toEqual({ level, left }));
});

describe("leftText", () => {
  it.each([
    [24 * 60 * minute, "24 h 00 min"],
    [125 * minute + 59_999, "2 h 05 min"],
    [60 * minute, "1 h 00 min"],
    [59 * minute + 59_000, "59 min"],
    [minute, "1 min"],
    [59_999, "59 s"],
    [10, "0 s"],
  ])("%d is %s", (left, text) => expect(leftText(left, t)).toBe(text));
});

describe("WindowBadge", () => {
  afterEach(() => void vi.useRealTimers());
  for (const scheme of ["light", "dark"] as const) {
    it(`is shown in every state, ${scheme}`, () => {
      vi.useFakeTimers({ now: at });
      render(
        <Themed scheme={scheme}>
          <WindowBadge window={{ open: true, ends: new Date(at + 180 * minute).toISOString() }} />
          <WindowBadge window={{ open: true, ends: new Date(at + 90 * minute).toISOString() }} />
          <WindowBadge window={{ open: false }} />
          <WindowBadge window={undefined} />
        </Themed>,
      );
      expect(screen.getByText("Janela: 3 h 00 min")).toHaveAttribute("data-window", "open");
      expect(screen.getByText("Janela: 1 h 30 min")).toHaveAttribute("data-window", "near");
      expect(screen.getByText("Janela de 24 h fechada")).toHaveAttribute("data-window", "closed");
    });
  }
});
