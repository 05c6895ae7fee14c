// The list of conversations: virtual, and it does not jump under the pointer.

import { Button } from "@zendeskgarden/react-buttons";
import { Skeleton } from "@zendeskgarden/react-loaders";
import { getColor } from "@zendeskgarden/react-theming";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { useNow } from "../clock";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import type { Entry, Rows } from "../live/rows";
import { Fault } from "../ui/fault";
import { held } from "./hold";
import { RowView, rowHeight } from "./row";
import type { RowList } from "./use-rows";
import { useLate } from "./use-late";

const Scroll = styled.div`
  position: relative;
  flex: 1;
  min-height: 0;
  overflow-y: auto;
  overscroll-behavior: contain;
  &:focus-visible {
    outline: 2px solid ${(p) => getColor({ theme: p.theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
`;

const All = styled.div`
  position: relative;
  width: 100%;
`;

const Fresh = styled.div`
  position: absolute;
  z-index: 10;
  inset-inline: 0;
  top: 6px;
  display: grid;
  justify-items: center;
  pointer-events: none;
  & > * {
    pointer-events: auto;
    box-shadow: 0 2px 8px rgb(0 0 0 / 24%);
  }
`;

const Frame = styled.div`
  position: relative;
  display: flex;
  flex: 1;
  flex-direction: column;
  min-height: 0;
`;

const Waiting = styled.div`
  display: grid;
  gap: ${(p) => p.theme.space.sm};
  padding: ${(p) => p.theme.space.sm};
`;

/** The id of a row's element. */
const idOf = (session: string) => `row-${session}`;

interface Props {
  list: RowList;
  label: string;
  empty: ReactNode;
  selected: string;
  active: string;
  open: (session: string) => void;
  /** Is told the sessions in the order that is shown. */
  shown: (order: readonly string[]) => void;
}

/** The list, or why there is none. */
export function List(props: Props) {
  const { list, label, empty } = props;
  const words = useSpeech();
  const late = useLate(list.rows === undefined && !list.error);
  if (list.error && !list.rows) return <Fault text={faultText(list.error, words)} again={list.reload} />;
  if (!list.rows) {
    return (
      <Waiting aria-busy="true" aria-label={words.t("common.loading")} role="status">
        {late && [0, 1, 2, 3, 4].map((i) => <Skeleton key={i} height="64px" />)}
      </Waiting>
    );
  }
  return (
    <Frame aria-busy={list.loading || undefined} style={{ opacity: list.loading ? 0.6 : 1 }}>
      {list.error && <Fault text={faultText(list.error, words)} again={list.reload} />}
      {list.rows.order.length === 0 && !list.loading ? empty : <Virtual key={JSON.stringify(list.rows.filters)} {...props} rows={list.rows} label={label} />}
    </Frame>
  );
}

/** What was last known of the rows that are shown, for those that leave while the order is held. */
function useGhosts(rows: Rows): (session: string) => Entry | undefined {
  const known = useRef(new Map<string, Entry>());
  return useCallback(
    (session) => {
      const entry = rows.get(session);
      if (entry) known.current.set(session, entry);
      return entry ?? known.current.get(session);
    },
    [rows],
  );
}

function Virtual({ list, rows, label, selected, active, open, shown }: Props & { rows: Rows }) {
  const { t } = useSpeech();
  const { session } = usePage();
  const at = useNow(5000);
  const box = useRef<HTMLDivElement>(null);
  const over = useRef(false);
  const [holding, setHolding] = useState<readonly string[]>();
  const view = held(rows.order, holding);
  const entryOf = useGhosts(rows);
  const { order } = view;

  const virtual = useVirtualizer({
    count: order.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (i) => order[i] ?? i,
    overscan: 6,
  });
  const items = virtual.getVirtualItems();
  const visible = items.map((item) => order[item.index] ?? "");
  useEffect(() => list.look(visible), [list.look, visible.join(" ")]);
  useEffect(() => shown(order), [shown, order]);
  useEffect(() => {
    const i = order.indexOf(active);
    if (i >= 0) virtual.scrollToIndex(i);
  }, [active]);

  const top = () => (box.current?.scrollTop ?? 0) < 4;
  const hold = () => setHolding((before) => before ?? rows.order);
  const release = () => setHolding(undefined);
  const show = () => {
    setHolding(over.current ? rows.order : undefined);
    virtual.scrollToOffset(0);
    box.current?.focus();
  };
  return (
    <>
      {view.fresh > 0 && (
        <Fresh>
          <Button size="small" isPrimary onClick={show}>
            {t("console.list.fresh", { n: view.fresh })}
          </Button>
        </Fresh>
      )}
      <Scroll
        ref={box}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={visible.includes(active) ? idOf(active) : undefined}
        onPointerEnter={() => {
          over.current = true;
          hold();
        }}
        onPointerLeave={() => {
          over.current = false;
          if (top()) release();
        }}
        onScroll={() => (top() ? !over.current && release() : hold())}
      >
        <All role="presentation" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const one = order[item.index] ?? "";
            const entry = entryOf(one);
            return (
              entry && (
                <RowView
                  key={one}
                  id={idOf(one)}
                  entry={entry}
                  at={at}
                  me={session.agent.id}
                  selected={one === selected}
                  active={one === active}
                  left={view.left.has(one)}
                  place={item.index + 1}
                  of={order.length}
                  top={item.start}
                  open={open}
                />
              )
            );
          })}
        </All>
      </Scroll>
    </>
  );
}
