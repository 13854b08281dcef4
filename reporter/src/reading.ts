// Searches the board for answers: every reader fetches the same lists, computes the tags of the
// words, and opens only the cells that carry one of them. (protocol §5, §6)

import { type Bytes, expand, mac, macKey, readUint, uint } from "./bytes.ts";
import { type CellKind, GENERATIONS, openCell, type Said, SLOTS, type Span, tagKey, tagOf } from "./cell.ts";
import {
  CARRY,
  carryOf,
  CELL_BYTES,
  CELLS_PER_PAGE,
  checkDays,
  type ListedEpoch,
  type Manifest,
  MOST_DAY_BYTES,
  type Notice,
  openManifest,
  Refused,
  TAG_LISTED,
  weekOf,
} from "./envelope.ts";
import * as labels from "./labels.ts";
import { file, type Office } from "./office.ts";
import { type Conversation, conversationKey } from "./words.ts";

export interface Found {
  said: Said[];
  /** Cells that carried one of our tags and could not be shown, by reason. */
  refused: { forged: number; damaged: number };
  /** Highest generation an answer came back in. */
  generation: number;
  /** Pages fetched: what somebody who watches the line could count. */
  pages: number;
}

interface Place {
  epoch: number;
  index: number;
}

interface Hit extends Place {
  day: number;
  slot: number;
  key: Bytes;
  generation: number;
}

const name = (tag: Uint8Array): string => String.fromCharCode(...tag.subarray(0, TAG_LISTED));

/** Cells looked at under one tag; more are somebody's noise. */
const CELLS_A_TAG = 16;

/** A file of at most so many bytes; a longer one is as good as none. */
async function listed(path: string, most: number, how?: RequestInit): Promise<Bytes | undefined> {
  try {
    return await file(path, most, how);
  } catch (problem) {
    if (problem instanceof Refused) return undefined;
    throw problem;
  }
}

