// Canned replies: written by supervisors, used by everybody.

import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { useCallback, useEffect, useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { Line, Lines } from "../actions/fields";
import { Frame } from "../actions/frame";
import type { Canned } from "../api/types";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";

const List = styled.ul`
  list-style: none;
  padding: 0;
  display: grid;
  gap: ${(p) => p.theme.space.sm};
`;

const Text = styled.p`
  margin: 0;
  white-space: pre-wrap;
`;

/** The canned replies by folder, with what adds, changes and removes them. */
export default function Replies() {
  const words = useSpeech();
  const { t } = words;
  const { client, toast } = usePage();
  const [list, setList] = useState<Canned[]>();
  const [error, setError] = useState<unknown>();
  const [edited, setEdited] = useState<Partial<Canned>>();
  const [q, setQ] = useState("");
  const [sure, setSure] = useState("");
  const read = useCallback(() => {
    client.get<{ replies: Canned[] }>("/canned").then(
      (got) => {
        setList(got.replies);
        setError(undefined);
      },
      (failed: unknown) => setError(failed),
    );
  }, [client]);
  useEffect(read, [read]);
  if (!list) return error ? <Fault text={faultText(error, words)} again={read} /> : <Skeleton height="200px" />;
  const word = q.trim().toLowerCase();
  const found = list.filter((one) => [one.folder, one.title, one.short, one.text].some((text) => text?.toLowerCase().includes(word)));
  const folders = [...new Set(found.map((one) => one.folder ?? ""))].sort((a, b) => a.localeCompare(b));
  const drop = async (one: Canned) => {
    if (sure !== one.id) return setSure(one.id);
    try {
      await client.delete(`/canned/${encodeURIComponent(one.id)}`);
    } catch (failed) {
      toast(faultText(failed, words), "error");
    }
    read();
  };
  return (
    <>
      <Line label={t("supervisor.canned.search")} value={q} change={setQ} />
      <p>
        <Button size="small" isPrimary onClick={() => setEdited({})}>
          {t("supervisor.canned.new")}
        </Button>
      </p>
      {found.length === 0 && <p>{t("supervisor.canned.none")}</p>}
      {folders.map((folder) => (
        <section key={folder}>
          <h3>{folder || t("supervisor.canned.noFolder")}</h3>
          <List>
            {found
              .filter((one) => (one.folder ?? "") === folder)
              .map((one) => (
                <li key={one.id}>
                  <strong>{one.title}</strong> {one.short && <code>/{one.short}</code>}
                  <Text>{one.text}</Text>
                  <Button size="small" isBasic onClick={() => setEdited(one)}>
                    {t("supervisor.canned.edit")}
                  </Button>
                  <Button size="small" isBasic isDanger onClick={() => void drop(one)}>
                    {t(sure === one.id ? "supervisor.work.sure" : "supervisor.canned.drop")}
                  </Button>
                </li>
              ))}
          </List>
        </section>
      ))}
      {edited && (
        <Editor
          reply={edited}
          folders={[...new Set(list.flatMap((one) => (one.folder ? [one.folder] : [])))]}
          close={() => {
            setEdited(undefined);
            read();
          }}
        />
      )}
    </>
  );
}

function Editor({ reply, folders, close }: { reply: Partial<Canned>; folders: string[]; close: () => void }) {
  const words = useSpeech();
  const { t } = words;
  const { client } = usePage();
  const [value, setValue] = useState({ folder: reply.folder ?? "", title: reply.title ?? "", short: reply.short ?? "", text: reply.text ?? "" });
  const [tried, setTried] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const set = (name: keyof typeof value) => (text: string) => setValue((old) => ({ ...old, [name]: text }));
  const send = async () => {
    setTried(true);
    if (!value.title.trim() || !value.text.trim()) return;
    const body = Object.fromEntries(Object.entries(value).flatMap(([name, text]) => (text.trim() ? [[name, name === "text" ? text : text.trim()]] : [])));
    setBusy(true);
    try {
      await (reply.id ? client.put(`/canned/${encodeURIComponent(reply.id)}`, body) : client.post("/canned", body));
      close();
    } catch (error) {
      setFault(faultText(error, words));
      setBusy(false);
    }
  };
  const need = (text: string) => (tried && !text.trim() ? t("actions.missing") : undefined);
  return (
    <Frame title={t(reply.id ? "supervisor.canned.edit" : "supervisor.canned.new")} button={t("common.save")} busy={busy} fault={fault} close={close} send={() => void send()}>
      <Line label={t("supervisor.canned.title")} value={value.title} change={set("title")} maxLength={100} wrong={need(value.title)} />
      <Line label={t("supervisor.canned.folder")} value={value.folder} change={set("folder")} maxLength={100} list={folders} optional />
      <Line label={t("supervisor.canned.short")} hint={t("supervisor.canned.short.hint")} value={value.short} change={set("short")} maxLength={40} optional />
      <Lines label={t("supervisor.canned.text")} hint={t("supervisor.canned.text.hint")} value={value.text} change={set("text")} rows={5} maxLength={4096} wrong={need(value.text)} />
    </Frame>
  );
}
