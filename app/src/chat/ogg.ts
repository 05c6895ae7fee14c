// Opus sound out of a browser's WebM into the Ogg that WhatsApp plays as a voice message. Nothing is encoded again.
// Forms: RFC 8794 (EBML), https://www.matroska.org/technical/elements.html, RFC 3533 (Ogg), RFC 7845 (Opus in Ogg).

const ids = { segment: 0x18538067, cluster: 0x1f43b675, tracks: 0x1654ae6b, track: 0xae, codecPrivate: 0x63a2, blockGroup: 0xa0, block: 0xa1, simpleBlock: 0xa3 };

const holders = new Set<number>([ids.segment, ids.cluster, ids.tracks, ids.track, ids.blockGroup]);

/** A variable-length number; keep leaves its marker in, as in ids. -1 is an unknown size. */
function variable(bytes: Uint8Array, at: number, keep: boolean): { value: number; next: number } {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (length > 8 || at + length > bytes.length) throw new Error("not a WebM file");
  let value = keep ? first : first & (0xff >> length);
  let ones = (first & (0xff >> length)) === 0xff >> length;
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] as number;
    value = value * 256 + byte;
    ones &&= byte === 0xff;
  }
  return { value: ones && !keep ? -1 : value, next: at + length };
}

interface Sound {
  head: Uint8Array;
  packets: Uint8Array[];
}

/** The sound of a WebM file with one Opus track. */
function read(bytes: Uint8Array): Sound {
  const sound: Sound = { head: new Uint8Array(), packets: [] };
  const walk = (from: number, to: number) => {
    for (let at = from; at < to; ) {
      const id = variable(bytes, at, true);
      const size = variable(bytes, id.next, false);
      const end = size.value < 0 ? to : Math.min(size.next + size.value, to);
      if (holders.has(id.value)) walk(size.next, end);
      else if (id.value === ids.codecPrivate) sound.head = bytes.slice(size.next, end);
      else if (id.value === ids.simpleBlock || id.value === ids.block) {
        const track = variable(bytes, size.next, false);
        sound.packets.push(bytes.slice(track.next + 3, end)); // behind two bytes of time and one of flags
      }
      at = end;
    }
  };
  walk(0, bytes.length);
  return sound;
}

/** How many samples, at 48 kHz, an Opus packet holds. RFC 6716, section 3.1. */
export function samples(packet: Uint8Array): number {
  const toc = packet[0] ?? 0;
  const config = toc >> 3;
  const frame = config < 12 ? [480, 960, 1920, 2880][config & 3] : config < 16 ? [480, 960][config & 1] : [120, 240, 480, 960][config & 3];
  const code = toc & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  return (frame ?? 960) * frames;
}

const table = Uint32Array.from({ length: 256 }, (_, i) => {
  let r = i << 24;
  for (let k = 0; k < 8; k++) r = r & 0x80000000 ? (r << 1) ^ 0x04c11db7 : r << 1;
  return r >>> 0;
});

function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 8) ^ (table[((sum >>> 24) ^ byte) & 0xff] as number)) >>> 0;
  return sum;
}

/** How a packet's length stands in a page's table. */
function lacing(length: number): number[] {
  return [...Array<number>(Math.floor(length / 255)).fill(255), length % 255];
}

const flags = { first: 2, last: 4 };

function page(packets: Uint8Array[], granule: number, number: number, flag: number, serial: number): Uint8Array {
  const lengths = packets.flatMap((one) => lacing(one.length));
  const size = packets.reduce((sum, one) => sum + one.length, 0);
  const bytes = new Uint8Array(27 + lengths.length + size);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("OggS"));
  bytes[5] = flag;
  view.setUint32(6, granule >>> 0, true);
  view.setUint32(10, Math.floor(granule / 2 ** 32), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, number, true);
  bytes[26] = lengths.length;
  bytes.set(lengths, 27);
  let at = 27 + lengths.length;
  for (const one of packets) {
    bytes.set(one, at);
    at += one.length;
  }
  view.setUint32(22, checksum(bytes), true);
  return bytes;
}

/** The comment header: a vendor and no comments. */
function tags(): Uint8Array {
  const vendor = new TextEncoder().encode("ponte");
  const bytes = new Uint8Array(8 + 4 + vendor.length + 4);
  bytes.set(new TextEncoder().encode("OpusTags"));
  new DataView(bytes.buffer).setUint32(8, vendor.length, true);
  bytes.set(vendor, 12);
  return bytes;
}

/** How many packets of 20 ms a page holds: half a second. */
const perPage = 25;

/** Turns a WebM recording of Opus sound into an Ogg one. It fails where there is no such sound. */
export function oggOf(webm: Uint8Array, serial = 0x706f6e74): Uint8Array<ArrayBuffer> {
  const { head, packets } = read(webm);
  if (head.length < 19 || new TextDecoder().decode(head.slice(0, 8)) !== "OpusHead" || !packets.length) throw new Error("no Opus sound");
  const pages = [page([head], 0, 0, flags.first, serial), page([tags()], 0, 1, 0, serial)];
  let granule = 0;
  for (let at = 0; at < packets.length; at += perPage) {
    const some = packets.slice(at, at + perPage);
    for (const one of some) granule += samples(one);
    pages.push(page(some, granule, pages.length, at + perPage >= packets.length ? flags.last : 0, serial));
  }
  const whole = new Uint8Array(pages.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of pages) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}
