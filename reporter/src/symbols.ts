// From a screen to a camera: a letter as a stream of codes, any few more than needed being enough;
// and as lines of text. (protocol §11.2, §11.3)

import { type Bytes, hash, join, uint } from "./bytes.ts";

const SYMBOL = 200;
const LINE = 33;
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 §6, upper case, without padding. */
export function base32(bytes: Uint8Array): string {
  let [text, held, bits] = ["", 0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += LETTERS[(held >> (bits - 5)) & 31];
    held &= 31;
  }
  return bits > 0 ? text + LETTERS[(held << (5 - bits)) & 31] : text;
}

/** CRC-32 of RFC 1952. */
export function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}

const checked = (bytes: Bytes): string => base32(join(bytes, uint(crc32(bytes), 4)));

/** SplitMix32. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state + 0x9e37_79b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2_ae35);
    yield (z ^ (z >>> 16)) >>> 0;
  }
}

/** The product in the field of 256 that QR codes use. */
function times(a: number, b: number): number {
  let product = 0;
  for (; b > 0; b >>= 1) {
    if (b & 1) product ^= a;
    a = (a << 1) ^ (a & 128 ? 0x11d : 0);
  }
  return product;
}

export class Frames {
  private constructor(
    readonly count: number,
    private readonly bytes_: Bytes,
    private readonly session_: Bytes,
  ) {}

  static async of(bytes: Bytes): Promise<Frames> {
    return new Frames(Math.ceil(bytes.length / SYMBOL), bytes, (await hash(bytes)).slice(0, 4));
  }

  /** The text of the code with this seed. */
  frame(seed: number): string {
    const size = Math.ceil(this.bytes_.length / this.count);
    const sum = new Uint8Array(size);
    this.shares_(seed).forEach((share, index) => {
      if (share === 0) return;
      const row = Uint8Array.from({ length: 256 }, (_, n) => times(share, n));
      this.bytes_.subarray(index * size, (index + 1) * size).forEach((byte, at) => (sum[at]! ^= row[byte]!));
    });
    return checked(join(this.session_, uint(this.count, 2), uint(this.bytes_.length, 4), uint(seed, 4), sum));
  }

  private shares_(seed: number): Uint8Array {
    const shares = new Uint8Array(this.count);
    if (seed < this.count) shares[seed] = 1;
    else {
      const drawn = numbers(seed);
      for (let at = 0; at < this.count; at += 4) shares.set(uint(drawn.next().value, 4).subarray(0, this.count - at), at);
      // A sum of nothing would be a code for nothing.
      if (shares.every((share) => share === 0)) shares[seed % this.count] = 1;
    }
    return shares;
  }
}

export async function lines(bytes: Bytes): Promise<string[]> {
  const session = (await hash(bytes)).slice(0, 4);
  const count = Math.ceil(bytes.length / LINE);
  return Array.from({ length: count }, (_, n) =>
    checked(join(session, uint(n, 2), uint(count, 2), bytes.slice(n * LINE, (n + 1) * LINE))));
}

/** A parcel's name: eight random characters, as FAT keeps them. (protocol §11.1) */
export const parcelName = (random: Uint8Array): string =>
  `${Array.from(random.subarray(0, 8), (byte) => LETTERS[byte & 31]).join("")}.BIN`;
