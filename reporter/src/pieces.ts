// Files in pieces: how many there are, the hash that vouches for the whole, what a piece holds and
// how it is sealed. A file is never held whole; who calls hands in one chunk at a time.
// (protocol §4.3)

import { type Bytes, hash } from "./bytes.ts";
import { type CborMap, encode } from "./cbor.ts";
import { CLASSES, Refused } from "./envelope.ts";
import { type Address, sealInside } from "./letter.ts";

/** Bytes of the file that a piece carries, unless it is the last or padding. */
export const CHUNK = 254 * 1_024;
export const MOST_FILES = 100;
const MOST_BYTES = 2 ** 40;

/** The media types there are, by the first bytes that tell them: [at, bytes as text]. */
const KINDS: [string, ...[number, string][]][] = [
  ["image/jpeg", [0, "\xff\xd8\xff"]],
  ["image/png", [0, "\x89PNG\r\n\x1a\n"]],
  ["image/webp", [0, "RIFF"], [8, "WEBP"]],
  ["audio/wav", [0, "RIFF"], [8, "WAVE"]],
  ["application/pdf", [0, "%PDF-"]],
  ["video/webm", [0, "\x1a\x45\xdf\xa3"]],
  ["audio/ogg", [0, "OggS"]],
  ["video/mp4", [4, "ftyp"]],
  ["audio/mpeg", [0, "ID3"]],
  ["audio/mpeg", [0, "\xff\xfb"]],
  ["audio/mpeg", [0, "\xff\xf3"]],
];

/** What a file's first bytes tell of it; nothing for anything that is not in the list. */
export function kindOf(first: Uint8Array): string | undefined {
  const text = String.fromCharCode(...first.subarray(0, 16));
  return KINDS.find(([, ...marks]) => marks.every(([at, mark]) => text.startsWith(mark, at)))?.[0];
}

export const fullPieces = (size: number): number => Math.ceil(size / CHUNK);

/** The count rounded up by Padmé, so that it tells little of the size. */
export function paddedCount(size: number): number {
  if (size < 1) throw new Refused("empty");
  if (size > MOST_BYTES) throw new Refused("too-large");
  const n = fullPieces(size);
  const e = Math.floor(Math.log2(n));
  const k = e > 0 ? Math.floor(Math.log2(e)) + 1 : 0;
  const step = 2 ** (e - k);
  return Math.ceil(n / step) * step;
}

/** Bytes of the file in the piece of this number; none in padding. */
export const chunkBytes = (size: number, number: number): number =>
  Math.min(CHUNK, Math.max(0, size - number * CHUNK));

/** What a report announces of one file. */
export interface Attachment {
  content: Bytes;
  size: number;
  file: Bytes;
  kind?: string;
}

/** The hash of the whole, from the hashes of its chunks in order. */
export const contentOf = (hashes: Uint8Array[]): Promise<Bytes> => hash(...hashes);

/** As it stands in a letter. */
export function announced({ content, size, file, kind }: Attachment): CborMap {
  const map: CborMap = new Map<number, never>();
  map.set(0, content).set(1, size).set(2, paddedCount(size)).set(3, file);
  if (kind !== undefined) map.set(4, kind);
  return map;
}

/** The body of a piece. */
export function pieceBody({ file, size }: Attachment, number: number, chunk: Bytes): Bytes {
  if (chunk.length !== chunkBytes(size, number)) throw new Refused("other-chunk");
  const body: CborMap = new Map<number, never>();
  return encode(body.set(0, 1).set(1, chunk).set(7, file).set(8, number).set(9, paddedCount(size)));
}

/** Seals one piece: always a letter of the largest class, never signed. */
export function sealPiece(address: Address, of: Attachment, number: number, chunk: Bytes): Promise<Bytes> {
  return sealInside(address, encode([pieceBody(of, number, chunk), null]), CLASSES[3]);
}
