// Where the log stands: kept at its end while the agent reads there, and where it is otherwise.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** How far from the end still counts as the end, in pixels. */
const slack = 48;

/** How long after a hand's movement the log may scroll because of it, in milliseconds. */
const swing = 1000;

export interface Scrolling {
  atEnd: boolean;
  /** Goes to the end and stays there. */
  toEnd(): void;
  /** Shows an element at the top. */
  show(element: HTMLElement): void;
  onScroll(): void;
}

/**
 * Keeps a scroller at its end while it is there; rows tells that there is something new in it. Only a person leaves the end: files and
 * lines that get their true height when they come into view scroll the log as well.
 */
export function useScrolling(scroller: RefObject<HTMLElement>, content: RefObject<HTMLElement>, rows: unknown): Scrolling {
  const [atEnd, setAtEnd] = useState(true);
  const pinned = useRef(true);
  const moved = useRef(-Infinity); // when a person last moved something here, in milliseconds
  const pin = useCallback(() => {
    const box = scroller.current;
    if (box && pinned.current) box.scrollTop = box.scrollHeight;
  }, [scroller]);
  const toEnd = useCallback(() => {
    pinned.current = true;
    moved.current = -Infinity;
    setAtEnd(true);
    pin();
  }, [pin]);
  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) return;
    if (box.scrollHeight - box.scrollTop - box.clientHeight < slack) pinned.current = true;
    else if (performance.now() - moved.current < swing) pinned.current = false;
    pin();
    setAtEnd(pinned.current);
  }, [scroller, pin]);
  const show = useCallback(
    (element: HTMLElement) => {
      pinned.current = false;
      setAtEnd(false);
      element.scrollIntoView?.({ block: "start" });
      requestAnimationFrame(() => {
        element.scrollIntoView?.({ block: "start" }); // what came into view has its true height only now
        onScroll();
      });
    },
    [onScroll],
  );
  useLayoutEffect(pin, [pin, rows]);
  useEffect(() => {
    if (!scroller.current || !content.current) return;
    const observer = new ResizeObserver(pin);
    observer.observe(scroller.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [scroller, content, pin]);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const hand = () => void (moved.current = performance.now());
    const held = () => void (moved.current = Infinity);
    const free = () => void (moved.current = Math.min(moved.current, performance.now()));
    for (const name of ["wheel", "touchmove", "keydown", "focusin"]) box.addEventListener(name, hand, { passive: true });
    box.addEventListener("pointerdown", held);
    window.addEventListener("pointerup", free);
    return () => {
      for (const name of ["wheel", "touchmove", "keydown", "focusin"]) box.removeEventListener(name, hand);
      box.removeEventListener("pointerdown", held);
      window.removeEventListener("pointerup", free);
    };
  }, [scroller]);
  return { atEnd, toEnd, show, onScroll };
}
