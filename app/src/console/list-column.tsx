// The second column: what narrows the list, and the list.

import { type ReactNode, type RefObject, memo, useEffect } from "react";
import type { Filters } from "../live/rows";
import { List } from "./list";
import { Nothing } from "./nothing";
import { Search } from "./search";
import { useRows } from "./use-rows";

interface Props {
  filters: Filters;
  change: (filters: Filters) => void;
  choose: (filters: Filters) => void;
  title: string;
  agentName: string;
  selected: string;
  active: string;
  open: (session: string) => void;
  /** Is told the sessions in the order that is shown. */
  shown: (order: readonly string[]) => void;
  input: RefObject<HTMLInputElement>;
  /** Goes to the list from the field. */
  down: () => void;
  back: ReactNode;
}

/** The list with its head. What changes in it is drawn here alone. */
export const ListColumn = memo(function ListColumn({ filters, change, choose, title, agentName, selected, active, open, shown, input, down, back }: Props) {
  const list = useRows(filters);
  const { rows } = list;

  // What the agent reads is read, here at once; the chat tells the server.
  const inbound = rows?.get(selected)?.last_inbound;
  useEffect(() => {
    if (inbound && document.visibilityState !== "hidden") rows?.note(selected, { seen: inbound });
  }, [selected, inbound, rows]);

  return (
    <>
      <Search filters={filters} change={change} title={title} total={list.loading ? undefined : rows?.total} tags={rows?.tags ?? []} agentName={agentName} input={input} down={down} back={back} />
      <List list={list} label={title} empty={<Nothing filters={filters} choose={choose} />} selected={selected} active={active} open={open} shown={shown} />
    </>
  );
});
