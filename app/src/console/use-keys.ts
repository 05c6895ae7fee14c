import { useEffect, useRef } from "react";
import { type Meaning, meaning, placeOf, pressOf } from "./keys";

/** Listens for the console's keys anywhere on the page. singles tells whether single letters count. */
export function useKeys(singles: boolean, act: (meaning: Meaning) => void): void {
  const latest = useRef({ singles, act });
  latest.current = { singles, act };
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const found = meaning(pressOf(event), placeOf(document.activeElement), latest.current.singles);
      if (!found) return;
      if ("command" in found) event.preventDefault();
      latest.current.act(found);
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
