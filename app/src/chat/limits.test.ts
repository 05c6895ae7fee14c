import { describe, expect, it } from "vitest";
import { captioned, check } from "./limits";

const MB = 1024 * 1024;

describe("check", () => {
  it.each([
    ["foto.jpg", "image/jpeg", 5 * MB, "image", false, ""],
    ["foto.jpg", "image/jpeg", 5 * MB + 1, "document", true, ""],
    ["foto.JPG", "", 10, "image", false, ""],
    ["foto.jpg", "image/pjpeg", 10, "image", false, ""],
    ["foto.heic", "image/heic", 10, "document", false, ""],
    ["filme.mp4", "video/mp4", 16 * MB, "video", false, ""],
    ["filme.mp4", "video/mp4", 16 * MB + 1, "document", true, ""],
    ["filme.mov", "video/quicktime", 10, "document", false, ""],
    ["voz.ogg", "audio/ogg; codecs=opus", 10, "audio", false, ""],
    ["voz.m4a", "audio/x-m4a", 16 * MB, "audio", false, ""],
    ["nota.pdf", "application/pdf", 100 * MB, "document", false, ""],
    ["nota.pdf", "application/pdf", 100 * MB + 1, "document", false, "large"],
    ["foto.png", "image/png", 100 * MB + 1, "document", true, "large"],
    ["nota.xml", "text/xml", 10, "document", false, ""],
    ["vazio.pdf", "application/pdf", 0, "document", false, "empty"],
    ["setup.exe", "application/x-msdownload", 10, "document", false, "program"],
    ["nota.pdf.js", "text/javascript", 10, "document", false, "program"],
    ["foto.exe", "image/png", 10, "image", false, ""],
    ["sem nome", "", 10, "document", false, ""],
  ])("%s of type %s with %d bytes goes as %s", (name, type, size, kind, demoted, problem) => {
    expect(check({ name, type, size })).toEqual({ kind, demoted, problem });
  });
});

describe("captioned", () => {
  it.each([["image", true], ["video", true], ["document", true], ["audio", false], ["sticker", false]])("%s: %s", (kind, want) => expect(captioned(kind)).toBe(want));
});
