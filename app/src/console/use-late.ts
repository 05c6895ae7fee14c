import { useEffect, useState } from "react";

/** How long people do not notice that they wait, in milliseconds. */
const unnoticed = 200;

/** Whether something has gone on for so long that it should be shown. */
export function useLate(going: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!going) return setLate(false);
    const timer = setTimeout(() => setLate(true), unnoticed);
    return () => clearTimeout(timer);
  }, [going]);
  return going && late;
}
