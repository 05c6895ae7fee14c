import { Button } from "@zendeskgarden/react-buttons";
import { Alert } from "@zendeskgarden/react-notifications";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";

const Actions = styled.div`
  margin-top: ${(p) => p.theme.space.xs};
`;

/** Says what failed, with a way to try again where there is one. */
export function Fault({ text, again }: { text: string; again?: () => void }) {
  const { t } = useSpeech();
  return (
    <Alert type="error" role="alert">
      {text}
      {again && (
        <Actions>
          <Button size="small" onClick={again}>
            {t("common.retry")}
          </Button>
        </Actions>
      )}
    </Alert>
  );
}
