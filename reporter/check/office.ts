// The office's side, for checks only: opens letters, seals cells, signs notices, receipts and
// manifests. Never part of the page; the page links nothing of this file.

import { XWing } from "@hpke/hybridkem-x-wing";
import { getPublicKeyAsync, signAsync } from "@noble/ed25519";
import { type Bytes, expand, hash, join, macKey, random, readUint, same, uint } from "../src/bytes.ts";
import { tagKey, tagOf, voiceSigned } from "../src/cell.ts";
import { asArray, asBytes, asMap, asText, asUint, type CborMap, decode, encode, NotCbor, type Value } from "../src/cbor.ts";
import { CARRY, CLASSES, pad, Refused, unpad, verifies } from "../src/envelope.ts";
import * as labels from "../src/labels.ts";
import { letterInfo, signedBytes, suite } from "../src/letter.ts";
import { type Attachment, CHUNK, chunkBytes, contentOf, fullPieces, paddedCount } from "../src/pieces.ts";

export async function keyPair(seed: Bytes): Promise<Bytes> {
  const kem = new XWing();
  const { publicKey } = await kem.generateKeyPairDerand(join(seed));
  return new Uint8Array(await kem.serializePublicKey(publicKey));
}

export interface OpenedLetter {
  report: Bytes;
  sealedBy: number;
  talk?: { signingKey: Bytes; replyKeyHash: Bytes; replyKey?: Bytes; key: Bytes; generation: number };
  handover?: HandedOver;
  body: CborMap;
}

/** A change of words that both the old and the new ones signed. */
export interface HandedOver {
  signingKey: Bytes;
  replyKey: Bytes;
  key: Bytes;
  /** What the new signing key signed. */
  signed: Bytes;
}

/** Key 7 of a letter that continues the words of `talk`. (protocol §4.4) */
async function readHandover(given: Value | undefined, talk: NonNullable<OpenedLetter["talk"]>, mailbox: Bytes, period: number): Promise<HandedOver> {
  const map = asMap(given);
  const [signingKey, replyKey, key] = [asBytes(map.get(0), 32), asBytes(map.get(1), 1_216), asBytes(map.get(2), 32)];
  const signature = asBytes(map.get(3), 64);
  const replyKeyHash = await hash(replyKey);
  if (talk.replyKey || same(signingKey, talk.signingKey) || same(replyKeyHash, talk.replyKeyHash)) throw new NotCbor();
  const former = await hash(talk.signingKey, talk.replyKeyHash);
  const signed = join(labels.HANDOVER, mailbox, uint(period, 4), former, replyKeyHash, key);
  if (!(await verifies(signingKey, signed, signature))) throw new Refused("forged");
  return { signingKey, replyKey, key, signed };
}

const CLASS_SIZES: readonly number[] = CLASSES;

/** The padded inside of a letter, taken apart into body and signature. (protocol §4) */
async function openInside(letter: Bytes, seeds: Map<number, Bytes>, mailbox: Bytes): Promise<[Bytes, Value | undefined, number]> {
  if (!CLASS_SIZES.includes(letter.length)) throw new Refused("damaged");
  if (letter[0]! > 1) throw new Refused("too-new");
  if (letter[0] !== 1) throw new Refused("damaged");
  const period = readUint(letter, 1, 4);
  const seed = seeds.get(period);
  if (!seed) throw new Refused("no-key");
  const hpke = suite();
  const recipientKey = await hpke.kem.importKey("raw", join(seed).buffer, false);
  let plain: Bytes;
  try {
    const info = letterInfo(mailbox, period);
    plain = new Uint8Array(await hpke.open({ recipientKey, enc: letter.slice(5, 1_125), info }, letter.slice(1_125)));
  } catch {
    throw new Refused("damaged");
  }
  return formed(() => {
    const [body, signature] = asArray(decode(unpad(plain)), 2);
    return [asBytes(body), signature, period];
  });
}

