// The outside of letters and cells, as the reporter checks it: size classes, leaves, receipts,
// the office notice with its key list, manifests and day files. (protocol §2, §4.2, §6, §7)
//
// Bytes from the network become a Notice, a Manifest or a key one may seal to only through a
// check in this file; every check throws Refused with the reason a person is then told in words.

import { verifyAsync } from "@noble/ed25519";
import { type Bytes, hash, join, readUint, same, uint } from "./bytes.ts";
import { asArray, asBytes, asMap, asText, asUint, type CborMap, decode, NotCbor, type Value } from "./cbor.ts";
import * as labels from "./labels.ts";

/** The same names as in `vectors/`, and a few of this side's own. */
export type Reason =
  | "malformed"
  | "damaged"
  | "too-new"
  | "unsigned"
  | "other-root"
  | "other-letter"
  | "other-office"
  | "not-vouched"
  | "wrong-span"
  | "expired"
  | "not-yet"
  | "not-for-us"
  | "not-the-office"
  | "forged"
  | "no-key"
  | "clocks-apart"
  | "lists"
  | "too-large"
  | "empty"
  | "wrong-count"
  | "other-chunk";

/** Something from outside was not believed, or cannot be done; nothing was kept of it. */
export class Refused extends Error {
  constructor(readonly reason: Reason, readonly day = 0) {
    super();
  }
}

/** Runs a reader; bytes it cannot make sense of are malformed. */
function read<T>(reader: () => T): T {
  try {
    return reader();
  } catch (problem) {
    if (problem instanceof NotCbor) throw new Refused("malformed");
    throw problem;
  }
}

/** Strict verification: no second form of a signature, no weak key. */
export async function verifies(key: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    return await verifyAsync(signature, message, key, { zip215: false });
  } catch {
    return false;
  }
}

// --- Protocol §2: time ---------------------------------------------------------------------

export const CARRY = 2 ** 31;

export const dayOf = (milliseconds: number): number => Math.floor(milliseconds / 86_400_000);
export const dateOf = (day: number): Date => new Date(day * 86_400_000);
export const weekOf = (day: number, periodDays: number): number => Math.floor(day / periodDays);

export function carryOf(day: number): number {
  const date = dateOf(day);
  return CARRY + (date.getUTCFullYear() - 1970) * 4 + Math.floor(date.getUTCMonth() / 3);
}

// --- Protocol §4: size classes -------------------------------------------------------------

export const CLASSES = [4_096, 16_384, 65_536, 262_144] as const;

/** version ‖ period ‖ encapsulation, the length before the CBOR, and the tag of AES-GCM. */
const AROUND = 1 + 4 + 1_120 + 4 + 16;

/** CBOR bytes a class can hold. */
export const room = (size: number): number => size - AROUND;

/** The smallest class that holds so many bytes of CBOR. */
export function classFor(cborBytes: number): number {
  const size = CLASSES.find((s) => cborBytes <= room(s));
  if (!size) throw new Refused("too-large");
  return size;
}

/** length ‖ CBOR ‖ zeros, to exactly `size` bytes. */
export const pad = (cbor: Uint8Array, size: number): Bytes =>
  join(uint(cbor.length, 4), cbor, new Uint8Array(size - 4 - cbor.length));

export function unpad(padded: Bytes): Bytes {
  const length = padded.length < 4 ? Infinity : readUint(padded, 0, 4);
  if (length > padded.length - 4 || padded.subarray(4 + length).some((byte) => byte !== 0)) {
    throw new Refused("malformed");
  }
  return padded.slice(4, 4 + length);
}

// --- Protocol §4.2: leaf and receipt -------------------------------------------------------

export const leafOf = async (letter: Uint8Array, nonce: Uint8Array): Promise<Bytes> =>
  hash(uint(0, 1), await hash(letter), nonce);

export const dummyLeaf = (nonce: Uint8Array): Promise<Bytes> => hash(uint(1, 1), nonce);

/** version ‖ leaf ‖ epoch ‖ place ‖ six siblings ‖ signature. */
export const RECEIPT_BYTES = 298;

