// Everything by a few letters: actions, lists, conversations.

import { Modal } from "@zendeskgarden/react-modals";
import { getColor } from "@zendeskgarden/react-theming";
import { type KeyboardEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { styled } from "styled-components";
import type { ConversationList, ListRow } from "../api/types";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { best } from "./fuzzy";
import { next } from "./hold";
import { nameOf } from "./initials";

/** Something to go to or to do. */
export interface Entry {
  id: string;
  label: string;
  /** What kind of thing it is. */
  kind: string;
  keys?: string | undefined;
  run: () => void;
}

const Box = styled.div`
  display: flex;
  flex-direction: column;
  min-height: 0;
  padding: 12px;
  gap: 8px;
`;

const Input = styled.input`
  width: 100%;
  height: 40px;
  padding: 0 12px;
  font: inherit;
  color: inherit;
  background: transparent;
  border: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.emphasis" })};
  border-radius: ${(p) => p.theme.borderRadii.md};
  &:focus-visible {
    outline: 2px solid ${(p) => getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
  }
`;

const Found = styled.ul`
  max-height: min(420px, 55vh);
  margin: 0;
  padding: 0;
  overflow-y: auto;
  list-style: none;
`;

const Item = styled.li`
  display: flex;
  align-items: center;
  gap: 10px;
  min-height: 32px;
  padding: 4px 10px;
  border-radius: ${(p) => p.theme.borderRadii.md};
  cursor: pointer;
  & > span {
    flex: 1;
  }
  & > small,
  & > kbd {
    font: inherit;
    font-size: ${(p) => p.theme.fontSizes.sm};
    color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
  }
  &[aria-selected="true"] {
    background: ${(p) => getColor({ theme: p.theme, variable: "background.primaryEmphasis", transparency: p.theme.opacity[200] })};
    box-shadow: inset 3px 0 ${(p) => getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
  }
`;

const Nothing = styled.p`
  margin: 8px 10px;
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** How long after the last key conversations are looked for, in milliseconds, and how many are shown. */
const rest = 200;
const most = 8;

/** The conversations that are found by words. */
function useConversations(typed: string): ListRow[] {
  const { client } = usePage();
  const [rows, setRows] = useState<ListRow[]>([]);
  useEffect(() => {
    const q = typed.trim();
    if (q.length < 2) return setRows([]);
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      const list = await client.get<ConversationList>("/conversations", { sort: "newest", q, limit: most }, abort.signal).catch(() => undefined);
      if (list && !abort.signal.aborted) setRows(list.rows);
    }, rest);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [client, typed]);
  return rows;
}

interface Props {
  entries: Entry[];
  open: (session: string) => void;
  close: () => void;
}

/** The command palette. */
export default function Palette({ entries, open, close }: Props) {
  const { t } = useSpeech();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const input = useCallback((field: HTMLInputElement | null) => field?.focus(), []);
  const list = useRef<HTMLUListElement>(null);
  const rows = useConversations(typed);
  const found = useMemo(
    () => [
      ...best(entries, (one) => one.label, typed),
      ...rows.map((row): Entry => ({ id: `c ${row.session}`, label: [nameOf(row.contact, t("contact.unnamed")), row.organization?.name].filter(Boolean).join(" · "), kind: t("console.palette.conversation"), run: () => open(row.session) })),
    ],
    [entries, rows, typed, open, t],
  );
  useEffect(() => setAt(0), [typed]);
  useEffect(() => {
    const one = list.current?.children[at];
    if (one?.scrollIntoView) one.scrollIntoView({ block: "nearest" });
  }, [at]);
  const run = (one: Entry | undefined) => {
    if (!one) return;
    close();
    one.run();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(next(found.length, at, 1));
    else if (event.key === "ArrowUp") setAt(next(found.length, at, -1));
    else if (event.key === "Enter") run(found[at]);
    else return;
    event.preventDefault();
  };
  return (
    <Modal onClose={close} aria-label={t("console.palette")} focusOnMount={false} restoreFocus={false} isAnimated={false}>
      <Box>
        <Input
          ref={input}
          role="combobox"
          aria-label={t("console.palette")}
          aria-expanded={found.length > 0}
          aria-controls={id}
          aria-activedescendant={found[at] && `${id}-${at}`}
          aria-autocomplete="list"
          autoComplete="off"
          placeholder={t("console.palette.hint")}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={keys}
        />
        {found.length === 0 && <Nothing role="status">{t("console.palette.nothing")}</Nothing>}
        <Found id={id} role="listbox" aria-label={t("console.palette.found")} ref={list} hidden={found.length === 0}>
          {found.map((one, i) => (
            <Item key={one.id} id={`${id}-${i}`} role="option" aria-selected={i === at} onClick={() => run(one)} onPointerMove={() => setAt(i)}>
              <span>{one.label}</span>
              <small>{one.kind}</small>
              {one.keys && <kbd>{one.keys}</kbd>}
            </Item>
          ))}
        </Found>
      </Box>
    </Modal>
  );
}
