// The frame of every dialog: title, form, what went wrong, buttons.

import { Button } from "@zendeskgarden/react-buttons";
import { Body, Close, Footer, FooterItem, Header, Modal } from "@zendeskgarden/react-modals";
import { Alert } from "@zendeskgarden/react-notifications";
import { type FormEvent, type ReactNode, useId } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";

const Form = styled.form`
  display: flex;
  flex-direction: column;
  min-height: 0;
  flex: 1;
`;

const Fields = styled.div`
  display: grid;
  gap: ${(p) => p.theme.space.sm};
`;

interface Props {
  title: string;
  button: string;
  danger?: boolean;
  busy?: boolean;
  fault?: string;
  /** Why it can't be sent yet; the button is there and says so when it is pressed. */
  children: ReactNode;
  close: () => void;
  send: () => void;
}

/** A dialog with a form. Esc and the cross close it, Enter in a field sends it. */
export function Frame({ title, button, danger = false, busy = false, fault = "", children, close, send }: Props) {
  const { t } = useSpeech();
  const id = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!busy) send();
  };
  return (
    <Modal onClose={close} aria-labelledby={id} focusOnMount>
      <Header id={id} isDanger={danger} tag="h2">
        {title}
      </Header>
      <Form onSubmit={submit} noValidate>
        <Body>
          <Fields>
            {children}
            {fault && (
              <Alert type="error" role="alert">
                {fault}
              </Alert>
            )}
          </Fields>
        </Body>
        <Footer>
          <FooterItem>
            <Button type="button" isBasic onClick={close}>
              {t("common.cancel")}
            </Button>
          </FooterItem>
          <FooterItem>
            <Button type="submit" isPrimary isDanger={danger} disabled={busy}>
              {busy ? t("common.loading") : button}
            </Button>
          </FooterItem>
        </Footer>
      </Form>
      <Close aria-label={t("common.close")} />
    </Modal>
  );
}