/** The epoch that will list the letter, if these bytes are the relay's promise for this leaf. */
export async function checkReceipt(
  receipt: Uint8Array,
  leaf: Uint8Array,
  mailbox: Uint8Array,
  relayKey: Uint8Array,
): Promise<number> {
  if (receipt.length !== RECEIPT_BYTES || receipt[0] !== 1 || receipt[41]! > 63) throw new Refused("malformed");
  if (!same(receipt.subarray(1, 33), leaf)) throw new Refused("other-letter");
  let node = await hash(uint(0, 1), leaf);
  for (let at = 42, place = receipt[41]!; at < 234; at += 32, place >>= 1) {
    const beside = receipt.subarray(at, at + 32);
    node = await hash(uint(1, 1), ...(place & 1 ? [beside, node] : [node, beside]));
  }
  const message = join(labels.RECEIPT, mailbox, receipt.subarray(33, 41), node);
  if (!(await verifies(relayKey, message, receipt.subarray(234)))) throw new Refused("unsigned");
  return readUint(receipt, 33, 8);
}

// --- Protocol §7: the office notice --------------------------------------------------------

export interface VoiceSpan {
  key: Bytes;
  firstDay: number;
  lastDay: number;
}

export interface Notice {
  sequence: number;
  mailbox: Bytes;
  name: string;
  languages: string[];
  root: Bytes;
  firstDay: number;
  lastDay: number;
  firstPeriod: number;
  periodDays: number;
  graceDays: number;
  relayKey: Bytes;
  epochSeconds: number;
  cellsPerEpoch: number;
  intake: Map<number, Bytes>;
  voices: VoiceSpan[];
  site: Bytes;
}

export const LONGEST_NOTICE = 64 * 1024;
const MOST_DAYS = 35;

// What the numbers of a notice may be, so that everyone can work by them.
const U32 = 0xffff_ffff;
const MOST_PERIOD_DAYS = 366;
const MOST_LEAVES = 1_048_576;
const MOST_CELLS = 65_536;
/** No day's list is longer, whatever shape the board had then. */
export const MOST_DAY_BYTES = 2 ** 24;

/** Bytes of the list of a whole day. */
export const dayBytes = (notice: Pick<Notice, "epochSeconds" | "cellsPerEpoch">): number =>
  Math.ceil(86_400 / notice.epochSeconds) * (12 + TAG_LISTED * notice.cellsPerEpoch);

interface SignedNotice {
  body: Bytes;
  rootSignature: Bytes;
  deskSignatures: [Bytes, Bytes][];
}

/** Believes a notice, or says why not. `today` of null leaves the day unchecked (never to seal). */
export async function openNotice(file: Bytes, pinnedRoot: Uint8Array, today: number | null): Promise<Notice> {
  if (file.length > LONGEST_NOTICE) throw new Refused("malformed");
  const signed = read<SignedNotice>(() => {
    const [body, rootSignature, desks] = asArray(decode(file), 3);
    return {
      body: asBytes(body),
      rootSignature: asBytes(rootSignature, 64),
      deskSignatures: asArray(desks).map((pair) => {
        const [key, signature] = asArray(pair, 2);
        return [asBytes(key, 32), asBytes(signature, 64)];
      }),
    };
  });
  const body = read(() => asMap(decode(signed.body)));
  const version = read(() => asUint(body.get(0)));
  if (version > 1) throw new Refused("too-new");
  if (version !== 1) throw new Refused("malformed");
  const { notice, keyList, desks } = read(() => noticeFrom(body));

  if (!same(notice.root, pinnedRoot)) throw new Refused("other-root");
  if (!(await verifies(pinnedRoot, join(labels.NOTICE, signed.body), signed.rootSignature))) {
    throw new Refused("unsigned");
  }
  const message = join(labels.KEY_LIST, notice.mailbox, uint(notice.sequence, 8), await hash(keyList));
  let vouching = 0;
  for (const desk of desks) {
    const signatures = signed.deskSignatures.filter(([key]) => same(key, desk));
    const good = await Promise.all(signatures.map(([key, signature]) => verifies(key, message, signature)));
    if (good.includes(true)) vouching++;
  }
  if (vouching < Math.min(2, Math.max(1, desks.length))) throw new Refused("not-vouched");
  const span = notice.lastDay - notice.firstDay;
  if (span < 0 || span >= MOST_DAYS) throw new Refused("wrong-span");
  if (today !== null && today > notice.lastDay) throw new Refused("expired", notice.lastDay);
  if (today !== null && today < notice.firstDay) throw new Refused("not-yet");
  return notice;
}

