// A button that opens a list of things to do. Pattern: https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/

import { Button, IconButton } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { styled } from "styled-components";

/** One thing to do. */
export interface Item {
  name: string;
  label: string;
  keys?: string | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Items of one group stand together. */
  group?: string | undefined;
  run: () => void;
}

const Place = styled.div`
  position: relative;
  display: inline-flex;
`;

const List = styled.ul<{ $end: boolean }>`
  position: absolute;
  z-index: 400;
  top: 100%;
  ${(p) => (p.$end ? "inset-inline-end: 0;" : "inset-inline-start: 0;")}
  margin: 4px 0 0;
  padding: 4px 0;
  min-width: 220px;
  max-width: min(300px, calc(100vw - 24px));
  max-height: min(420px, 60vh);
  overflow-y: auto;
  list-style: none;
  background: ${(p) => getColor({ theme: p.theme, variable: "background.raised" })};
  border: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.default" })};
  border-radius: ${(p) => p.theme.borderRadii.md};
  box-shadow: 0 8px 24px rgb(0 0 0 / 24%);
`;

const Entry = styled.li<{ $danger: boolean; $first: boolean }>`
  display: flex;
  justify-content: space-between;
  gap: 12px;
  padding: 6px 12px;
  min-height: 24px;
  cursor: pointer;
  color: ${(p) => getColor({ theme: p.theme, variable: p.$danger ? "foreground.danger" : "foreground.default" })};
  ${(p) => p.$first && `border-top: 1px solid ${getColor({ theme: p.theme, variable: "border.default" })};`}
  &[aria-disabled="true"] {
    cursor: default;
    color: ${(p) => getColor({ theme: p.theme, variable: "foreground.disabled" })};
  }
  &:focus-visible,
  &:hover:not([aria-disabled="true"]) {
    outline: none;
    background: ${(p) => getColor({ theme: p.theme, variable: "background.primaryEmphasis", transparency: p.theme.opacity[200] })};
  }
  & > kbd {
    font: inherit;
    color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
  }
`;

interface Props {
  label: string;
  items: Item[];
  /** An icon in place of the label, which is the button's name then. */
  icon?: ReactNode;
  /** Whether the list ends where the button does. */
  end?: boolean;
}

/** A menu button. Arrow keys, Home, End and first letters move; Enter does; Esc closes and returns to the button. */
export function Menu({ label, items, icon, end = false }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const entries = () => [...(place.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    entries()[0]?.focus();
    const outside = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);
  const choose = (item: Item) => {
    if (item.disabled) return;
    close();
    item.run();
  };
  const keys = (event: KeyboardEvent) => {
    const all = entries();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const go = (to: number) => all[(to + all.length) % all.length]?.focus();
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(-1);
    else if (event.key === "Tab") return setOpen(false);
    else if (event.key === "Enter" || event.key === " ") items[at] && choose(items[at]);
    else if (event.key.length === 1) {
      const found = [...all.slice(at + 1), ...all.slice(0, at + 1)].find((one) => one.textContent?.toLowerCase().startsWith(event.key.toLowerCase()));
      found?.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const shared = { "aria-haspopup": "menu", "aria-expanded": open, "aria-controls": open ? id : undefined, onClick: () => setOpen(!open), ref: button } as const;
  return (
    <Place ref={place}>
      {icon ? (
        <IconButton size="small" aria-label={label} title={label} {...shared}>
          {icon}
        </IconButton>
      ) : (
        <Button size="small" {...shared}>
          {label}
        </Button>
      )}
      {open && (
        <List id={id} role="menu" aria-label={label} $end={end} onKeyDown={keys}>
          {items.map((item, i) => (
            <Entry
              key={item.name}
              role="menuitem"
              tabIndex={-1}
              aria-disabled={item.disabled || undefined}
              $danger={Boolean(item.danger)}
              $first={i > 0 && items[i - 1]?.group !== item.group}
              onClick={() => choose(item)}
            >
              {item.label}
              {item.keys && <kbd aria-hidden="true">{item.keys}</kbd>}
            </Entry>
          ))}
        </List>
      )}
    </Place>
  );
}
