// Things that a dialog reads when it opens.

import { useEffect, useState } from "react";
import { usePage } from "../live/page";

/** Reads path once; undefined until it is there, and for good when it can't be read: dialogs work without. */
export function useOnce<T>(path: string): T | undefined {
  const { client } = usePage();
  const [data, setData] = useState<T>();
  useEffect(() => {
    if (!path) return;
    const abort = new AbortController();
    client.get<T>(path, {}, abort.signal).then(
      (got) => !abort.signal.aborted && setData(got),
      () => {},
    );
    return () => abort.abort();
  }, [client, path]);
  return data;
}

/** The values of the service catalogue. */
export function useCatalogue(): string[] {
  return useOnce<{ values: { name: string }[] }>("/catalogue")?.values.map((one) => one.name) ?? [];
}