function noticeFrom(body: CborMap): { notice: Notice; keyList: Bytes; desks: Bytes[] } {
  const keyList = asBytes(body.get(17));
  const keys = asMap(decode(keyList));
  const intake = new Map(
    asArray(keys.get(0)).map((entry) => {
      const [period, keyHash] = asArray(entry, 2);
      return [asUint(period, U32), asBytes(keyHash, 32)] as const;
    }),
  );
  const voices = asArray(keys.get(1)).map((entry) => {
    const [key, first, last] = asArray(entry, 3);
    return { key: asBytes(key, 32), firstDay: asUint(first, U32), lastDay: asUint(last, U32) };
  });
  // The same desk named twice is one desk.
  const desks = asArray(keys.get(2))
    .map((desk) => asBytes(desk, 32))
    .filter((desk, n, all) => all.findIndex((known) => same(known, desk)) === n);
  const periodDays = between(body.get(11), 1, MOST_PERIOD_DAYS);
  const lastDay = asUint(body.get(9), U32);
  asBytes(body.get(7), 32);
  asArray(body.get(5)).forEach(asText);
  between(body.get(15), 1, MOST_LEAVES);
  const notice: Notice = {
    sequence: asUint(body.get(1)),
    mailbox: asBytes(body.get(2), 16),
    name: asText(body.get(3)),
    languages: asArray(body.get(4)).map(asText),
    root: asBytes(body.get(6), 32),
    firstDay: asUint(body.get(8), U32),
    lastDay,
    firstPeriod: asUint(body.get(10), weekOf(lastDay, periodDays)),
    periodDays,
    graceDays: asUint(body.get(12), U32),
    relayKey: asBytes(body.get(13), 32),
    epochSeconds: between(body.get(14), 1, U32),
    cellsPerEpoch: between(body.get(16), 1, MOST_CELLS),
    intake,
    voices,
    site: asBytes(body.get(18), 32),
  };
  asUint(dayBytes(notice), MOST_DAY_BYTES);
  return { notice, keyList, desks };
}

function between(value: Value | undefined, least: number, most: number): number {
  if (asUint(value, most) < least) throw new NotCbor();
  return asUint(value);
}

/** The period to seal to: the day's week, otherwise its carry quarter. (protocol §2) */
export function periodFor(notice: Notice, day: number): number {
  const period = [weekOf(day, notice.periodDays), carryOf(day)].find((p) => notice.intake.has(p));
  if (period === undefined) throw new Refused("no-key");
  return period;
}

export const KEY_BYTES = 1_216;

/** A fetched public key as one to seal to: only if the verified notice vouches for it. */
export async function checkIntakeKey(notice: Notice, period: number, fetched: Uint8Array): Promise<void> {
  const vouched = notice.intake.get(period);
  if (!vouched) throw new Refused("no-key");
  if (fetched.length !== KEY_BYTES || !same(await hash(fetched), vouched)) throw new Refused("not-vouched");
}

/** The voice in force on a day: of several, the one listed last. */
export const voiceOn = (notice: Pick<Notice, "voices">, day: number): Bytes | undefined =>
  notice.voices.filter((v) => v.firstDay <= day && day <= v.lastDay).pop()?.key;

// --- Protocol §6: the board ----------------------------------------------------------------

export interface Manifest {
  epoch: number;
  day: number;
  second: number;
  cells: number;
  /** What the day files have come to. */
  days: Bytes;
  /** After a restore the board went on in the one epoch from the other, of that hash. (protocol §6.1) */
  restarts: [number, number, Bytes][];
  /** What came before was given up. (protocol §6.2) */
  kept: number;
  hash: Bytes;
}

export const LONGEST_MANIFEST = 4_096;

const MOST_RESTARTS = 64;

function restartsOf(list: Value[], epoch: number, previous: Bytes): Manifest["restarts"] {
  if (!list.length || list.length > MOST_RESTARTS) throw new NotCbor();
  let begun = 0;
  return list.map((restart) => {
    const [one, other, name] = asArray(restart, 3);
    const to = asUint(one, epoch);
    const from = asUint(other, to - 1);
    const hash = asBytes(name, 32);
    if (from < begun || !hash.some(Boolean) || (to === epoch && !same(hash, previous))) throw new NotCbor();
    begun = to;
    return [to, from, hash];
  });
}

