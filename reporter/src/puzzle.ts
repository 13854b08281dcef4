// The work a relay under a flood asks a stranger's program for, and introduction codes as they are
// typed. (protocol §8)
//
// The work is hashing in script: WebCrypto answers each hash with a promise, which costs more than
// the hash. It pauses every few hundredths of a second, so that the page goes on living.

import { type Bytes, hash, hex, join, uint } from "./bytes.ts";
import * as labels from "./labels.ts";

/** Nobody works for more. */
const MOST_BITS = 22;
/** Milliseconds of work between two pauses. */
const STRETCH = 25;
/** The bits a relay asks for, if it asks for any that somebody works for. */
export function demanded(header: string | null): number | undefined {
  return header !== null && /^[1-9]\d?$/.test(header) && Number(header) <= MOST_BITS ? Number(header) : undefined;
}

// The constants of SHA-256: the fractions of roots of the first primes (FIPS 180-4, §4.2.2, §5.3.3).
const PRIMES: number[] = [];
for (let n = 2; PRIMES.length < 64; n++) if (PRIMES.every((p) => n % p)) PRIMES.push(n);
const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0;
const ROUND = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));

const words = new Int32Array(64);

/** One block of SHA-256: its sixteen words stand in `words`; the state is changed. */
function compress(state: Int32Array): void {
  const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n));
  for (let i = 16; i < 64; i++) {
    const [a, b] = [words[i - 15]!, words[i - 2]!];
    const near = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const far = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    words[i] = (words[i - 16]! + near + words[i - 7]! + far) | 0;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i]! + words[i]!) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/**
 * The answer to a puzzle, as it stands in the header; nothing once `stop` says so. Label, mailbox,
 * leaf and the first byte of the number fill one block, which is hashed once.
 */
export async function solve(
  mailbox: Uint8Array,
  leaf: Uint8Array,
  bits: number,
  stop: () => boolean = () => false,
): Promise<string | undefined> {
  const first = new DataView(join(labels.PUZZLE, mailbox, leaf, uint(0, 1)).buffer);
  const begun = START.slice();
  for (let i = 0; i < 16; i++) words[i] = first.getInt32(4 * i);
  compress(begun);
  const state = new Int32Array(8);
  let since = performance.now();
  for (let n = 0; ; n++) {
    // Seven bytes of the number, the one that ends the message, zeros, and its length of 71 bytes.
    const high = Math.floor(n / 2 ** 24);
    words.fill(0, 2, 15);
    words[0] = high;
    words[1] = (n << 8) | 0x80;
    words[15] = 71 * 8;
    state.set(begun);
    compress(state);
    if (Math.clz32(state[0]!) >= bits) return hex(uint(n, 8));
    if (n % 256 === 255 && performance.now() - since > STRETCH) {
      await new Promise((rested) => setTimeout(rested));
      if (stop()) return undefined;
      since = performance.now();
    }
  }
}

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The token of an introduction code, as people type it; nothing if it is not one. */
export async function tokenOf(typed: string): Promise<Bytes | undefined> {
  const code = typed.toUpperCase().replace(/[\s\u00a0–-]/g, "").replace(/[018]/g, (c) => "OIB"["018".indexOf(c)]!);
  if (!/^[A-Z2-7]{28}$/.test(code)) return undefined;
  const bits = [...code].map((c) => BASE32.indexOf(c).toString(2).padStart(5, "0")).join("");
  const token = Uint8Array.from({ length: 16 }, (_, i) => parseInt(bits.slice(8 * i, 8 * i + 8), 2));
  const [first, second] = await hash(labels.TOKEN, token);
  return parseInt(bits.slice(128), 2) === ((first! << 4) | (second! >> 4)) ? token : undefined;
}
