// What narrows the list: words, order, tag, and what was chosen in the navigation.

import lens from "@zendeskgarden/svg-icons/src/16/search-stroke.svg?raw";
import cross from "@zendeskgarden/svg-icons/src/16/x-stroke.svg?raw";
import download from "@zendeskgarden/svg-icons/src/16/download-stroke.svg?raw";
import { IconButton } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { saveBytes } from "../ui/save";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import type { Filters, Sort } from "../live/rows";
import { Unseen } from "../theme";
import { Icon } from "../ui/icon";

import { queryOf } from "./use-rows";

const Box = styled.div`
  display: grid;
  grid-template-columns: minmax(0, 1fr);
  gap: 6px;
  padding: 8px 10px;
  border-bottom: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.default" })};
`;

const Line = styled.div`
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 6px;
`;

const Orders = styled(Line)`
  flex-wrap: nowrap;
  & > select {
    flex: 1 1 0;
  }
`;

const Title = styled.h2`
  flex: 1;
  margin: 0;
  font-size: ${(p) => p.theme.fontSizes.md};
  font-weight: ${(p) => p.theme.fontWeights.semibold};
`;

const Field = styled.label`
  display: flex;
  flex: 1;
  align-items: center;
  gap: 6px;
  min-width: 0;
  padding: 0 8px;
  border: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.emphasis" })};
  border-radius: ${(p) => p.theme.borderRadii.md};
  &:focus-within {
    outline: 2px solid ${(p) => getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
  }
  & > input {
    flex: 1;
    min-width: 0;
    height: 30px;
    border: 0;
    outline: 0;
    font: inherit;
    color: inherit;
    background: transparent;
  }
`;

/** A small native choice. */
export const Choice = styled.select`
  flex: 0 1 auto;
  min-width: 0;
  max-width: 100%;
  height: 28px;
  padding: 0 4px;
  font: inherit;
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.default" })};
  background: ${(p) => getColor({ theme: p.theme, variable: "background.default" })};
  border: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.emphasis" })};
  border-radius: ${(p) => p.theme.borderRadii.md};
`;

const ChipButton = styled.button`
  display: inline-flex;
  align-items: center;
  gap: 4px;
  max-width: 100%;
  min-height: 24px;
  padding: 0 8px;
  border: 0;
  border-radius: 12px;
  font: inherit;
  font-size: ${(p) => p.theme.fontSizes.sm};
  cursor: pointer;
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.default" })};
  background: ${(p) => getColor({ theme: p.theme, variable: "background.disabled" })};
`;

const Count = styled.span`
  font-size: ${(p) => p.theme.fontSizes.sm};
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** How long after the last key a search begins, in milliseconds. */
const rest = 250;

/** The fewest characters that are searched for. */
const fewest = 2;

const sorts: Sort[] = ["waiting", "newest", "attending"];

interface Props {
  filters: Filters;
  change: (filters: Filters) => void;
  title: string;
  /** How many there are; undefined while it is not known. */
  total: number | undefined;
  tags: string[];
  agentName: string;
  input: RefObject<HTMLInputElement>;
  /** Goes to the list from the field. */
  down: () => void;
  back: ReactNode;
}

/** The head of the list. */
export function Search({ filters, change, title, total, tags, agentName, input, down, back }: Props) {
  const { t } = useSpeech();
  const [text, setText] = useState(filters.q);
  const latest = useRef({ filters, change });
  latest.current = { filters, change };
  useEffect(() => setText((before) => (before.trim().length < fewest && !filters.q ? before : filters.q)), [filters.q, filters.view]);
  useEffect(() => {
    const q = text.trim().length < fewest ? "" : text.trim();
    if (q === latest.current.filters.q) return;
    const timer = setTimeout(() => latest.current.change({ ...latest.current.filters, q }), rest);
    return () => clearTimeout(timer);
  }, [text]);
  const clear = () => {
    setText("");
    change({ ...filters, q: "" });
    input.current?.focus();
  };
  const all = filters.tag && !tags.includes(filters.tag) ? [filters.tag, ...tags] : tags;
  return (
    <Box role="search">
      <Line>
        {back}
        <Title>{title}</Title>
        <Count role="status">{total !== undefined && t(filters.q ? "console.search.results" : "console.list.count", { n: total })}</Count>
        <Download filters={filters} />
      </Line>
      <Field>
        <Icon svg={lens} />
        <Unseen>{t("console.search")}</Unseen>
        <input
          ref={input}
          type="search"
          value={text}
          placeholder={t("console.search.hint")}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape" && text) clear();
            else if (event.key === "ArrowDown" || event.key === "Enter") down();
            else return;
            event.preventDefault();
          }}
        />
      </Field>
      <Orders>
        <Choice aria-label={t("console.sort")} value={filters.sort} onChange={(event) => change({ ...filters, sort: event.target.value as Sort })}>
          {sorts.map((sort) => (
            <option key={sort} value={sort}>
              {t(`console.sort.${sort}`)}
            </option>
          ))}
        </Choice>
        {all.length > 0 && (
          <Choice aria-label={t("console.filter.tag")} value={filters.tag} onChange={(event) => change({ ...filters, tag: event.target.value })}>
            <option value="">{t("console.filter.anytag")}</option>
            {all.map((tag) => (
              <option key={tag} value={tag}>
                {tag}
              </option>
            ))}
          </Choice>
        )}
      </Orders>
      {(filters.queue || filters.agent > 0 || filters.q) && (
      <Line>
        {filters.queue && <Without label={t("console.filter.queue", { name: filters.queue })} drop={() => change({ ...filters, queue: "" })} />}
        {filters.agent > 0 && <Without label={t("console.filter.agent", { name: agentName })} drop={() => change({ ...filters, agent: 0 })} />}
        {filters.q && <Without label={t("console.filter.words", { words: filters.q })} drop={clear} />}
      </Line>
      )}
    </Box>
  );
}

function Without({ label, drop }: { label: string; drop: () => void }) {
  const { t } = useSpeech();
  return (
    <ChipButton type="button" onClick={drop} title={t("console.filter.drop")}>
      {label}
      <Icon svg={cross} size={10} />
      <Unseen>{t("console.filter.drop")}</Unseen>
    </ChipButton>
  );
}

function Download({ filters }: { filters: Filters }) {
  const { client, toast } = usePage();
  const words = useSpeech();
  const [busy, setBusy] = useState(false);
  const take = async () => {
    setBusy(true);
    try {
      const query = Object.entries({ ...queryOf(filters), limit: 2000, format: "csv" }).filter(([, value]) => value !== undefined);
      saveBytes(await client.read(`/conversations?${new URLSearchParams(query.map(([name, value]) => [name, String(value)]))}`), `conversas-${filters.view}.csv`);
    } catch (error) {
      toast(faultText(error, words), "error");
    }
    setBusy(false);
  };
  return (
    <IconButton size="small" aria-label={words.t("console.csv")} title={words.t("console.csv")} disabled={busy} onClick={() => void take()}>
      <Icon svg={download} />
    </IconButton>
  );
}
