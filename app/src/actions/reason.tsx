import { useState } from "react";
import { type Key, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { useIntent } from "./command";
import type { DialogProps } from "./dialog";
import { Lines } from "./fields";
import { Frame } from "./frame";

type Name = "stop" | "cancel" | "override" | "mute";

/** Asks before something that is not to happen by a slip, with a reason where one is recorded. */
export function ReasonDialog({ name, conversation, close }: DialogProps & { name: Name }) {
  const { t } = useSpeech();
  const { toast } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const asks = name !== "mute";
  const needs = name === "override";
  const send = async () => {
    setTried(true);
    if (needs && !reason.trim()) return;
    if (await run(name, reason.trim() ? { reason: reason.trim() } : {})) {
      toast(t(`actions.${name}.done` as Key), "success");
      close();
    }
  };
  return (
    <Frame title={t(`actions.${name}` as Key)} button={t(`actions.${name}` as Key)} danger={name === "cancel"} busy={busy} fault={fault} close={close} send={() => void send()}>
      <p>{t(`actions.${name}.hint` as Key)}</p>
      {asks && <Lines label={t("actions.reason")} value={reason} change={setReason} maxLength={200} rows={2} optional={!needs} wrong={needs && tried && !reason.trim() ? t("actions.missing") : undefined} />}
    </Frame>
  );
}
