import { useEffect, useState } from "react";
import { newID, pathOf } from "../api/client";
import type { MessageList } from "../api/types";
import { useSpeech } from "../i18n";

import type { DialogProps } from "./dialog";
import { Line, Lines } from "./fields";
import { Frame } from "./frame";
import { useOnce } from "./once";
import { summaryOf } from "./summary";

/** Sends the ticket to the second level; the chat ends. */
export function N2Dialog({ conversation, close, later }: DialogProps) {
  const { t } = useSpeech();
  const messages = useOnce<MessageList>(`${pathOf(conversation.session)}/messages`);
  const [name, setName] = useState(conversation.contact.name ?? "");
  const [phone, setPhone] = useState(conversation.contact.phone ?? "");
  const [summary, setSummary] = useState<string>();
  const [tried, setTried] = useState(false);
  useEffect(() => {
    if (messages) setSummary((own) => own ?? summaryOf(conversation, messages.messages));
  }, [messages, conversation]);
  const need = (text: string | undefined) => (tried && !text?.trim() ? t("actions.missing") : undefined);
  const send = () => {
    setTried(true);
    if (!name.trim() || !phone.trim() || !summary?.trim()) return;
    const fields = { contact_name: name.trim(), contact_phone: phone.trim(), summary: summary.trim() };
    later({ id: newID(), session: conversation.session, name: "n2", body: { fields }, text: t("actions.n2.pending"), done: t("actions.n2.done") });
    close();
  };
  return (
    <Frame title={t("actions.n2")} button={t("actions.n2.button")} close={close} send={send}>
      <p>{t("actions.n2.hint")}</p>
      <Line label={t("actions.n2.contact")} value={name} change={setName} wrong={need(name)} />
      <Line label={t("actions.n2.phone")} value={phone} change={setPhone} type="tel" wrong={need(phone)} />
      <Lines label={t("actions.n2.summary")} hint={t("actions.n2.summary.hint")} value={summary ?? ""} change={setSummary} rows={5} maxLength={5000} wrong={need(summary)} />
    </Frame>
  );
}
