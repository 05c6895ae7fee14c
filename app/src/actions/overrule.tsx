import { useState } from "react";
import { type Key, useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { useIntent } from "./command";
import type { DialogProps } from "./dialog";
import { Choice, Lines } from "./fields";
import { Frame } from "./frame";

/** The auditor's outcomes, by the names of the API. */
export const outcomes = ["not_assumed", "client_abandonment", "agent_abandonment", "after_hours", "agent_unavailable", "bot_abandoned"] as const;

/** A supervisor judges otherwise than the auditor. */
export function OverruleDialog({ conversation, close }: DialogProps) {
  const { t } = useSpeech();
  const { toast } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const [outcome, setOutcome] = useState("");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const send = async () => {
    setTried(true);
    if (!reason.trim()) return;
    if (await run("overrule", { ...(outcome ? { outcome } : {}), reason: reason.trim() })) {
      toast(t("actions.overrule.done"), "success");
      close();
    }
  };
  return (
    <Frame title={t("actions.overrule")} button={t("actions.overrule.button")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <p>{conversation.verdict?.evidence}</p>
      <Choice
        label={t("actions.overrule.outcome")}
        value={outcome}
        change={setOutcome}
        options={[{ value: "", label: t("actions.overrule.none") }, ...outcomes.map((one) => ({ value: one as string, label: t(`actions.outcome.${one}` as Key) }))]}
      />
      <Lines label={t("actions.reason")} value={reason} change={setReason} maxLength={200} rows={2} wrong={tried && !reason.trim() ? t("actions.missing") : undefined} />
    </Frame>
  );
}
