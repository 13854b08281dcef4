// Opens cells of the reply board with the words, and finds them in it. (protocol §5, §6)
//
// What the office's voice did not sign on that day is not shown, whoever managed to seal it.

import { type Bytes, expand, hash, join, macKey, macWith, same, uint } from "./bytes.ts";
import { asBytes, asMap, asText, asUint, decode, NotCbor } from "./cbor.ts";
import { type Manifest, type Notice, Refused, unpad, verifies, voiceOn } from "./envelope.ts";
import * as labels from "./labels.ts";
import { suite, VERSION } from "./letter.ts";
import type { Conversation } from "./words.ts";

export const SLOTS = 16;
export const GENERATIONS = 4;

export type CellKind = "opened" | "answer";

export interface Said {
  kind: CellKind;
  part: number;
  parts: number;
  text: string;
  answer: number;
  day: number;
  /** What lets one letter past a flood. (protocol §8.1) */
  token?: Bytes;
}

export const tagKey = (c: Uint8Array): Promise<Bytes> => expand(c, labels.CELL_TAG);

/** The tag of a day and slot, 16 bytes; the board lists its first eight. */
export async function tagOf(key: CryptoKey, day: number, slot: number): Promise<Bytes> {
  return (await macWith(key, join(uint(day, 4), uint(slot, 2)))).slice(0, 16);
}

export async function tags(c: Uint8Array, day: number): Promise<Bytes[]> {
  const key = await macKey(await tagKey(c));
  return Promise.all(Array.from({ length: SLOTS }, (_, slot) => tagOf(key, day, slot)));
}

/** What the voice signs. */
export async function voiceSigned(
  mailbox: Uint8Array,
  replyKeyHash: Uint8Array,
  day: number,
  slot: number,
  said: Omit<Said, "day">,
): Promise<Bytes> {
  const kind = uint(said.kind === "answer" ? 1 : 0, 1);
  const content = await hash(kind, uint(said.part, 2), uint(said.parts, 2), uint(said.answer, 4), said.text);
  return join(labels.CELL_SIGNATURE, mailbox, replyKeyHash, uint(day, 4), uint(slot, 2), content, said.token ?? "");
}

export async function openCell(
  cell: Bytes,
  conversation: Pick<Conversation, "replySeed" | "replyKeyHash">,
  c: Bytes,
  notice: Pick<Notice, "mailbox" | "voices">,
  day: number,
  slot: number,
): Promise<Said> {
  if (cell.length !== 4_096 || !cell[0]) throw new Refused("malformed");
  if (cell[0] !== VERSION) throw new Refused("too-new");
  const tag = cell.slice(1, 17);
  const expected = await tagOf(await macKey(await tagKey(c)), day, slot);
  if (!same(tag, expected)) throw new Refused("not-for-us");
  const hpke = suite();
  const recipientKey = await hpke.kem.importKey("raw", join(conversation.replySeed).buffer, false);
  const psk = { id: join(labels.CELL_PSK), key: await expand(c, labels.CELL_PSK) };
  const info = join(labels.CELL, uint(VERSION, 1), notice.mailbox, uint(day, 4), uint(slot, 2));
  let plain: Bytes;
  try {
    plain = new Uint8Array(
      await hpke.open({ recipientKey, enc: cell.slice(17, 1_137), info, psk }, cell.slice(1_137), tag),
    );
  } catch {
    throw new Refused("damaged");
  }
  const { said, signature } = readSaid(unpad(plain), day);
  const message = await voiceSigned(notice.mailbox, conversation.replyKeyHash, day, slot, said);
  const voice = voiceOn(notice, day);
  if (!voice || !(await verifies(voice, message, signature))) throw new Refused("not-the-office");
  return said;
}

function readSaid(cbor: Bytes, day: number): { said: Said; signature: Bytes } {
  try {
    const map = asMap(decode(cbor));
    // Each number fits the bytes in which it is signed: one that wraps would be another's signature.
    const kind = asUint(map.get(0), 0xff);
    if (kind > 1) throw new Refused("too-new");
    const said: Said = {
      kind: kind === 1 ? "answer" : "opened",
      part: asUint(map.get(1), 0xffff),
      parts: asUint(map.get(2), 0xffff),
      text: asText(map.get(3)),
      answer: asUint(map.get(5), 0xffff_ffff),
      day,
    };
    if (map.has(6)) said.token = asBytes(map.get(6), 16);
    if (said.part >= said.parts) throw new NotCbor();
    return { said, signature: asBytes(map.get(4), 64) };
  } catch (problem) {
    if (problem instanceof NotCbor) throw new Refused("malformed");
    throw problem;
  }
}

/** A run of days of the board, first and last included. */
export interface Span {
  first: number;
  last: number;
}

export const WINDOW = 90;
export const KEPT = 400;

export const span = (newest: Manifest, days: number, notice: Notice): Span => ({
  first: Math.max(newest.day - days + 1, notice.firstPeriod * notice.periodDays),
  last: newest.day,
});

export interface Answer {
  number: number;
  day: number;
  /** null where a part has not been found. */
  parts: (string | null)[];
}

/**
 * Answers in order, parts joined; the same answer posted twice is one answer. The first cell of an
 * answer says how many parts it has, and the first of each part what it says.
 */
export function answersFrom(said: Said[]): Answer[] {
  const byNumber = new Map<number, Answer>();
  for (const cell of said.filter((s) => s.kind === "answer")) {
    const answer = byNumber.get(cell.answer) ??
      { number: cell.answer, day: cell.day, parts: new Array<string | null>(cell.parts).fill(null) };
    if (cell.part < answer.parts.length) answer.parts[cell.part] ??= cell.text;
    answer.day = Math.min(answer.day, cell.day);
    byNumber.set(cell.answer, answer);
  }
  return [...byNumber.values()].sort((a, b) => a.number - b.number);
}
