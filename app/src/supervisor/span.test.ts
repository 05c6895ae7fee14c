import { expect, test } from "vitest";
import { speech } from "../i18n";
import { pt } from "../i18n/pt";
import { spanText } from "./span";

const { t } = speech("pt-BR", pt, "America/Sao_Paulo");

test.each([
  [-5, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [3900, "1 h 05 min"],
  [47 * 3600, "47 h 00 min"],
  [52 * 3600, "2 d 4 h"],
])("%d seconds", (seconds, want) => expect(spanText(seconds, t)).toBe(want));