/** Runs a reader; bytes it cannot make sense of are malformed. */
function formed<T>(reader: () => T): T {
  try {
    return reader();
  } catch (problem) {
    if (problem instanceof NotCbor) throw new Refused("malformed");
    throw problem;
  }
}

export interface OpenedPiece {
  file: Bytes;
  number: number;
  count: number;
  chunk: Bytes;
}

/** The body of a piece. (protocol §4.3) */
export const readPiece = (bytes: Bytes): OpenedPiece =>
  formed(() => {
    const body = asMap(decode(bytes));
    const [chunk, number, count] = [asBytes(body.get(1)), asUint(body.get(8), 0xffff_ffff), asUint(body.get(9), 0xffff_ffff)];
    if (body.get(0) !== 1 || chunk.length > CHUNK || number >= count) throw new NotCbor();
    return { file: asBytes(body.get(7), 16), number, count, chunk };
  });

/** Opens a piece as a desk does. */
export async function openPiece(letter: Bytes, seeds: Map<number, Bytes>, mailbox: Bytes): Promise<OpenedPiece> {
  const [body, signature] = await openInside(letter, seeds, mailbox);
  if (signature !== null) throw new Refused("forged");
  if (letter.length !== CLASSES[3]) throw new Refused("malformed");
  return readPiece(body);
}

/** Whether a posted letter is a piece: what a desk looks at first. */
export async function isPiece(letter: Bytes, seeds: Map<number, Bytes>, mailbox: Bytes): Promise<boolean> {
  const [body] = await openInside(letter, seeds, mailbox);
  return formed(() => asMap(decode(body)).get(0) === 1);
}

/** What a report announces of a file, if it can be true. (protocol §4.3) */
export function readAttachment(map: Value | undefined): Attachment & { pieces: number } {
  const [read, pieces] = formed(() => {
    const fields = asMap(map);
    const read = { content: asBytes(fields.get(0), 32), size: asUint(fields.get(1)), file: asBytes(fields.get(3), 16) };
    if (fields.has(4)) asText(fields.get(4));
    return [read, asUint(fields.get(2), 0xffff_ffff)] as const;
  });
  if (paddedCount(read.size) !== pieces) throw new Refused("wrong-count");
  return { ...read, pieces };
}

/** Puts a file together from pieces as they came: what of it is here, and whether it is the file. */
export async function reassemble(of: Attachment & { pieces: number }, came: OpenedPiece[]): Promise<{ outcome: string; arrived: number; of: number }> {
  const chunks = new Map<number, Bytes>();
  for (const { file, number, count, chunk } of came) {
    const fits = same(file, of.file) && count === of.pieces && chunk.length === chunkBytes(of.size, number);
    if (fits && chunk.length > 0 && !chunks.has(number)) chunks.set(number, chunk);
  }
  const full = fullPieces(of.size);
  const tally = { arrived: chunks.size, of: full };
  if (chunks.size < full) return { outcome: "incomplete", ...tally };
  const hashes: Bytes[] = [];
  for (let n = 0; n < full; n++) hashes.push(await hash(chunks.get(n)!));
  return { outcome: same(await contentOf(hashes), of.content) ? "complete" : "other-content", ...tally };
}

/** Opens a report as a desk does, with the seeds it holds by period. (protocol §4) */
export async function openLetter(letter: Bytes, seeds: Map<number, Bytes>, mailbox: Bytes): Promise<OpenedLetter> {
  const [bytes, signature, period] = await openInside(letter, seeds, mailbox);
  try {
    const body = asMap(decode(bytes));
    if (asUint(body.get(0)) !== 0) throw new NotCbor("not a report");
    const report = asBytes(body.get(1));
    const sealedBy = asUint(body.get(5) ?? 0);
    if (!body.has(2)) {
      if (signature !== null) throw new Refused("forged");
      if (body.has(7)) throw new NotCbor();
      readReport(report);
      return { report, sealedBy, body };
    }
    if (signature === null) throw new Refused("forged");
    const map = asMap(body.get(2));
    const signingKey = asBytes(map.get(0), 32);
    const message = signedBytes(mailbox, period, await hash(bytes));
    if (!(await verifies(signingKey, message, asBytes(signature, 64)))) throw new Refused("forged");
    // The key of a first letter or the hash of a later one; two could name two readers.
    if (map.has(1) && map.has(2)) throw new NotCbor();
    const replyKey = map.has(1) ? asBytes(map.get(1), 1_216) : undefined;
    const replyKeyHash = replyKey ? await hash(replyKey) : asBytes(map.get(2), 32);
    readReport(report);
    const [key, generation] = [asBytes(map.get(3), 32), asUint(map.get(4))];
    const talk = { signingKey, replyKey, replyKeyHash, key, generation };
    const handover = body.has(7) ? await readHandover(body.get(7), talk, mailbox, period) : undefined;
    return { report, sealedBy, body, talk, handover };
  } catch (problem) {
    if (problem instanceof NotCbor) throw new Refused("malformed");
    throw problem;
  }
}

