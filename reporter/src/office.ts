// The office as this page finds it: notice, newest manifest, keys, word lists, all from the place
// the page itself came from. Nothing is believed before envelope.ts has checked it.

import { type Bytes, join, same } from "./bytes.ts";
import {
  checkIntakeKey,
  dayOf,
  KEY_BYTES,
  LONGEST_MANIFEST,
  LONGEST_NOTICE,
  type Manifest,
  type Notice,
  openManifest,
  openNotice,
  periodFor,
  Refused,
} from "./envelope.ts";
import type { Address } from "./letter.ts";
import { DIGITS, groups, LISTS, type ListNumber, spelled, type WordList, wordList } from "./words.ts";

/** The line failed, or the server had nothing to give; trying again may help. */
export class Unreachable extends Error {}

/** Protocol §4, key 5: the page says nothing of itself. */
export const SEALED_BY: number | undefined = undefined;

/** On a page of the site a relay takes the letter; kit-office.ts has somebody carry it. */
export const carrier: { take?: (posting: Bytes, mailboxName: string) => void } | undefined = undefined;

const PATIENCE = 120_000;

/** Addresses are relative to the page, so that a mirror in a folder works too. */
const ROOT = "../";

export async function ask(path: string, how: RequestInit = {}): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(ROOT + path, { credentials: "omit", referrerPolicy: "no-referrer", signal: stop.signal, ...how });
  } catch {
    throw new Unreachable();
  } finally {
    clearTimeout(timer);
  }
}

/** A file of at most so many bytes, or nothing where the server has none. */
export async function file(path: string, most: number, how?: RequestInit): Promise<Bytes | undefined> {
  const answer = await ask(path, how);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Unreachable();
  return bytesOf(answer, most);
}

/** The body, whole, or the line broke on the way. One that goes on beyond `most` is not waited for. */
export async function bytesOf(answer: Response, most: number): Promise<Bytes> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const from = answer.body?.getReader();
  try {
    for (let piece = await from?.read(); piece?.value; piece = await from?.read()) {
      pieces.push(piece.value);
      length += piece.value.length;
      if (length > most) break;
    }
  } catch {
    throw new Unreachable();
  }
  if (length > most) {
    from?.cancel().catch(() => undefined);
    throw new Refused("malformed");
  }
  return join(...pieces);
}

export interface Office {
  notice: Notice;
  newest: Manifest | undefined;
  /** The day to go by: that of the newest manifest, otherwise this device's. */
  day: number;
  /**
   * Set when this device's clock and the newest manifest are more than a day apart, or the clock is
   * past the notice: a relay that repeats one old manifest with its old notice stops the day.
   */
  clocksApart: boolean;
}

/** What the page itself vouches for. */
export interface Pinned {
  root: Bytes;
  mailbox: Bytes;
}

const FRESH: RequestInit = { cache: "no-store" };

export async function meet(pinned: Pinned, now: number): Promise<Office> {
  const [noticeFile, newestFile] = await Promise.all([
    file("office/notice", LONGEST_NOTICE, FRESH),
    file("board/newest", LONGEST_MANIFEST, FRESH),
  ]);
  if (!noticeFile) throw new Unreachable();
  const notice = await openNotice(noticeFile, pinned.root, null);
  if (!same(notice.mailbox, pinned.mailbox)) throw new Refused("other-office");
  const newest = newestFile && (await openManifest(newestFile, notice.mailbox, notice.relayKey));
  const day = newest ? newest.day : dayOf(now);
  if (day > notice.lastDay) throw new Refused("expired", notice.lastDay);
  if (day < notice.firstDay) throw new Refused("not-yet");
  const shown = newest ? (newest.day * 86_400 + newest.second) * 1000 : now;
  const apart = Math.abs(now - shown) > (86_400 + notice.epochSeconds) * 1000;
  const clocksApart = apart || dayOf(now) > notice.lastDay;
  return { notice, newest, day, clocksApart };
}

/** The last key asked for. It is held against the notice of the moment each time it is used. */
let ahead: { period: number; key: Promise<Bytes | undefined> } | undefined;

/**
 * Where a letter goes today: the period and the key the notice vouches for. While the clocks are
 * apart there is no address, unless the person has said that the clock of this device is wrong.
 */
export async function addressOf(office: Office, clockIsWrong: boolean): Promise<Address> {
  const { notice, day, clocksApart } = office;
  if (clocksApart && !clockIsWrong) throw new Refused("clocks-apart");
  const period = periodFor(notice, day);
  const kept = ahead?.period === period;
  if (!kept) ahead = { period, key: file(`office/keys/${period}`, KEY_BYTES, FRESH) };
  const asked = ahead!;
  try {
    const intakeKey = await asked.key;
    if (!intakeKey) throw new Unreachable();
    await checkIntakeKey(notice, period, intakeKey);
    return { mailbox: notice.mailbox, period, intakeKey, firstPeriod: notice.firstPeriod };
  } catch (problem) {
    // A failure is not remembered.
    if (ahead === asked) ahead = undefined;
    // The office may have changed this key since it was fetched: then the new one is there.
    if (kept) return addressOf(office, clockIsWrong);
    throw problem;
  }
}

/** More than any list is long. */
const LIST_BYTES = 262_144;

export async function fetchList(number: ListNumber): Promise<WordList> {
  if (number === DIGITS) return wordList(number, groups());
  const bytes = await file(`words/${LISTS[number].file}.txt`, LIST_BYTES);
  if (!bytes) throw new Unreachable();
  return wordList(number, spelled(new TextDecoder().decode(bytes)));
}
