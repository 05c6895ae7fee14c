import { useState } from "react";
import { newID } from "../api/client";
import { useSpeech } from "../i18n";
import type { DialogProps } from "./dialog";
import { Choice, Line } from "./fields";
import { Frame } from "./frame";
import { useCatalogue } from "./once";

/** Finishes the attendance, or lets it wait for the customer. */
export function CloseDialog({ conversation, close, later }: DialogProps) {
  const { t } = useSpeech();
  const catalogue = useCatalogue();
  const [folder, setFolder] = useState<"finalizados" | "pendentes">("finalizados");
  const [subject, setSubject] = useState(conversation.subject ?? "");
  const [value, setValue] = useState(conversation.category ?? "");
  const [reason, setReason] = useState("");
  const [tried, setTried] = useState(false);
  const done = folder === "finalizados";
  const need = (text: string) => (tried && done && !text.trim() ? t("actions.missing") : undefined);
  const send = () => {
    setTried(true);
    if (done && !(subject.trim() && value.trim() && reason.trim())) return;
    const body = { folder, subject: subject.trim(), catalogue: value.trim(), reason: reason.trim() };
    const words = done ? ["actions.close.pending", "actions.close.done"] : ["actions.wait.pending", "actions.wait.done"];
    later({ id: newID(), session: conversation.session, name: "close", body, text: t(words[0] as "actions.close.pending"), done: t(words[1] as "actions.close.done") });
    close();
  };
  return (
    <Frame title={t("actions.close")} button={t(done ? "actions.close.button" : "actions.wait.button")} close={close} send={send}>
      <Choice
        label={t("actions.close.folder")}
        value={folder}
        change={(v) => setFolder(v as typeof folder)}
        hint={t(done ? "actions.close.hint" : "actions.wait.hint")}
        options={[
          { value: "finalizados", label: t("actions.close.finished") },
          { value: "pendentes", label: t("actions.close.waiting") },
        ]}
      />
      <Line label={t("actions.close.subject")} hint={t("actions.close.subject.hint")} value={subject} change={setSubject} maxLength={150} wrong={need(subject)} optional={!done} />
      <Line label={t("actions.catalogue")} value={value} change={setValue} list={catalogue} wrong={need(value)} optional={!done} />
      <Line label={t("actions.reason")} value={reason} change={setReason} maxLength={200} list={t("actions.close.reasons").split("|")} wrong={need(reason)} optional={!done} />
    </Frame>
  );
}
