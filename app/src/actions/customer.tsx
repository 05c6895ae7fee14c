import { useState } from "react";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { useIntent } from "./command";
import type { DialogProps } from "./dialog";
import { Line } from "./fields";
import { Frame } from "./frame";

/** Tells the customer's company by its CNPJ; it is looked up and checked again. */
export function IdentifyDialog({ conversation, close }: DialogProps) {
  const { t } = useSpeech();
  const { toast } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const [cnpj, setCNPJ] = useState(conversation.organization?.cnpj ?? "");
  const send = async () => {
    if (await run("identify", { cnpj: cnpj.trim() })) {
      toast(t("actions.identify.done"), "success");
      close();
    }
  };
  return (
    <Frame title={t("actions.identify")} button={t("actions.identify.button")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <Line label="CNPJ" hint={t("actions.identify.hint")} value={cnpj} change={setCNPJ} maxLength={30} />
    </Frame>
  );
}

/** Tells the customer where another ticket of the company stands. */
export function PositionDialog({ conversation, close }: DialogProps) {
  const { t } = useSpeech();
  const { toast } = usePage();
  const { busy, fault, run } = useIntent(conversation.session);
  const [ticket, setTicket] = useState("");
  const send = async () => {
    const id = Number(ticket.replace(/\D/g, ""));
    if (await run("position", { ticket: id })) {
      toast(t("actions.position.done"), "success");
      close();
    }
  };
  return (
    <Frame title={t("actions.position")} button={t("actions.position.button")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <Line label={t("actions.position.ticket")} hint={t("actions.position.hint")} value={ticket} change={setTicket} maxLength={20} />
    </Frame>
  );
}
