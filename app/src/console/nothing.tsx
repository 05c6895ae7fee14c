// What an empty list says.

import { Button } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { type Filters, everything } from "../live/rows";

const Box = styled.div`
  display: grid;
  justify-items: center;
  gap: 8px;
  padding: 32px 16px;
  text-align: center;
  color: ${(p) => getColor({ theme: p.theme, variable: "foreground.subtle" })};
`;

/** Says that a list is empty, and where to look instead. */
export function Nothing({ filters, choose }: { filters: Filters; choose: (filters: Filters) => void }) {
  const { t } = useSpeech();
  const narrowed = Boolean(filters.queue || filters.agent || filters.tag);
  if (filters.q) {
    return (
      <Box>
        <strong>{t("console.empty.search")}</strong>
        {(filters.view !== "all" || narrowed) && (
          <Button size="small" onClick={() => choose({ ...everything, sort: filters.sort, q: filters.q })}>
            {t("console.empty.searchall")}
          </Button>
        )}
        {filters.view !== "ended" && (
          <Button size="small" onClick={() => choose({ ...everything, view: "ended", sort: filters.sort, q: filters.q })}>
            {t("console.empty.searchended")}
          </Button>
        )}
      </Box>
    );
  }
  return (
    <Box>
      <strong>{t(narrowed ? "console.empty.filtered" : `console.empty.${filters.view}`)}</strong>
      {(narrowed || filters.view !== "all") && (
        <Button size="small" onClick={() => choose({ ...everything, sort: filters.sort })}>
          {t("console.empty.showall")}
        </Button>
      )}
    </Box>
  );
}
