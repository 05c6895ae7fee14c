import { getColor } from "@zendeskgarden/react-theming";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { styled } from "styled-components";
import { useSpeech } from "../i18n";
import { emoji } from "./emoji";
import { Small } from "./parts";

const Box = styled.div`
  max-height: min(240px, 40vh);
  padding: 6px;
  overflow-y: auto;
  border-radius: 6px;
  border: 1px solid ${({ theme }) => getColor({ theme, variable: "border.default" })};
  background: ${({ theme }) => getColor({ theme, variable: "background.raised" })};
`;

const Grid = styled.div`
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(32px, 1fr));
`;

const One = styled.button`
  height: 32px;
  padding: 0;
  border: 0;
  border-radius: 6px;
  background: none;
  font-size: 20px;
  line-height: 1;
  cursor: pointer;
  &:hover,
  &:focus-visible {
    outline: 2px solid ${({ theme }) => getColor({ theme, variable: "border.primaryEmphasis" })};
    outline-offset: -2px;
  }
`;

/** A table of emoji; arrow keys move, Esc closes. */
export default function EmojiPicker({ pick, close }: { pick: (one: string) => void; close: () => void }) {
  const { t } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("button")?.focus(), []);
  const keys = (event: KeyboardEvent) => {
    const buttons = [...(box.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const across = Math.max(1, Math.floor((box.current?.clientWidth ?? 320) / 36));
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + across, ArrowUp: at - across, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (to !== undefined) {
      event.preventDefault();
      buttons[Math.max(0, Math.min(to, buttons.length - 1))]?.focus();
    }
  };
  return (
    <Box ref={box} role="group" aria-label={t("chat.emoji")} onKeyDown={keys}>
      {emoji.map((group) => (
        <div key={group.key} role="group" aria-label={t(group.key)}>
          <Small>{t(group.key)}</Small>
          <Grid>
            {group.list.map((one) => (
              <One key={one} type="button" tabIndex={one === emoji[0]?.list[0] ? 0 : -1} onClick={() => pick(one)}>
                {one}
              </One>
            ))}
          </Grid>
        </div>
      ))}
    </Box>
  );
}
