// The words: drawn by the machine, typed by a person, and everything that follows from them.
// (protocol §3)
//
// Only indices enter a key, never text: a list printed with other accents, or an entry typed in
// capitals, brings back the same conversation. Nothing here is stored anywhere.

import { XWing } from "@hpke/hybridkem-x-wing";
import { getPublicKeyAsync } from "@noble/ed25519";
import { type Bytes, expand, hash, join, mac, readUint, uint } from "./bytes.ts";
import { CARRY } from "./envelope.ts";
import * as labels from "./labels.ts";

/**
 * The lists: entries, how many words are drawn, the file in the site. `size` is set where words need
 * not stand apart: each has so many characters.
 */
export const LISTS = {
  1: { entries: 1_296, drawn: 9, file: "en", size: 0 },
  2: { entries: 2_048, drawn: 9, file: "fr", size: 0 },
  3: { entries: 2_048, drawn: 9, file: "es", size: 0 },
  4: { entries: 2_048, drawn: 9, file: "zh", size: 1 },
  5: { entries: 10_000, drawn: 7, file: "", size: 5 },
} as const;

export type ListNumber = keyof typeof LISTS;
export const DIGITS = 5;

export interface WordList {
  number: ListNumber;
  words: string[];
  folded: string[];
  /** Folded word to its index. */
  index: Map<string, number>;
}

const FORMS: Record<string, string> = { ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ک: "ك", ـ: "" };

/**
 * How words are compared, never how they are keyed: no blanks around, lower case, NFKD without its
 * marks, one form of each Arabic letter, ASCII digits.
 */
export const fold = (text: string): string =>
  text.trim().toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "")
    .replace(/[ٱىیةکـ]/g, (c) => FORMS[c]!)
    .replace(/[٠-٩۰-۹]/g, (c) => String(c.charCodeAt(0) & 15));

/** Typed text, word by word: words stand apart, characters and digits need not. */
export function pieces(number: ListNumber, typed: string): string[] {
  const { drawn, size } = LISTS[number];
  const apart = typed.split(/[\s,;،؛、，；]+/).filter((piece) => piece);
  if (!size || apart.length === drawn) return apart;
  return fold(apart.join("")).replace(/-/g, "").match(new RegExp(`.{1,${size}}`, "gu")) ?? [];
}

/** The words of a file of the site: each as the number of letters it shares with the one before it, and the rest. */
export function spelled(file: string): string[] {
  let word = "";
  return (file.match(/\d\D+/g) ?? []).map((part) => (word = word.slice(0, +part[0]!) + part.slice(1)));
}

/** Four digits and the one that follows from them (ISO/IEC 7064, MOD 11,10): every wrong digit shows. */
export const groups = (): string[] =>
  Array.from({ length: LISTS[DIGITS].entries }, (_, n) => {
    const digits = String(n).padStart(4, "0");
    let product = 10;
    for (const digit of digits) product = (((+digit + product) % 10 || 10) * 2) % 11;
    return digits + ((11 - product) % 10);
  });

export function wordList(number: ListNumber, words: string[]): WordList {
  const folded = words.map(fold);
  const index = new Map(folded.map((word, i) => [word, i]));
  if (words.length !== LISTS[number].entries || index.size !== words.length) throw new RangeError();
  return { number, words, folded, index };
}

/** Draws the words, each index uniform: values that would favour small indices are drawn again. */
export function draw(number: ListNumber, fill: (into: Uint32Array) => void): number[] {
  const { entries, drawn } = LISTS[number];
  const fair = Math.floor(2 ** 32 / entries) * entries;
  const one = new Uint32Array(1);
  return Array.from({ length: drawn }, () => {
    do fill(one);
    while (one[0]! >= fair);
    return one[0]! % entries;
  });
}

/** Words of the list that begin as typed. */
export function beginning(list: WordList, typed: string, most: number): string[] {
  const start = fold(typed);
  return start ? list.words.filter((_, i) => list.folded[i]!.startsWith(start)).slice(0, most) : [];
}

/** Words of the list nearest to one that is not in it: by edits, then by a common beginning. */
export function neighbours(list: WordList, typed: string, most = 4): string[] {
  const wanted = fold(typed).slice(0, 24);
  const scored = list.folded.map((folded, i) => {
    let common = 0;
    while (common < folded.length && folded[common] === wanted[common]) common++;
    return [edits(folded, wanted) - common / 100, i] as const;
  });
  return scored.sort(([a], [b]) => a - b).slice(0, most).map(([, i]) => list.words[i]!);
}

function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}

/**
 * How many of the words stand in a text: the words in a letter would open the answers to whoever
 * reads it. Single characters stand in every text, so only some in a row count.
 */
export function wordsIn(text: string, list: WordList, indices: number[]): number {
  const { size } = LISTS[list.number];
  if (size) {
    const [dense, row] = [fold(text).replace(/[^\p{L}\p{N}]/gu, ""), size > 1 ? 2 : 3];
    const starts = indices.filter((_, at) => at + row <= indices.length && dense.includes(indices.slice(at, at + row).map((i) => list.folded[i]).join("")));
    return starts.length && starts.length + row - 1;
  }
  const written = new Set(fold(text).split(/[^\p{L}\p{N}-]+/u));
  return new Set(indices.map((i) => fold(list.words[i]!)).filter((word) => written.has(word))).size;
}

const ROUNDS = 600_000;

/** What the words unlock at one office. */
export interface Conversation {
  list: ListNumber;
  master: Bytes;
  replySeed: Bytes;
  replyKey: Bytes;
  replyKeyHash: Bytes;
  signingSeed: Bytes;
  signingKey: Bytes;
}

export async function conversationFrom(list: ListNumber, indices: number[], mailbox: Uint8Array): Promise<Conversation> {
  const encoded = join(uint(list, 1), ...indices.map((i) => uint(i, 2)));
  const password = await crypto.subtle.importKey("raw", encoded, "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-512", salt: join(mailbox), iterations: ROUNDS };
  const master = new Uint8Array(await crypto.subtle.deriveBits(how, password, 256));
  const replySeed = await expand(master, labels.REPLY_KEY);
  const signingSeed = await expand(master, labels.SIGNING_KEY);
  const replyKey = await publicReplyKey(replySeed);
  return {
    list,
    master,
    replySeed,
    replyKey,
    replyKeyHash: await hash(replyKey),
    signingSeed,
    signingKey: join(await getPublicKeyAsync(signingSeed)),
  };
}

/** The seed is the X-Wing private key itself; no DeriveKeyPair, whose drafts differ. */
async function publicReplyKey(seed: Bytes): Promise<Bytes> {
  const kem = new XWing();
  const { publicKey } = await kem.generateKeyPairDerand(seed);
  return new Uint8Array(await kem.serializePublicKey(publicKey));
}

/** The conversation key of a generation in a week period, or of a carry quarter. */
export async function conversationKey(
  master: Uint8Array,
  generation: number,
  period: number,
  firstPeriod: number,
): Promise<Bytes> {
  if (period >= CARRY) return expand(master, labels.BY_CARRY, uint(period, 4));
  let key = await expand(master, labels.CONVERSATION, uint(generation, 1));
  for (let p = firstPeriod; p < period; p++) key = await mac(key, labels.NEXT);
  return key;
}

/** Two words that make a mistyped word visible. */
export async function mailboxName(conversation: Conversation, list: WordList): Promise<string> {
  const d = await expand(conversation.master, labels.MAILBOX_NAME);
  return [0, 4].map((at) => list.words[readUint(d, at, 4) % list.words.length]).join(" ");
}
