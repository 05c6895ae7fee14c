// A voice message made on the spot: a few beeps as Opus in Ogg, or silence where the browser has no encoder.

const rate = 48000,
  frame = 960, // samples in 20 ms
  serial = 0x706f6e74;

/** silence is one Opus packet of 20 ms in one channel without sound. */
const silence = new Uint8Array([0xf8, 0xff, 0xfe]);

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let r = n << 24;
  for (let bit = 0; bit < 8; bit++) r = r & 0x80000000 ? (r << 1) ^ 0x04c11db7 : r << 1;
  return r >>> 0;
});

/** checksum is the CRC of an Ogg page whose checksum is zero. */
function checksum(bytes) {
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ table[((crc >>> 24) ^ byte) & 0xff]) >>> 0;
  return crc;
}

/** page is one Ogg page. kind: 2 begins the stream, 4 ends it. Packets are shorter than 255 bytes each, or span segments. */
function page(packets, { kind, granule, number }) {
  const segments = [];
  for (const packet of packets) {
    let left = packet.length;
    for (; left >= 255; left -= 255) segments.push(255);
    segments.push(left);
  }
  const head = new Uint8Array(27 + segments.length),
    view = new DataView(head.buffer);
  head.set(new TextEncoder().encode("OggS"));
  view.setUint8(5, kind);
  view.setBigUint64(6, BigInt(granule), true);
  view.setUint32(14, serial, true);
  view.setUint32(18, number, true);
  view.setUint8(26, segments.length);
  head.set(segments, 27);
  const whole = new Uint8Array(head.length + packets.reduce((sum, packet) => sum + packet.length, 0));
  whole.set(head);
  let at = head.length;
  for (const packet of packets) {
    whole.set(packet, at);
    at += packet.length;
  }
  new DataView(whole.buffer).setUint32(22, checksum(whole), true);
  return whole;
}

function header() {
  const out = new Uint8Array(19),
    view = new DataView(out.buffer);
  out.set(new TextEncoder().encode("OpusHead"));
  view.setUint8(8, 1); // version
  view.setUint8(9, 1); // one channel
  view.setUint16(10, 312, true); // samples to leave out at the beginning
  view.setUint32(12, rate, true);
  return out;
}

function tags() {
  const name = new TextEncoder().encode("Ponte"),
    out = new Uint8Array(8 + 4 + name.length + 4);
  out.set(new TextEncoder().encode("OpusTags"));
  new DataView(out.buffer).setUint32(8, name.length, true);
  out.set(name, 12);
  return out;
}

/** container puts Opus packets of 20 ms into an Ogg file. */
function container(packets) {
  const pages = [page([header()], { kind: 2, granule: 0, number: 0 }), page([tags()], { kind: 0, granule: 0, number: 1 })];
  for (let from = 0; from < packets.length; from += 50) {
    const some = packets.slice(from, from + 50),
      done = from + some.length;
    pages.push(page(some, { kind: done === packets.length ? 4 : 0, granule: done * frame, number: pages.length }));
  }
  return new Blob(pages, { type: "audio/ogg" });
}

/** tone is the sound at a sample: three soft beeps. */
function tone(at) {
  const time = at / rate,
    beep = Math.floor(time / 0.45),
    inside = time % 0.45;
  if (beep > 2 || inside > 0.3) return 0;
  const fade = Math.min(1, inside / 0.02, (0.3 - inside) / 0.05);
  return 0.3 * fade * Math.sin(2 * Math.PI * [523, 659, 784][beep] * time);
}

const opus = { codec: "opus", sampleRate: rate, numberOfChannels: 1, bitrate: 24000 };

async function encoded(count) {
  const packets = [];
  let problem = null;
  const encoder = new AudioEncoder({
    output: (chunk) => {
      const packet = new Uint8Array(chunk.byteLength);
      chunk.copyTo(packet);
      packets.push(packet);
    },
    error: (error) => {
      problem = error;
    },
  });
  encoder.configure(opus);
  for (let n = 0; n < count; n++) {
    const data = Float32Array.from({ length: frame }, (_, at) => tone(n * frame + at));
    const sound = new AudioData({
      format: "f32-planar",
      sampleRate: rate,
      numberOfFrames: frame,
      numberOfChannels: 1,
      timestamp: n * 20000,
      data,
    });
    encoder.encode(sound);
    sound.close();
  }
  await encoder.flush();
  encoder.close();
  if (problem) throw problem;
  return packets;
}

/** sampleVoice is a voice message of a second and a half. */
export async function sampleVoice() {
  const count = 75;
  let packets = [];
  try {
    if ((await AudioEncoder.isConfigSupported(opus)).supported) packets = await encoded(count);
  } catch {
    // No encoder here: silence is a voice message too.
  }
  if (packets.length === 0) packets = Array.from({ length: count }, () => silence);
  return new File([container(packets)], "voz.ogg", { type: "audio/ogg" });
}