/** The narrative of a report, if it is one. (protocol §4.1) */
export function readReport(bytes: Bytes): string {
  try {
    const map = asMap(decode(bytes));
    const version = asUint(map.get(0));
    if (version > 1) throw new Refused("too-new");
    if (version !== 1) throw new Refused("malformed");
    return map.has(2) ? asText(map.get(2)) : "";
  } catch (problem) {
    if (problem instanceof NotCbor) throw new Refused("malformed");
    throw problem;
  }
}

export interface Saying {
  kind: "opened" | "answer";
  part: number;
  parts: number;
  text: string;
  answer: number;
}

/** Seals a cell as a desk does. (protocol §5) */
export async function sealCell(
  saying: Saying,
  to: { replyKey: Bytes; key: Bytes },
  mailbox: Bytes,
  voiceSeed: Bytes,
  day: number,
  slot: number,
): Promise<Bytes> {
  const signature = await signAsync(
    await voiceSigned(mailbox, await hash(to.replyKey), day, slot, saying),
    voiceSeed,
  );
  const map = new Map<number, Value>([
    [0, saying.kind === "answer" ? 1 : 0],
    [1, saying.part],
    [2, saying.parts],
    [3, saying.text],
    [4, join(signature)],
    [5, saying.answer],
  ]);
  const tag = await tagOf(await macKey(await tagKey(to.key)), day, slot);
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.importKey("raw", join(to.replyKey).buffer, true);
  const psk = { id: join(labels.CELL_PSK), key: await expand(to.key, labels.CELL_PSK) };
  const info = join(labels.CELL, uint(1, 1), mailbox, uint(day, 4), uint(slot, 2));
  const sealed = await hpke.seal({ recipientPublicKey, info, psk }, pad(encode(map), 2_943), tag);
  return join(uint(1, 1), tag, new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
}

export interface Office {
  mailbox: Bytes;
  rootSeed: Bytes;
  relaySeed: Bytes;
  voiceSeed: Bytes;
  deskSeeds: Bytes[];
  intake: Map<number, { seed: Bytes; key: Bytes }>;
  firstPeriod: number;
  name: string;
}

/** An invented office with a week key and a carry key in force on `day`. */
export async function found(day: number, periods: number[]): Promise<Office> {
  const intake = new Map();
  for (const period of periods) {
    const seed = random(32);
    intake.set(period, { seed, key: await keyPair(seed) });
  }
  return {
    mailbox: random(16),
    rootSeed: random(32),
    relaySeed: random(32),
    voiceSeed: random(32),
    deskSeeds: [random(32), random(32)],
    intake,
    firstPeriod: Math.min(...periods.filter((p) => p < CARRY), Math.floor(day / 7)),
    name: "Sample Office",
  };
}

export const publicOf = async (seed: Bytes): Promise<Bytes> => join(await getPublicKeyAsync(seed));

export interface NoticeOptions {
  firstDay: number;
  lastDay: number;
  sequence?: number;
  vouching?: number;
  version?: number;
  voices?: [Bytes, number, number][];
  /** Numbers of the body by key, in place of the usual ones. */
  numbers?: [number, number][];
}

export async function notice(office: Office, options: NoticeOptions): Promise<Bytes> {
  const { firstDay, lastDay, sequence = 1, vouching = 2, version = 1 } = options;
  const desks = await Promise.all(office.deskSeeds.map(publicOf));
  const intake: Value[] = [];
  for (const [period, { key }] of office.intake) intake.push([period, await hash(key)]);
  const voice = await publicOf(office.voiceSeed);
  const voices = options.voices ?? [[voice, firstDay - 100, lastDay + 100]];
  const keyList = encode(new Map<number, Value>([[0, intake], [1, voices], [2, desks], [3, []]]));
  const body = encode(
    new Map<number, Value>([
      [0, version],
      [1, sequence],
      [2, office.mailbox],
      [3, office.name],
      [4, ["en", "fr"]],
      [5, []],
      [6, await publicOf(office.rootSeed)],
      [7, new Uint8Array(32)],
      [8, firstDay],
      [9, lastDay],
      [10, office.firstPeriod],
      [11, 7],
      [12, 28],
      [13, await publicOf(office.relaySeed)],
      [14, 21_600],
      [15, 64],
      [16, 16],
      [17, keyList],
      [18, new Uint8Array(32)],
      ...(options.numbers ?? []),
    ]),
  );
  const message = join(labels.KEY_LIST, office.mailbox, uint(sequence, 8), await hash(keyList));
  const signatures: Value[] = [];
  for (const seed of office.deskSeeds.slice(0, vouching)) {
    signatures.push([await publicOf(seed), join(await signAsync(message, seed))]);
  }
  return encode([body, join(await signAsync(join(labels.NOTICE, body), office.rootSeed)), signatures]);
}

export async function receipt(office: Office, leaf: Bytes, epoch: number): Promise<Bytes> {
  // A letter that came alone: at a place of chance, beside random bytes only.
  const [place, beside] = [random(1)[0]! & 63, Array.from({ length: 6 }, () => random(32))];
  let root = await hash(uint(0, 1), leaf);
  for (const [height, node] of beside.entries()) {
    root = await hash(uint(1, 1), ...((place >> height) & 1 ? [node, root] : [root, node]));
  }
  const signature = await signAsync(join(labels.RECEIPT, office.mailbox, uint(epoch, 8), root), office.relaySeed);
  return join(uint(1, 1), leaf, uint(epoch, 8), uint(place, 1), ...beside, signature);
}

export async function manifest(office: Office, epoch: number, day: number, cells: number, days = new Uint8Array(32)): Promise<Bytes> {
  const nothing = new Uint8Array(32);
  const bytes = encode(
    new Map<number, Value>([
      [0, 1],
      [1, office.mailbox],
      [2, epoch],
      [3, day],
      [4, 60],
      [5, 64],
      [6, nothing],
      [7, cells],
      [8, nothing],
      [9, nothing],
      [10, days],
    ]),
  );
  return encode([bytes, join(await signAsync(join(labels.MANIFEST, bytes), office.relaySeed))]);
}

/** A cell nobody can read, as the relay adds them. */
export const dummyCell = (): Bytes => join(uint(1, 1), random(16), random(1_120 + 2_959));

/** Day file and page files of epochs. */
export function dayFile(epochs: { epoch: number; cells: Bytes[] }[]): Bytes {
  return join(
    ...epochs.map(({ epoch, cells }) =>
      join(uint(epoch, 8), uint(cells.length, 4), ...cells.map((cell) => cell.slice(1, 9))),
    ),
  );
}

/** What day files have come to. */
export async function daysHash(files: Iterable<[number, Bytes]>, before: Bytes = new Uint8Array(32)): Promise<Bytes> {
  for (const [day, file] of files) before = await hash(labels.DAYS, before, uint(day, 4), await hash(file));
  return before;
}

export const sorted = (cells: Bytes[]): Bytes[] =>
  [...cells].sort((a, b) => {
    for (let i = 0; i < 17; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
    return same(a, b) ? 0 : 1;
  });
