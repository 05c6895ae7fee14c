// Work that failed or stands still, with a way to try it again.

import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { Body, Caption, Cell, Head, HeaderCell, HeaderRow, Row, Table } from "@zendeskgarden/react-tables";
import { useCallback, useEffect, useState } from "react";
import { faultText } from "../actions/command";
import { ApiError } from "../api/client";
import type { Work as WorkList } from "../api/types";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";

/** Dead letters and halted mailboxes. */
export default function Work({ open }: { open: (session: string) => void }) {
  const words = useSpeech();
  const { t, moment } = words;
  const { client, toast } = usePage();
  const [data, setData] = useState<WorkList>();
  const [error, setError] = useState<unknown>();
  const [sure, setSure] = useState("");
  const read = useCallback(() => {
    client.get<WorkList>("/work").then(
      (got) => {
        setData(got);
        setError(undefined);
      },
      (failed: unknown) => setError(failed),
    );
  }, [client]);
  useEffect(read, [read]);
  const act = async (method: "post" | "delete", path: string, done: string) => {
    try {
      await (method === "post" ? client.post(path, {}) : client.delete(path));
      toast(done, "success");
    } catch (failed) {
      toast(faultText(failed instanceof ApiError ? failed : undefined, words), "error");
    }
    setSure("");
    read();
  };
  if (!data) return error ? <Fault text={faultText(error, words)} again={read} /> : <Skeleton height="120px" />;
  const see = (session: string | undefined) =>
    session ? (
      <Button size="small" isBasic onClick={() => open(session)}>
        {t("supervisor.verdict.open")}
      </Button>
    ) : null;
  return (
    <>
      <p>
        {t("supervisor.work.hint")}{" "}
        <Button size="small" onClick={read}>
          {t("supervisor.work.reload")}
        </Button>
      </p>
      <Table size="small">
        <Caption>{t("supervisor.work.dead")}</Caption>
        <Head>
          <HeaderRow>
            <HeaderCell scope="col">{t("supervisor.verdict.when")}</HeaderCell>
            <HeaderCell scope="col">{t("supervisor.work.what")}</HeaderCell>
            <HeaderCell scope="col">{t("actions.reason")}</HeaderCell>
            <HeaderCell scope="col">{t("supervisor.verdict.act")}</HeaderCell>
          </HeaderRow>
        </Head>
        <Body>
          {data.dead.map((one) => (
            <Row key={one.id}>
              <Cell>{moment(one.at)}</Cell>
              <Cell>{one.kind}</Cell>
              <Cell>{one.reason}</Cell>
              <Cell>
                {see(one.session)}
                <Button size="small" onClick={() => void act("post", `/work/dead/${encodeURIComponent(one.id)}`, t("supervisor.work.retried"))}>
                  {t("common.retry")}
                </Button>
                <Button size="small" isDanger isBasic={sure !== one.id} onClick={() => (sure === one.id ? void act("delete", `/work/dead/${encodeURIComponent(one.id)}`, t("supervisor.work.dropped")) : setSure(one.id))}>
                  {t(sure === one.id ? "supervisor.work.sure" : "supervisor.work.drop")}
                </Button>
              </Cell>
            </Row>
          ))}
          {data.dead.length === 0 && (
            <Row>
              <Cell colSpan={4}>{t("supervisor.work.noDead")}</Cell>
            </Row>
          )}
        </Body>
      </Table>
      <Table size="small">
        <Caption>{t("supervisor.work.halted")}</Caption>
        <Head>
          <HeaderRow>
            <HeaderCell scope="col">{t("supervisor.work.since")}</HeaderCell>
            <HeaderCell scope="col">{t("actions.reason")}</HeaderCell>
            <HeaderCell scope="col">{t("supervisor.work.inbox")}</HeaderCell>
            <HeaderCell scope="col">{t("supervisor.verdict.act")}</HeaderCell>
          </HeaderRow>
        </Head>
        <Body>
          {data.halted.map((one) => (
            <Row key={one.key}>
              <Cell>{moment(one.since)}</Cell>
              <Cell>{one.reason}</Cell>
              <Cell>{one.waiting ?? 0}</Cell>
              <Cell>
                {see(one.session)}
                <Button size="small" onClick={() => void act("post", `/work/halted/${encodeURIComponent(one.key)}`, t("supervisor.work.resumed"))}>
                  {t("supervisor.work.resume")}
                </Button>
              </Cell>
            </Row>
          ))}
          {data.halted.length === 0 && (
            <Row>
              <Cell colSpan={4}>{t("supervisor.work.noHalted")}</Cell>
            </Row>
          )}
        </Body>
      </Table>
    </>
  );
}
