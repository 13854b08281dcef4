// Bytes as the protocol writes them: big-endian integers, joined pieces, SHA-256 and its kin.
// Everything secret here goes through WebCrypto; in a browser without it, subtle.ts has its place.

export type Bytes = Uint8Array<ArrayBuffer>;

/** Protocol "Conventions": `‖`. Text counts as its UTF-8. */
export function join(...parts: (Uint8Array | string)[]): Bytes {
  const pieces = parts.map((p) => (typeof p === "string" ? utf8(p) : p));
  const out = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

export const utf8 = (text: string): Bytes => new TextEncoder().encode(text) as Bytes;

/** A big-endian unsigned integer of `size` bytes. */
export function uint(value: number, size: 1 | 2 | 4 | 8): Bytes {
  const out = new Uint8Array(size);
  for (let i = size - 1, rest = value; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
  return out;
}

/** Reads one back; what no number holds exactly is refused by the caller, not rounded. */
export function readUint(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i++) value = value * 256 + bytes[at + i]!;
  return value;
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");

export function fromHex(text: string): Bytes {
  if (text.length % 2 || /[^0-9a-f]/i.test(text)) throw new RangeError();
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Compares public values; secrets are never compared here. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export const random = (size: number): Bytes => crypto.getRandomValues(new Uint8Array(size));

export async function hash(...parts: (Uint8Array | string)[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...parts)));
}

const HMAC = { name: "HMAC", hash: "SHA-256" };

/** An HMAC key used many times is imported once: reading the board takes thousands. */
export const macKey = (key: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", key as Bytes, HMAC, false, ["sign"]);

export const macWith = async (key: CryptoKey, message: Uint8Array): Promise<Bytes> =>
  new Uint8Array(await crypto.subtle.sign("HMAC", key, message as Bytes));

export const mac = async (key: Uint8Array, message: Uint8Array | string): Promise<Bytes> =>
  macWith(await macKey(key), join(message));

/** HKDF-SHA256 without salt, 32 bytes. */
export async function expand(key: Uint8Array, label: string, context: Uint8Array = new Uint8Array()): Promise<Bytes> {
  const ikm = await crypto.subtle.importKey("raw", key as Bytes, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: join(label, context) };
  return new Uint8Array(await crypto.subtle.deriveBits(how, ikm, 256));
}
