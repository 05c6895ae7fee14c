import { describe, expect, it } from "vitest";
import { oggOf, samples } from "./ogg";

const bytes = (...parts: (number[] | Uint8Array | string)[]) => Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : [...part])));

/** An element of a WebM file; without a size it is as long as what holds it. */
function element(id: number[], body: Uint8Array, sized = true): Uint8Array {
  return bytes(id, sized ? [0x10 | (body.length >> 24), (body.length >> 16) & 255, (body.length >> 8) & 255, body.length & 255] : [0x01, 255, 255, 255, 255, 255, 255, 255], body);
}

const head = bytes("OpusHead", [1, 1, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0]);
const block = (packet: Uint8Array) => element([0xa3], bytes([0x81, 0, 0, 0x80], packet));
const group = (packet: Uint8Array) => element([0xa0], element([0xa1], bytes([0x81, 0, 0, 0], packet)));
const cluster = (...blocks: Uint8Array[]) => element([0x1f, 0x43, 0xb6, 0x75], bytes(element([0xe7], bytes([0])), ...blocks), false);

function webm(packets: Uint8Array[]): Uint8Array {
  const track = element([0x16, 0x54, 0xae, 0x6b], element([0xae], bytes(element([0x86], bytes("A_OPUS")), element([0x63, 0xa2], head))));
  const half = Math.ceil(packets.length / 2);
  return bytes(element([0x1a, 0x45, 0xdf, 0xa3], element([0x42, 0x82], bytes("webm"))), element([0x18, 0x53, 0x80, 0x67], bytes(track, cluster(...packets.slice(0, half).map(block)), cluster(...packets.slice(half).map(group))), false));
}

interface Page {
  flag: number;
  granule: number;
  number: number;
  packets: Uint8Array[];
}

/** The checksum, worked out bit by bit. */
function checksum(page: Uint8Array): number {
  let sum = 0;
  for (const byte of page) {
    sum ^= byte << 24;
    for (let i = 0; i < 8; i++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  }
  return sum >>> 0;
}

function pages(ogg: Uint8Array): Page[] {
  const list: Page[] = [];
  for (let at = 0; at < ogg.length; ) {
    const view = new DataView(ogg.buffer, ogg.byteOffset + at);
    expect(new TextDecoder().decode(ogg.slice(at, at + 4))).toBe("OggS");
    const count = view.getUint8(26);
    const lengths = [...ogg.slice(at + 27, at + 27 + count)];
    let from = at + 27 + count;
    const packets: Uint8Array[] = [];
    let size = 0;
    for (const length of lengths) {
      size += length;
      if (length === 255) continue;
      packets.push(ogg.slice(from, from + size));
      from += size;
      size = 0;
    }
    const whole = ogg.slice(at, from);
    const want = view.getUint32(22, true);
    whole.set([0, 0, 0, 0], 22);
    expect(checksum(whole)).toBe(want);
    list.push({ flag: view.getUint8(5), granule: view.getUint32(6, true), number: view.getUint32(18, true), packets });
    at = from;
  }
  return list;
}

/** A packet of 20 ms of so many bytes. */
const packet = (n: number, fill: number) => Uint8Array.from({ length: n }, (_, i) => (i ? fill : 0x78));

describe("oggOf", () => {
  it.each([1, 25, 26, 120])("keeps %d packets as they are", (n) => {
    const packets = Array.from({ length: n }, (_, i) => packet(i === 3 ? 255 : i === 4 ? 600 : 40 + (i % 7), i & 255));
    const list = pages(oggOf(webm(packets)));
    expect(list[0]).toMatchObject({ flag: 2, granule: 0, number: 0, packets: [head] });
    expect(new TextDecoder().decode(list[1]?.packets[0]?.slice(0, 8))).toBe("OpusTags");
    expect(list.slice(2).flatMap((one) => one.packets)).toEqual(packets);
    expect(list.map((one) => one.number)).toEqual(list.map((_, i) => i));
    expect(list.at(-1)).toMatchObject({ flag: 4, granule: n * 960 });
  });

  it.each([
    ["nothing", new Uint8Array()],
    ["another file", bytes("%PDF-1.4 and so on")],
    ["no packets", webm([])],
  ])("refuses %s", (_, file) => expect(() => oggOf(file)).toThrow());
});

describe("samples", () => {
  it.each([
    [[0x78], 960],
    [[0x7c], 960],
    [[0xf8], 960],
    [[0xf9], 1920],
    [[0xfb, 3], 2880],
    [[0x00], 480],
    [[0x18], 2880],
    [[0x60], 480],
    [[0x80], 120],
  ])("of %j are %d", (head, want) => expect(samples(Uint8Array.from(head))).toBe(want));
});
