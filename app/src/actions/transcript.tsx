import { pathOf } from "../api/client";
import { useState } from "react";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { faultText } from "./command";
import type { DialogProps } from "./dialog";
import { Choice } from "./fields";
import { Frame } from "./frame";
import { saveBytes } from "../ui/save";

/** Saves the transcript as a file. */
export function TranscriptDialog({ conversation, close }: DialogProps) {
  const words = useSpeech();
  const { t } = words;
  const { client } = usePage();
  const [format, setFormat] = useState("pdf");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const send = async () => {
    setBusy(true);
    try {
      saveBytes(await client.read(`${pathOf(conversation.session)}/transcript?format=${format}`), `${conversation.session}.${format === "text" ? "txt" : format}`);
      close();
    } catch (error) {
      setFault(faultText(error, words));
      setBusy(false);
    }
  };
  return (
    <Frame title={t("actions.transcript")} button={t("actions.transcript.button")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <Choice label={t("actions.transcript.format")} value={format} change={setFormat} options={["pdf", "text", "csv", "json"].map((one) => ({ value: one, label: one === "text" ? "TXT" : one.toUpperCase() }))} />
    </Frame>
  );
}
