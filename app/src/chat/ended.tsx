// What stands in the place of the text where the customer can't be written to.

import info from "@zendeskgarden/svg-icons/src/16/info-stroke.svg?raw";
import lock from "@zendeskgarden/svg-icons/src/16/lock-locked-stroke.svg?raw";
import { Button } from "@zendeskgarden/react-buttons";
import type { ReactNode } from "react";
import { styled } from "styled-components";
import type { Actions } from "../actions/action";
import { type Key, useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { Line, Plain } from "./parts";

const Said = styled.div`
  display: flex;
  gap: 8px;
  padding-top: 4px;
`;

/** Says why nothing can be written, and offers what can still be done. */
export function Ended({ why, actions }: { why: Key; actions: Actions }) {
  const { t } = useSpeech();
  const left = why === "chat.ended.older" ? [] : actions.list.filter((one) => one.allowed);
  return (
    <>
      <Said role="status">
        <Icon svg={lock} />
        <span>{t(why)}</span>
      </Said>
      {left.length > 0 && (
        <Line role="group" aria-label={t("chat.ended.actions")}>
          {left.map((one) => (
            <Button key={one.name} size="small" isDanger={one.danger ?? false} onClick={() => one.run()}>
              {one.label}
            </Button>
          ))}
        </Line>
      )}
    </>
  );
}

/** Says that the window is closed, with the templates that go nevertheless, and the way to write all the same. */
export function Closed({ keep, children }: { keep: () => void; children: ReactNode }) {
  const { t } = useSpeech();
  return (
    <>
      <Said role="status">
        <Icon svg={info} />
        <span>{t("chat.closed.intro")}</span>
      </Said>
      {children}
      <Plain type="button" onClick={keep}>
        {t("chat.kept.write")}
      </Plain>
    </>
  );
}

/** Says that what is written now is kept, with the way back to the templates. */
export function Keeping({ template }: { template: (() => void) | undefined }) {
  const { t } = useSpeech();
  return (
    <Said role="status">
      <Icon svg={info} />
      <span>
        {t("chat.kept.now")}{" "}
        {template && (
          <Plain type="button" onClick={template}>
            {t("chat.kept.template")}
          </Plain>
        )}
      </span>
    </Said>
  );
}
