// Deterministic CBOR (RFC 8949 §4.2.1), the part the protocol uses: unsigned integers, byte and
// text strings, arrays, maps, false, true, null. Anything else, and any second way of writing
// the same thing, is refused.

import { type Bytes, join, uint, utf8 } from "./bytes.ts";

export type Value = number | string | Bytes | boolean | null | Value[] | CborMap;
export type CborMap = Map<number | string, Value>;

/** Why is nobody's business but a forger's: there is one answer to all of it. */
export class NotCbor extends Error {}

/** Arrays and maps inside one another; what stands in them is no level of its own. */
const DEEPEST = 8;

function head(major: number, n: number): Bytes {
  const top = major * 32;
  if (n < 24) return uint(top + n, 1);
  if (n < 0x100) return join(uint(top + 24, 1), uint(n, 1));
  if (n < 0x10000) return join(uint(top + 25, 1), uint(n, 2));
  if (n < 0x100000000) return join(uint(top + 26, 1), uint(n, 4));
  return join(uint(top + 27, 1), uint(n, 8));
}

export function encode(value: Value): Bytes {
  if (typeof value === "number") return head(0, value);
  if (typeof value === "boolean") return uint(value ? 0xf5 : 0xf4, 1);
  if (value === null) return uint(0xf6, 1);
  if (typeof value === "string") {
    const text = utf8(value);
    return join(head(3, text.length), text);
  }
  if (value instanceof Uint8Array) return join(head(2, value.length), value);
  if (Array.isArray(value)) return join(head(4, value.length), ...value.map(encode));
  const entries = [...value].map(([k, v]) => [encode(k), encode(v)] as const);
  entries.sort(([a], [b]) => order(a, b));
  return join(head(5, entries.length), ...entries.flat());
}

function order(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return a.length - b.length;
}

/** Reads one value that fills `bytes` to the end. */
export function decode(bytes: Bytes): Value {
  let at = 0;

  function take(size: number): Bytes {
    if (size > bytes.length - at) throw new NotCbor();
    at += size;
    return bytes.slice(at - size, at);
  }

  /** One item, inside so many arrays and maps. */
  function item(depth: number): Value {
    const first = take(1)[0]!;
    const [major, low] = [first >> 5, first & 31];
    if (major === 7) {
      if (low === 20 || low === 21) return low === 21;
      if (low === 22) return null;
      throw new NotCbor();
    }
    let n = low;
    // No indefinite lengths.
    if (low > 27) throw new NotCbor();
    if (low > 23) {
      n = take(1 << (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
      // The shortest form only, and no number that would be rounded.
      if (n > Number.MAX_SAFE_INTEGER || head(major, n).length !== 1 + (1 << (low - 24))) {
        throw new NotCbor();
      }
    }
    if (major === 0) return n;
    if (major === 2) return take(n);
    if (major === 3) {
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(take(n));
      } catch {
        throw new NotCbor();
      }
    }
    if ((major === 4 || major === 5) && depth === DEEPEST) throw new NotCbor();
    if (major === 4) {
      // Each element takes a byte at least: a length beyond the bytes is a lie, not an allocation.
      if (n > bytes.length - at) throw new NotCbor();
      return Array.from({ length: n }, () => item(depth + 1));
    }
    if (major !== 5) throw new NotCbor();
    const map: CborMap = new Map();
    let before: Bytes | undefined;
    for (let i = 0; i < n; i++) {
      const start = at;
      const key = item(depth + 1);
      const raw = bytes.slice(start, at);
      if (typeof key !== "number" && typeof key !== "string") throw new NotCbor();
      if (before && order(before, raw) >= 0) throw new NotCbor();
      before = raw;
      map.set(key, item(depth + 1));
    }
    return map;
  }

  const value = item(0);
  if (at !== bytes.length) throw new NotCbor();
  return value;
}

// What a decoded value is expected to be; anything else is refused in the same way.

export function asMap(value: Value | undefined): CborMap {
  if (value instanceof Map) return value;
  throw new NotCbor();
}

export function asArray(value: Value | undefined, length?: number): Value[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  throw new NotCbor();
}

export function asUint(value: Value | undefined, most = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === "number" && value <= most) return value;
  throw new NotCbor();
}

export function asText(value: Value | undefined): string {
  if (typeof value === "string") return value;
  throw new NotCbor();
}

export function asBytes(value: Value | undefined, length?: number): Bytes {
  if (value instanceof Uint8Array && (length === undefined || value.length === length)) return value;
  throw new NotCbor();
}