export async function openManifest(file: Bytes, mailbox: Uint8Array, relayKey: Uint8Array): Promise<Manifest> {
  if (file.length > LONGEST_MANIFEST) throw new Refused("malformed");
  const [bytes, signature] = read(() => {
    const [b, s] = asArray(decode(file), 2);
    return [asBytes(b), asBytes(s, 64)] as const;
  });
  if (!(await verifies(relayKey, join(labels.MANIFEST, bytes), signature))) throw new Refused("unsigned");
  const map = read(() => asMap(decode(bytes)));
  const version = read(() => asUint(map.get(0)));
  if (version > 1) throw new Refused("too-new");
  if (version !== 1) throw new Refused("malformed");
  const manifest = read(() => ({
    office: asBytes(map.get(1), 16),
    epoch: asUint(map.get(2)),
    day: asUint(map.get(3)),
    second: asUint(map.get(4)),
    leaves: asUint(map.get(5)),
    leafRoot: asBytes(map.get(6), 32),
    cells: asUint(map.get(7)),
    cellRoot: asBytes(map.get(8), 32),
    previous: asBytes(map.get(9), 32),
    days: asBytes(map.get(10), 32),
    restarts: map.has(11)
      ? restartsOf(asArray(map.get(11)), asUint(map.get(2)), asBytes(map.get(9), 32))
      : [],
    kept: map.has(12) ? between(map.get(12), 1, asUint(map.get(2))) : 0,
  }));
  if (lost(manifest, manifest.kept)) throw new Refused("malformed");
  if (!same(manifest.office, mailbox)) throw new Refused("other-office");
  return { ...manifest, hash: await hash(bytes) };
}

/** Whether a restart says that the epoch of a number is lost. */
const lost = ({ restarts }: Pick<Manifest, "restarts">, epoch: number): boolean =>
  restarts.some(([to, from]) => from < epoch && epoch < to);

export const TAG_LISTED = 8;
export const CELL_BYTES = 4_096;
export const CELLS_PER_PAGE = 32;

export interface ListedEpoch {
  epoch: number;
  tags: Bytes[];
}

/** `/board/days/{day}`: for each epoch closed that day, epoch ‖ count ‖ tags. */
export function readDay(file: Bytes): ListedEpoch[] {
  const epochs: ListedEpoch[] = [];
  for (let at = 0; at < file.length; ) {
    if (file.length - at < 12) throw new Refused("malformed");
    const epoch = readUint(file, at, 8);
    const count = readUint(file, at + 8, 4);
    at += 12;
    if (count > (file.length - at) / TAG_LISTED) throw new Refused("malformed");
    const tags = Array.from({ length: count }, (_, i) => file.slice(at + i * TAG_LISTED, at + (i + 1) * TAG_LISTED));
    epochs.push({ epoch, tags });
    at += count * TAG_LISTED;
  }
  return epochs;
}

/**
 * The epochs of a window's lists, if none is missing and these lead from the manifest before them to
 * the newest one. Epochs after that are left out: the board grows while it is read. `epochs` close in
 * two days.
 */
export async function checkDays(
  lists: (readonly [number, Bytes])[],
  first: number,
  newest: Manifest,
  signed: (epoch: number) => Promise<Manifest>,
  epochs: number,
): Promise<ListedEpoch[]> {
  const all = new Map<number, ListedEpoch>();
  const files: [number, Bytes][] = [];
  for (const [day, list] of lists) {
    // What a restart says is lost stays in lists that were fetched before it.
    const kept: Bytes[] = [];
    let at = 0;
    for (const listed of readDay(list)) {
      const { epoch, tags } = listed;
      const own = list.subarray(at, (at += 12 + TAG_LISTED * tags.length));
      if (day > newest.day || epoch > newest.epoch || lost(newest, epoch)) continue;
      // None twice; and nothing is given up that somebody may still look for. (protocol §6.2)
      if (all.has(epoch) || (epoch < newest.kept && day >= newest.day - 400)) throw new Refused("lists");
      all.set(epoch, listed);
      kept.push(own);
    }
    if (kept.length) files.push([day, join(...kept)]);
  }
  // Back to the last epoch before the window: each is listed, or closed by a clock that was set back.
  let days: Bytes = new Uint8Array(32);
  for (let epoch = newest.epoch, left = 1_024 + epochs, name: Bytes | undefined; epoch >= 0; ) {
    if (!all.has(epoch)) {
      const then = await signed(epoch);
      if (left-- < 1 || then.epoch !== epoch || (name && !same(name, then.hash))) throw new Refused("lists");
      if (then.day < first) {
        days = then.days;
        break;
      }
      if (then.day <= newest.day) throw new Refused("lists");
    }
    [, epoch, name] = newest.restarts.find(([to]) => to === epoch) ?? [0, epoch - 1];
  }
  for (const [day, file] of files) days = await hash(labels.DAYS, days, uint(day, 4), await hash(file));
  if (!same(days, newest.days)) throw new Refused("lists");
  return [...all.values()];
}

/** The fingerprint people compare: ten groups of four digits of H(root). */
export async function fingerprint(root: Uint8Array): Promise<string> {
  const digest = await hash(root);
  return Array.from({ length: 10 }, (_, i) => String(readUint(digest, 2 * i, 2) % 10_000).padStart(4, "0")).join(" ");
}
