// The office as the kit finds it: the notice and the keys that stand in its own file, and a board
// that somebody copied into a folder. It takes the place of office.ts; nothing is ever fetched, and
// the page's policy would let nothing out. (protocol §11.5, §11.6)

import { type Bytes, same } from "./bytes.ts";
import {
  CARRY,
  carryOf,
  checkIntakeKey,
  dayOf,
  LONGEST_MANIFEST,
  LONGEST_NOTICE,
  type Manifest,
  type Notice,
  openManifest,
  openNotice,
  Refused,
} from "./envelope.ts";
import type { Address } from "./letter.ts";
import type { Office, Pinned } from "./office.ts";
import { DIGITS, groups, type ListNumber, type WordList, wordList } from "./words.ts";

export type { Office, Pinned };

/** The copied board is not there, or a file of it is missing. */
export class Unreachable extends Error {}

/** Protocol §4, key 5: sealed by the kit. */
export const SEALED_BY: number | undefined = 3;

/** Takes a sealed letter instead of a relay. Set by kit.ts, which shows the ways to carry it. */
export const carrier: { take?: (posting: Bytes, mailboxName: string) => void } = {};

const text = (id: string): string => document.getElementById(id)?.textContent ?? "";

const decoded = (base64: string): Bytes => Uint8Array.from(atob(base64.trim()), (c) => c.charCodeAt(0));

const keys = new Map<number, Bytes>(
  [...document.querySelectorAll<HTMLElement>("script.key")].map((key) => [Number(key.dataset.period), decoded(key.textContent ?? "")]),
);

/** First and last day of a carry quarter. */
function quarter(period: number): { first: number; last: number } {
  const q = period - CARRY;
  const at = (n: number): number => Math.floor(Date.UTC(1970 + Math.floor(n / 4), 3 * (n % 4), 1) / 86_400_000);
  return { first: at(q), last: at(q + 1) - 1 };
}

/** The last day on which the kit seals: that of the last quarter whose key it holds. */
export const lastDay = (): number => Math.max(0, ...[...keys.keys()].map((period) => quarter(period).last));

// --- The copied board ----------------------------------------------------------------------

let copied: Map<string, File> | undefined;

/** Takes the files of a folder somebody chose, by their paths below `board/` and `office/`. */
export function takeFolder(files: Iterable<File>): void {
  copied = new Map();
  for (const file of files) {
    const path = /(?:^|\/)((?:board|office)\/[a-z0-9/-]+)$/.exec(file.webkitRelativePath || file.name)?.[1];
    if (path) copied.set(path, file);
  }
}

export async function file(path: string, most: number): Promise<Bytes | undefined> {
  if (!copied) throw new Unreachable();
  const found = copied.get(path);
  if (!found) return undefined;
  if (found.size > most) throw new Refused("malformed");
  try {
    return new Uint8Array(await found.arrayBuffer());
  } catch {
    // The stick was pulled out.
    throw new Unreachable();
  }
}

/** There is nobody to ask. */
export const ask = (_path: string, _how?: RequestInit): Promise<Response> => Promise.reject(new Unreachable());
export const bytesOf = (_answer: Response, _most: number): Promise<Bytes> => Promise.reject(new Unreachable());

// --- The office ----------------------------------------------------------------------------

async function newestNotice(pinned: Pinned): Promise<Notice> {
  const own = await openNotice(decoded(text("notice")), pinned.root, null);
  if (!same(own.mailbox, pinned.mailbox)) throw new Refused("other-office");
  const newer = copied && (await file("office/notice", LONGEST_NOTICE));
  if (!newer) return own;
  // A copied board is as old as its stick and comes from anywhere: a notice in it counts under the
  // same root alone, and only if it is a later one.
  const other = await openNotice(newer, pinned.root, null);
  return same(other.mailbox, own.mailbox) && other.sequence > own.sequence ? other : own;
}

export async function meet(pinned: Pinned, now: number): Promise<Office> {
  const notice = await newestNotice(pinned);
  const newestFile = copied && (await file("board/newest", LONGEST_MANIFEST));
  const newest: Manifest | undefined = newestFile && (await openManifest(newestFile, notice.mailbox, notice.relayKey));
  const made = (await openNotice(decoded(text("notice")), pinned.root, null)).firstDay;
  const day = newest ? newest.day : Math.max(made, dayOf(now));
  return { notice, newest, day, clocksApart: dayOf(now) < made };
}

/** The carry quarter of this device's day, under the notice the kit was made with. */
export async function addressOf({ notice, clocksApart }: Office, clockIsWrong: boolean): Promise<Address> {
  if (clocksApart && !clockIsWrong) throw new Refused("clocks-apart");
  const today = dayOf(Date.now());
  if (today > lastDay()) throw new Refused("expired", lastDay());
  // With a clock that is known to be wrong, the key that lives longest is right on any day.
  const period = clocksApart ? Math.max(...keys.keys()) : carryOf(today);
  const key = keys.get(period);
  if (!key) throw new Refused("no-key");
  await checkIntakeKey(notice, period, key);
  return { mailbox: notice.mailbox, period, intakeKey: key, firstPeriod: notice.firstPeriod };
}

export async function fetchList(number: ListNumber): Promise<WordList> {
  return wordList(number, number === DIGITS ? groups() : text(`words-${number}`).trim().split("\n"));
}

