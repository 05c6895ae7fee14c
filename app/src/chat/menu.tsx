// A short menu at a button. Garden's own is too heavy for a page that must load at once.

import { getColor } from "@zendeskgarden/react-theming";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { styled } from "styled-components";
import { Icon } from "../ui/icon";

/** One line of a menu. */
export interface MenuItem {
  label: string;
  svg: string;
  run(): void;
}

const List = styled.div`
  position: fixed;
  z-index: 450;
  min-width: 180px;
  max-width: min(300px, calc(100vw - 16px));
  padding: 4px 0;
  border-radius: 6px;
  background: ${({ theme }) => getColor({ theme, variable: "background.raised" })};
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  box-shadow: ${({ theme }) => theme.shadows.lg("4px", "16px", getColor({ theme, variable: "shadow.medium" }))};
`;

const Item = styled.button`
  display: flex;
  align-items: center;
  gap: 8px;
  width: 100%;
  min-height: 32px;
  padding: 4px 12px;
  border: 0;
  background: none;
  color: inherit;
  font: inherit;
  text-align: start;
  cursor: pointer;
  &:hover,
  &:focus {
    outline: none;
    background: ${({ theme }) => getColor({ theme, variable: "background.primaryEmphasis", transparency: theme.opacity[100] })};
    box-shadow: inset 3px 0 ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
  }
`;

/** A menu at an element; close is called when something was chosen, or nothing. The focus goes back to the element. */
export function Menu({ anchor, label, items, close }: { anchor: HTMLElement; label: string; items: MenuItem[]; close: () => void }) {
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ left: 0, top: 0 });
  useLayoutEffect(() => {
    const button = anchor.getBoundingClientRect();
    const own = list.current?.getBoundingClientRect();
    const height = own?.height ?? 0;
    const below = button.bottom + 2;
    setPlace({
      left: Math.max(8, Math.min(button.left, window.innerWidth - (own?.width ?? 0) - 8)),
      top: below + height < window.innerHeight - 8 ? below : Math.max(8, button.top - height - 2),
    });
    list.current?.querySelector("button")?.focus();
  }, [anchor]);
  useEffect(() => {
    const outside = (event: Event) => {
      if (!list.current?.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    window.addEventListener("blur", close);
    return () => {
      document.removeEventListener("pointerdown", outside);
      window.removeEventListener("blur", close);
    };
  }, [close]);
  const keys = (event: KeyboardEvent) => {
    event.stopPropagation();
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const go = (to: number) => {
      event.preventDefault();
      buttons[(to + buttons.length) % buttons.length]?.focus();
    };
    if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else if (event.key === "Home") go(0);
    else if (event.key === "End") go(-1);
    else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      anchor.focus();
      close();
    }
  };
  return createPortal(
    <List ref={list} role="menu" aria-label={label} style={place} onKeyDown={keys}>
      {items.map((one) => (
        <Item
          key={one.label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            anchor.focus();
            close();
            one.run();
          }}
        >
          <Icon svg={one.svg} />
          {one.label}
        </Item>
      ))}
    </List>,
    document.body,
  );
}
