// The pop-up of canned replies. The keys stay in the text field, which hands them on.

import { getColor } from "@zendeskgarden/react-theming";
import { type KeyboardEvent, type Ref, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";
import { styled } from "styled-components";
import { ApiError } from "../api/client";
import type { Canned } from "../api/types";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Fault } from "../ui/fault";
import { Marked } from "./marked";
import { Plain, Small } from "./parts";
import { search } from "./words";

const Box = styled.div`
  display: grid;
  gap: 4px;
  max-height: min(340px, 38vh);
  padding: 6px;
  overflow: hidden;
  grid-template-rows: minmax(0, 1fr) auto auto;
  border-radius: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.raised" })};
  box-shadow: ${({ theme }) => theme.shadows.lg("2px", "8px", getColor({ theme, variable: "shadow.small" }))};
`;

const List = styled.div`
  overflow-y: auto;
  min-height: 60px;
`;

const Folder = styled.div`
  padding: 4px 6px 2px;
  font-size: ${(p) => p.theme.fontSizes.sm};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
  color: ${({ theme }) => getColor({ theme, variable: "foreground.subtle" })};
`;

const Option = styled.div<{ $on: boolean }>`
  display: flex;
  flex-wrap: wrap;
  gap: 0 8px;
  min-height: 24px;
  padding: 3px 6px;
  border-radius: 4px;
  cursor: pointer;
  ${({ theme, $on }) => $on && `background: ${getColor({ theme, variable: "background.primaryEmphasis", transparency: theme.opacity[200] })}; box-shadow: inset 3px 0 ${getColor({ theme, variable: "border.primaryEmphasis" })};`}
`;

const Preview = styled.div`
  max-height: 72px;
  padding: 6px;
  overflow-y: auto;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
  border-top: 1px solid ${({ theme }) => getColor({ theme, variable: "border.subtle" })};
`;

const Foot = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 0 12px;
  font-size: ${(p) => p.theme.fontSizes.sm};
`;

/** Takes the keys of the text field; tells whether a key was meant for the pop-up. */
export interface CannedKeys {
  key(event: KeyboardEvent): boolean;
}

interface Props {
  session: string;
  query: string;
  id: string;
  keys: Ref<CannedKeys>;
  /** below: one line below what is typed. */
  pick(text: string, below: boolean): void;
  close(): void;
  /** Is told which option the keys stand on, for those who hear the page. */
  onActive(id: string): void;
}

/** The canned replies that answer a search. */
export default function CannedReplies({ session, query, id, keys, pick, close, onActive }: Props) {
  const { t } = useSpeech();
  const { client } = usePage();
  const [replies, setReplies] = useState<Canned[]>();
  const [error, setError] = useState<ApiError>();
  const [tries, setTries] = useState(0);
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const abort = new AbortController();
    setError(undefined);
    client.get<{ replies: Canned[] }>("/canned", { session }, abort.signal).then(
      (answer) => setReplies(answer.replies),
      (failed: unknown) => !abort.signal.aborted && setError(failed instanceof ApiError ? failed : new ApiError(0, "failed", "")),
    );
    return () => abort.abort();
  }, [client, session, tries]);
  const found = useMemo(() => search(replies ?? [], query), [replies, query]);
  useEffect(() => setAt(0), [query, replies]);
  const active = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    onActive(active ? `${id}-${active.id}` : "");
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: "nearest" });
  }, [active, id, onActive]);
  const choose = (reply: Canned, below: boolean) => pick(reply.filled ?? reply.text, below);
  useImperativeHandle(keys, () => ({
    key(event) {
      const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 5, PageUp: -5 };
      const move = moves[event.key];
      if (move !== undefined && found.length) {
        setAt((before) => (before + move + found.length * 5) % found.length);
        return true;
      }
      if ((event.key === "Enter" || event.key === "Tab") && active) {
        choose(active, event.ctrlKey || event.metaKey);
        return true;
      }
      if (event.key === "Escape") {
        close();
        return true;
      }
      return false;
    },
  }));
  let folder: string | undefined;
  return (
    <Box data-canned>
      <List ref={list} role="listbox" id={id} aria-label={t("chat.canned")} aria-busy={!replies && !error}>
        {error && <Fault text={t("chat.canned.failed", { code: error.code })} again={() => setTries(tries + 1)} />}
        {!replies && !error && <Small>{t("common.loading")}</Small>}
        {replies && !found.length && <Small>{replies.length ? t("chat.canned.none", { q: query }) : t("chat.canned.empty")}</Small>}
        {found.map((reply) => {
          const heading = !query && reply.folder !== folder;
          folder = reply.folder;
          return (
            <div key={reply.id} role="presentation">
              {heading && <Folder role="presentation">{reply.folder || t("chat.canned.folder")}</Folder>}
              <Option
                role="option"
                id={`${id}-${reply.id}`}
                aria-selected={reply === active}
                $on={reply === active}
                onMouseDown={(event) => event.preventDefault()}
                onMouseEnter={() => setAt(found.indexOf(reply))}
                onClick={(event) => choose(reply, event.ctrlKey || event.metaKey)}
              >
                <span>{reply.title}</span>
                {reply.short && <Small>/{reply.short}</Small>}
                {query && reply.folder && <Small>{reply.folder}</Small>}
              </Option>
            </div>
          );
        })}
      </List>
      {active && (
        <Preview>
          <Marked text={active.filled ?? active.text} />
          {active.missing && active.missing.length > 0 && (
            <div>
              <Small>{t("chat.canned.missing", { names: active.missing.join(", ") })}</Small>
            </div>
          )}
        </Preview>
      )}
      <Foot>
        {active && (
          <>
            <Plain type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => choose(active, false)}>
              {t("chat.canned.insert")}
            </Plain>
            <Plain type="button" onMouseDown={(event) => event.preventDefault()} onClick={() => choose(active, true)}>
              {t("chat.canned.below")}
            </Plain>
          </>
        )}
        <Small>{t("chat.canned.keys")}</Small>
      </Foot>
    </Box>
  );
}
