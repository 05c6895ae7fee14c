import { Alert, Close } from "@zendeskgarden/react-notifications";
import { useEffect } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";

export interface Toast {
  id: number;
  text: string;
  kind: "info" | "success" | "warning" | "error";
}

const Place = styled.div`
  position: fixed;
  z-index: 500;
  inset-inline: ${(p) => p.theme.space.sm};
  bottom: ${(p) => p.theme.space.sm};
  display: grid;
  gap: ${(p) => p.theme.space.xs};
  justify-items: end;
  pointer-events: none;
  & > * {
    pointer-events: auto;
    max-width: 420px;
  }
`;

/** How long a message stays, in milliseconds; errors stay until they are closed. */
const stay = 6000;

/** Short messages in the corner; screen readers hear them. */
export function Toasts({ list, gone }: { list: Toast[]; gone: (id: number) => void }) {
  return (
    <Place role="status">
      {list.map((one) => (
        <One key={one.id} toast={one} gone={() => gone(one.id)} />
      ))}
    </Place>
  );
}

function One({ toast, gone }: { toast: Toast; gone: () => void }) {
  const { t } = useSpeech();
  useEffect(() => {
    if (toast.kind === "error") return;
    const timer = setTimeout(gone, stay);
    return () => clearTimeout(timer);
  }, [toast.id]);
  return (
    <Alert type={toast.kind} role="none">
      {toast.text}
      <Close aria-label={t("common.close")} onClick={gone} />
    </Alert>
  );
}
