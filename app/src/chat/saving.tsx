// What every file of a message has: a name, and a way to keep it.

import download from "@zendeskgarden/svg-icons/src/16/download-stroke.svg?raw";
import type { Message } from "../api/types";
import { useSpeech } from "../i18n";
import { Unseen } from "../theme";
import { Icon } from "../ui/icon";
import { save } from "../ui/save";
import { Plain, Round } from "./parts";

/** A file of a message. */
export type MessageFile = NonNullable<Message["files"]>[number];

/** A file's name, as people see it. */
export function fileName(file: { name?: string | undefined; kind: string; mime?: string | undefined }, kind: string): string {
  if (file.name) return file.name;
  const extension = /^[\w-]+\/([\w]+)/.exec(file.mime ?? "")?.[1];
  return extension && file.kind !== "document" ? `${kind}.${extension === "jpeg" ? "jpg" : extension}` : kind;
}

/** A button that keeps a file; url fetches it where it was not yet. */
export function Save({ url, name, busy = false, round = false }: { url: () => Promise<string>; name: string; busy?: boolean; round?: boolean }) {
  const { t } = useSpeech();
  const label = t("chat.file.download.name", { name });
  const run = () => void url().then((at) => at && save(at, name));
  if (!round) {
    return (
      <Plain type="button" onClick={run} style={{ justifySelf: "start" }}>
        {t("chat.file.download")}
        <Unseen> {name}</Unseen>
      </Plain>
    );
  }
  return (
    <Round type="button" disabled={busy} aria-label={label} title={label} onClick={run}>
      <Icon svg={download} />
    </Round>
  );
}
