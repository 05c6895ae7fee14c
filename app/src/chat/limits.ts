// What WhatsApp takes of files, checked before one is sent up; the server checks again by what a file really is.

/** Where Meta tells the limits. */
export const source = "https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media";

/** As what kind of message a file goes. */
export type FileKind = "image" | "video" | "audio" | "sticker" | "document";

const MB = 1024 * 1024;

interface Limit {
  kind: FileKind;
  most: number; // bytes
  types: readonly string[];
}

/** Types and sizes by kind; what is not named here, or too large for its kind, goes as a document. */
const limits: readonly Limit[] = [
  { kind: "image", most: 5 * MB, types: ["image/jpeg", "image/png"] },
  { kind: "video", most: 16 * MB, types: ["video/mp4", "video/3gpp"] },
  { kind: "audio", most: 16 * MB, types: ["audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"] },
];

/** The largest file that WhatsApp takes at all, in bytes. */
export const mostBytes = 100 * MB;

/** The longest text below a file, and the longest one alone, in characters. */
export const mostCaption = 1024;
export const mostText = 4096;

/** Types by extension, for files that a browser knows no type of. */
const extensions: Record<string, string> = {
  jpg: "image/jpeg", jpeg: "image/jpeg", png: "image/png", mp4: "video/mp4", "3gp": "video/3gpp", aac: "audio/aac", amr: "audio/amr",
  mp3: "audio/mpeg", m4a: "audio/mp4", ogg: "audio/ogg", opus: "audio/ogg",
};

const aliases: Record<string, string> = {
  "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "audio/x-m4a": "audio/mp4", "audio/m4a": "audio/mp4", "audio/mp3": "audio/mpeg",
};

/** Extensions of what systems run; the server refuses them for safety. */
const programs = new Set(
  "exe com scr pif cpl dll msi msp msix bat cmd ps1 vb vbs vbe js jse mjs wsf wsh hta lnk reg inf chm sh bash run deb rpm app dmg pkg apk ipa jar class".split(" "),
);

/** What is to be known of a file before it is sent. */
export interface Candidate {
  name: string;
  type: string;
  size: number;
}

/** What becomes of a file: its kind, whether it goes as a document because it is too large for its kind, or why it can't go. */
export interface Check {
  kind: FileKind;
  demoted: boolean;
  problem: "" | "empty" | "program" | "large";
}

function extensionOf(name: string): string {
  return /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

function typeOf(file: Candidate): string {
  const base = file.type.split(";")[0]?.trim().toLowerCase() ?? "";
  return aliases[base] ?? (base || (extensions[extensionOf(file.name)] ?? ""));
}

/** Checks a file against the limits. */
export function check(file: Candidate): Check {
  const type = typeOf(file);
  const limit = limits.find((one) => one.types.includes(type));
  const demoted = limit !== undefined && file.size > limit.most;
  const kind = limit && !demoted ? limit.kind : "document";
  const media = /^(image|audio|video)\//.test(type);
  const problem = file.size === 0 ? "empty" : programs.has(extensionOf(file.name)) && !media ? "program" : file.size > mostBytes ? "large" : "";
  return { kind, demoted, problem };
}

/** Whether words may stand below a file of a kind. */
export function captioned(kind: string): boolean {
  return kind === "image" || kind === "video" || kind === "document";
}