/** Runs jobs a few at a time: one line, many small files. */
async function eachOf<T>(jobs: T[], work: (job: T) => Promise<void>): Promise<void> {
  const queue = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await work(job);
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

/**
 * Lists by the ten days; where a server lacks those, day by day. (decision 0027) Two are asked for at a
 * time: that keeps a line busy, and more of them at once drown a slow one, which then gets them twice.
 */
function listsOf(days: number[], last: number, cache: RequestCache): (day: number) => Promise<Bytes | undefined> {
  // What holds the last day still grows; all others never change.
  const fetched = (path: string, bytes: number, end: number): Promise<Bytes | undefined> =>
    listed(`board/${path}`, bytes, { cache: end >= last ? "no-store" : cache });
  const tens = new Map<number, Promise<Bytes | undefined>>();
  for (const day of days) {
    const ten = Math.floor(day / 10);
    const ask = () => fetched(`tens/${ten}`, 10 * MOST_DAY_BYTES, ten * 10 + 9).catch(() => undefined);
    if (!tens.has(ten)) tens.set(ten, tens.get(ten - 2)?.then(ask) ?? ask());
  }
  return async (day) => {
    const all = await tens.get(Math.floor(day / 10));
    let at = 0;
    for (let n = day % 10; all && at + 4 <= all.length; n--) {
      const end = at + 4 + readUint(all, at, 4);
      if (n === 0 && end <= all.length) return all.slice(at + 4, end);
      at = end;
    }
    return fetched(`days/${day}`, MOST_DAY_BYTES, day);
  };
}

export async function search(
  office: Pick<Office, "notice" | "newest">,
  conversation: Conversation,
  span: Span,
  progress: (done: number, of: number) => void,
  cache: RequestCache = "default",
): Promise<Found> {
  const { notice, newest } = office;
  const days: number[] = [];
  for (let day = span.first; day <= span.last; day++) days.push(day);
  const places = new Map<string, Place[]>();
  const lists: [number, Bytes][] = [];
  let done = 0;
  const dayList = listsOf(days, span.last, cache);
  await eachOf(days, async (day) => {
    const list = await dayList(day);
    if (list) lists.push([day, list]);
    progress(++done, days.length);
  });
  lists.sort(([one], [other]) => one - other);
  const manifestOf = async (epoch: number): Promise<Manifest> =>
    openManifest((await listed(`board/${epoch}/manifest`, CELL_BYTES)) ?? new Uint8Array(), notice.mailbox, notice.relayKey);
  let epochs: ListedEpoch[] = [];
  try {
    if (newest) epochs = await checkDays(lists, span.first, newest, manifestOf, 172_800 / notice.epochSeconds);
  } catch (problem) {
    // What a browser keeps may be older than a clock that was mended, and a clock may have gone back
    // just before the first day: once more without the one and from before the other. (protocol §6)
    if (cache === "default") return search(office, conversation, { ...span, first: span.first - 35 }, progress, "reload");
    throw problem;
  }
  for (const { epoch, tags } of epochs) {
    tags.forEach((tag, index) => {
      const under = places.get(name(tag)) ?? [];
      places.set(name(tag), under);
      if (under.length < CELLS_A_TAG) under.push({ epoch, index });
    });
  }

  const hits = await match(notice, conversation, days, places);
  const found: Found = { said: [], refused: { forged: 0, damaged: 0 }, generation: 0, pages: 0 };
  const pages = new Map<string, Promise<Bytes | undefined>>();
  const page = (epoch: number, k: number): Promise<Bytes | undefined> => {
    const path = `board/${epoch}/cells-${k}`;
    if (!pages.has(path)) pages.set(path, listed(path, CELLS_PER_PAGE * CELL_BYTES));
    return pages.get(path)!;
  };
  for (const hit of hits) {
    const bytes = await page(hit.epoch, Math.floor(hit.index / CELLS_PER_PAGE));
    const at = (hit.index % CELLS_PER_PAGE) * CELL_BYTES;
    try {
      const cell = bytes?.slice(at, at + CELL_BYTES);
      if (cell?.length !== CELL_BYTES) throw new Refused("damaged");
      found.said.push(await openCell(cell, conversation, hit.key, notice, hit.day, hit.slot));
      found.generation = Math.max(found.generation, hit.generation);
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      // Eight equal bytes of tag and no more: somebody else's cell.
      if (problem.reason === "not-for-us") continue;
      found.refused[problem.reason === "not-the-office" ? "forged" : "damaged"]++;
    }
  }
  if (!hits.length) await quietPage(conversation, span, epochs, page);
  found.pages = pages.size;
  return found;
}

/** With no hit one page is fetched all the same, chosen by the words and the day. (protocol §6) */
async function quietPage(
  conversation: Conversation,
  span: Span,
  epochs: ListedEpoch[],
  page: (epoch: number, k: number) => Promise<unknown>,
): Promise<void> {
  const all = epochs.sort((a, b) => a.epoch - b.epoch).flatMap(({ epoch, tags }) =>
    Array.from({ length: Math.ceil(tags.length / CELLS_PER_PAGE) }, (_, k) => [epoch, k] as const));
  if (!all.length) return;
  const key = await expand(conversation.master, labels.PAGE_WITHOUT_HIT);
  await page(...all[readUint(await mac(key, uint(span.last, 4)), 0, 4) % all.length]!);
}

/** Every day, slot and generation, and the carry quarters a letter may have been sealed to. */
async function match(
  notice: Notice,
  conversation: Conversation,
  days: number[],
  places: Map<string, Place[]>,
): Promise<Hit[]> {
  const hits: Hit[] = [];
  const tryDays = async (key: Bytes, days: number[], generation: number): Promise<void> => {
    const tagger = await macKey(await tagKey(key));
    for (const day of days) {
      const tags = await Promise.all(Array.from({ length: SLOTS }, (_, slot) => tagOf(tagger, day, slot)));
      tags.forEach((tag, slot) => {
        for (const place of places.get(name(tag)) ?? []) hits.push({ ...place, day, slot, key, generation });
      });
    }
  };
  if (!days.length || !places.size) return hits;
  const [first, last] = [days[0]!, days[days.length - 1]!];
  for (let generation = 0; generation < GENERATIONS; generation++) {
    let key = await conversationKey(conversation.master, generation, weekOf(first, notice.periodDays), notice.firstPeriod);
    for (let period = weekOf(first, notice.periodDays); period <= weekOf(last, notice.periodDays); period++) {
      await tryDays(key, days.filter((day) => weekOf(day, notice.periodDays) === period), generation);
      key = await mac(key, labels.NEXT);
    }
  }
  // A kit may have sealed to a listed quarter that is to come: that one is tried, none in between.
  const quarters = new Set([...notice.intake.keys()].filter((p) => p >= CARRY));
  const founded = carryOf(notice.firstPeriod * notice.periodDays);
  for (let q = Math.max(carryOf(first) - 4, founded); q <= carryOf(last); q++) quarters.add(q);
  for (const quarter of quarters) {
    await tryDays(await conversationKey(conversation.master, 0, quarter, notice.firstPeriod), days, 0);
  }
  return hits;
}

export const opened = (said: Said[], kind: CellKind = "opened"): number[] =>
  [...new Set(said.filter((s) => s.kind === kind).map((s) => s.day))].sort((a, b) => a - b);
