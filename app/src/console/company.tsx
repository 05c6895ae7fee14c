// The customer's company, and whether it may be attended.

import again from "@zendeskgarden/svg-icons/src/16/reload-stroke.svg?raw";
import { IconButton } from "@zendeskgarden/react-buttons";
import { useIntent } from "../actions/command";
import type { Conversation } from "../api/types";
import { type Key, useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { pendingOf } from "../ui/pending";
import { Bad, Card, Fact, Facts, Good, Hint } from "./card";

/** The company with its CNPJ and its financial pending, and when that was asked. */
export function CompanyCard({ conversation: c }: { conversation: Conversation }) {
  const { t, moment } = useSpeech();
  const intent = useIntent(c.session);
  const { organization: o, flags = [] } = c;
  const pending = pendingOf(c);
  const missing = flags.filter((flag) => flag === "no_cnpj" || flag === "no_organization");
  const mayAsk = Boolean(o?.cnpj) && (c.allowed?.includes("identify") ?? false);
  const words = t(`common.pending.${pending}`);
  return (
    <Card
      title={t("console.company")}
      side={
        mayAsk && (
          <IconButton size="small" aria-label={t("console.company.again")} title={t("console.company.again")} disabled={intent.busy} onClick={() => void intent.run("identify", { cnpj: o?.cnpj })}>
            <Icon svg={again} size={12} />
          </IconButton>
        )
      }
    >
      <Facts>
        <Fact name={t("console.company.name")}>{o?.name}</Fact>
        <Fact name={t("console.company.cnpj")}>{o?.cnpj}</Fact>
        {missing.map((flag) => (
          <Fact key={flag} name={t("console.company.missing")}>
            <Bad>{t(`console.flag.${flag}` as Key)}</Bad>
          </Fact>
        ))}
        <Fact name={t("console.pending")}>
          {pending === "no" ? <Good>✓ {words}</Good> : pending === "yes" || pending === "overridden" ? <Bad>⚠ {words}</Bad> : <strong>{words}</strong>}
          {o?.checked && pending !== "unverified" && (
            <>
              {" "}
              <Hint>{t("console.pending.checked", { time: moment(o.checked) })}</Hint>
            </>
          )}
        </Fact>
      </Facts>
      {intent.fault && <Bad role="alert">{intent.fault}</Bad>}
    </Card>
  );
}
