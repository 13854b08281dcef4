// WebCrypto's part of the work where a browser has none: the few operations this side asks for, in
// script. (decision 0039)
//
// Only those: SHA-256 and SHA-512, HMAC, HKDF and PBKDF2, AES-256-GCM. It takes the browser's own
// place, so that every line above it, and the libraries, stay the same; the vectors walk it too
// (`npm run vectors -- --pure`). Script is slower, and cannot promise that it takes the same time
// whatever the secret is; a browser that has WebCrypto never comes here. Randomness is not made up
// here: without the browser's own there is nothing to seal with.

import { gcm } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { pbkdf2Async } from "@noble/hashes/pbkdf2.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";

interface Key {
  bytes: Uint8Array;
}

type Given = ArrayBuffer | ArrayBufferView;

// A typed array is not looked for by `instanceof`: one of another window is one too.
const read = (given: Given): Uint8Array =>
  ArrayBuffer.isView(given)
    ? new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
    : new Uint8Array(given);

/** In a buffer of its own and no larger: some who ask take the whole of it. */
const whole = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;

const hashOf = (named: string | { name: string }): typeof sha256 | typeof sha512 => {
  const name = typeof named === "string" ? named : named.name;
  if (name === "SHA-256") return sha256;
  if (name === "SHA-512") return sha512;
  throw new TypeError();
};

interface How {
  name: string;
  hash: string | { name: string };
  salt: Given;
  info: Given;
  iterations: number;
  iv: Given;
  additionalData?: Given;
}

const cipher = ({ iv, additionalData }: How, { bytes }: Key) => gcm(bytes, read(iv), additionalData && read(additionalData));

/** Named like the browser's, with the browser's arguments. */
const subtle = {
  digest: async (by: string, data: Given) => whole(hashOf(by)(read(data))),
  // The same key may be one for HMAC or for a derivation: what it is for is said again at each use.
  importKey: async (_form: string, raw: Given, how: string | How) => ({ bytes: read(raw).slice(), algorithm: how }),
  sign: async (_how: unknown, key: Key & { algorithm: How }, data: Given) =>
    whole(hmac(hashOf(key.algorithm.hash), key.bytes, read(data))),
  deriveBits: async ({ name, hash, salt, info, iterations }: How, { bytes }: Key, bits: number) => {
    const [by, with_, length] = [hashOf(hash), read(salt), bits / 8];
    if (name === "HKDF") return whole(hkdf(by, bytes, with_, read(info), length));
    // Lets the page breathe between its 600,000 rounds.
    return whole(await pbkdf2Async(by, bytes, with_, { c: iterations, dkLen: length, asyncTick: 50 }));
  },
  encrypt: async (how: How, key: Key, data: Given) => whole(cipher(how, key).encrypt(read(data))),
  decrypt: async (how: How, key: Key, data: Given) => whole(cipher(how, key).decrypt(read(data))),
};

/** Puts it where the browser's own would stand; says whether there is what sealing takes now. */
export function standIn(): boolean {
  const own = globalThis.crypto as Crypto | undefined;
  if (typeof own?.getRandomValues !== "function") return false;
  Object.defineProperty(own, "subtle", { value: subtle, configurable: true });
  return true;
}
