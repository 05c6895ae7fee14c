// What a message says, by its type.

import warning from "@zendeskgarden/svg-icons/src/16/alert-warning-stroke.svg?raw";
import cart from "@zendeskgarden/svg-icons/src/16/shopping-cart-stroke.svg?raw";
import check from "@zendeskgarden/svg-icons/src/16/check-box-stroke.svg?raw";
import info from "@zendeskgarden/svg-icons/src/16/info-stroke.svg?raw";
import pin from "@zendeskgarden/svg-icons/src/16/location-stroke.svg?raw";
import user from "@zendeskgarden/svg-icons/src/16/user-circle-stroke.svg?raw";
import { styled } from "styled-components";
import type { Message } from "../api/types";
import { type Key, useSpeech } from "../i18n";
import { Icon } from "../ui/icon";
import { Link, Markup } from "./format";
import { Line, Small } from "./parts";

const Head = styled(Small)`
  display: flex;
  align-items: center;
  gap: 4px;
`;

interface Kind {
  svg: string;
  key: Key;
}

const kinds: Record<string, Kind> = {
  location: { svg: pin, key: "chat.type.location" },
  contacts: { svg: user, key: "chat.type.contacts" },
  order: { svg: cart, key: "chat.type.order" },
  system: { svg: info, key: "chat.type.system" },
  unsupported: { svg: warning, key: "chat.type.unsupported" },
  unknown: { svg: warning, key: "chat.type.unsupported" },
  reaction: { svg: info, key: "chat.type.reaction" },
  edit: { svg: info, key: "chat.type.edit" },
  revoke: { svg: info, key: "chat.type.revoke" },
};

/** What kind of message it is, where its words alone do not tell. */
function kindOf(message: Message): Kind | undefined {
  const type = message.type ?? "";
  if (type === "interactive" || type === "button") return { svg: check, key: message.author === "customer" ? "chat.type.interactive" : "chat.type.choices" };
  return kinds[type];
}

/** A place on the earth. */
export interface Place {
  latitude: string;
  longitude: string;
}

const coordinates = /(-?\d{1,2}\.\d{3,}), ?(-?\d{1,3}\.\d{3,})/;

/** A location's words without what stands for its map, and where it is. */
export function placeOf(text: string): { words: string; place: Place | undefined } {
  const found = coordinates.exec(text);
  const words = text
    .replace(/^\[[^\]]+\] ?/, "")
    .split("\n")
    .filter((line) => !/^https:\/\/www\.google\.com\/maps\?q=/.test(line))
    .join("\n")
    .trim();
  return { words, place: found?.[1] && found[2] ? { latitude: found[1], longitude: found[2] } : undefined };
}

function Location({ text }: { text: string }) {
  const { t } = useSpeech();
  const { words, place } = placeOf(text);
  return (
    <>
      <Markup text={words} />
      {place && (
        <Line $gap={12}>
          <Link href={`https://www.openstreetmap.org/?mlat=${place.latitude}&mlon=${place.longitude}#map=17/${place.latitude}/${place.longitude}`}>{t("chat.map.osm")}</Link>
          <Link href={`https://www.google.com/maps?q=${place.latitude},${place.longitude}`}>{t("chat.map.google")}</Link>
        </Line>
      )}
    </>
  );
}

/** The words that stand for a file that is shown anyway, such as "[Imagem] foto.jpg". */
const mark = /^\[(Imagem|Vídeo|Figurinha|Documento|Mensagem de voz|Áudio)\]( |$)/;

/** The words that stand for what a label says already. */
const told: Record<string, RegExp> = { contacts: /^\[Contato\] /gm, order: /^\[Pedido\] ?/ };

/** A message's words without those that stand for its file, or for what it is. */
export function wordsOf(message: Pick<Message, "text" | "files" | "type">): string {
  const text = (message.text ?? "").replace(told[message.type ?? ""] ?? "", "");
  const file = message.files?.[0];
  const found = file && mark.exec(text);
  if (!found) return text;
  const rest = text.slice(found[0].length);
  if (file.name && (rest === file.name || rest.startsWith(`${file.name}\n`))) return rest.slice(file.name.length).trim();
  return rest.trim();
}

/** What a message says. */
export function Body({ message }: { message: Message }) {
  const { t } = useSpeech();
  const kind = kindOf(message);
  const text = wordsOf(message);
  return (
    <>
      {kind && (
        <Head>
          <Icon svg={kind.svg} size={12} />
          {t(kind.key)}
        </Head>
      )}
      {message.template && <Head>{t("chat.template", { name: message.template })}</Head>}
      {text ? message.type === "location" ? <Location text={text} /> : <Markup text={text} /> : !kind && !message.files?.length && <Small>{t("chat.type.none")}</Small>}
    </>
  );
}
