// Below the navigation: shortcuts, notices, the window of its own.

import bell from "@zendeskgarden/svg-icons/src/16/notification-stroke.svg?raw";
import silent from "@zendeskgarden/svg-icons/src/16/volume-muted-stroke.svg?raw";
import help from "@zendeskgarden/svg-icons/src/16/question-mark-stroke.svg?raw";
import search from "@zendeskgarden/svg-icons/src/16/lightning-bolt-stroke.svg?raw";
import own from "@zendeskgarden/svg-icons/src/16/new-window-stroke.svg?raw";
import desktop from "@zendeskgarden/svg-icons/src/16/monitor-stroke.svg?raw";
import { IconButton } from "@zendeskgarden/react-buttons";
import { getColor } from "@zendeskgarden/react-theming";
import { useState } from "react";
import { styled } from "styled-components";
import { faultText } from "../actions/command";
import { useSpeech } from "../i18n";
import { usePage } from "../live/page";
import { Icon } from "../ui/icon";
import type { Wishes } from "./use-notices";

const Box = styled.div`
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  padding: 6px 10px;
  border-top: 1px solid ${(p) => getColor({ theme: p.theme, variable: "border.default" })};
`;

/** Whether the page may ask for notices of the system: not within a frame. */
function mayAsk(inside: boolean): boolean {
  return !inside && typeof Notification !== "undefined" && Notification.permission === "default";
}

interface Props {
  wishes: Wishes;
  wish: (wishes: Wishes) => void;
  openHelp: () => void;
  openPalette: () => void;
}

/** Opens the console in a window of its own, where the browser allows notices of the system. */
export function useOwnWindow(): { open: () => Promise<void>; busy: boolean } {
  const { client, toast } = usePage();
  const words = useSpeech();
  const [busy, setBusy] = useState(false);
  const open = async () => {
    setBusy(true);
    try {
      const { code } = await client.post<{ code: string }>("/session/window", {});
      const page = window.open(`/app/janela#${code}`, "_blank");
      if (page) page.opener = null;
      else toast(words.t("console.window.blocked"), "warning");
    } catch (error) {
      toast(faultText(error, words), "error");
    }
    setBusy(false);
  };
  return { open, busy };
}

/** The foot of the navigation. */
export function Foot({ wishes, wish, openHelp, openPalette }: Props) {
  const { host, toast } = usePage();
  const { t } = useSpeech();
  const page = useOwnWindow();
  const [asks, setAsks] = useState(() => mayAsk(host.inside));
  const toggle = () => {
    wish({ ...wishes, notices: !wishes.notices });
    toast(t(wishes.notices ? "console.notices.off" : "console.notices.on"), "info");
  };
  const ask = async () => {
    const answer = await Notification.requestPermission();
    setAsks(mayAsk(host.inside));
    toast(t(answer === "granted" ? "console.desktop.on" : "console.desktop.off"), "info");
  };
  return (
    <Box>
      <IconButton size="small" aria-label={t("console.palette")} title={`${t("console.palette")} (Ctrl+K)`} onClick={openPalette}>
        <Icon svg={search} />
      </IconButton>
      <IconButton size="small" aria-label={t("console.help")} title={`${t("console.help")} (?)`} onClick={openHelp}>
        <Icon svg={help} />
      </IconButton>
      <IconButton size="small" aria-label={t("console.notices")} title={t(wishes.notices ? "console.notices" : "console.notices.muted")} aria-pressed={wishes.notices} onClick={toggle}>
        <Icon svg={wishes.notices ? bell : silent} />
      </IconButton>
      {host.inside && (
        <IconButton size="small" aria-label={t("console.window")} title={t("console.window")} disabled={page.busy} onClick={() => void page.open()}>
          <Icon svg={own} />
        </IconButton>
      )}
      {asks && (
        <IconButton size="small" isPrimary aria-label={t("console.desktop")} title={t("console.desktop")} onClick={() => void ask()}>
          <Icon svg={desktop} />
        </IconButton>
      )}
    </Box>
  );
}
