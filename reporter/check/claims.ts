// Claims about the reporter's side, each in one sentence, against an office invented here.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join as path } from "node:path";
import test from "node:test";
import { type Bytes, fromHex, hash, hex, join, random, uint, utf8 } from "../src/bytes.ts";
import { asArray, asBytes, type CborMap, decode, encode, NotCbor } from "../src/cbor.ts";
import { answersFrom, openCell } from "../src/cell.ts";
import {
  carryOf,
  checkIntakeKey,
  checkDays,
  checkReceipt,
  CLASSES,
  leafOf,
  type Manifest,
  openManifest,
  openNotice,
  periodFor,
  readDay,
  Refused,
  room,
} from "../src/envelope.ts";
import { inside, sealLetter } from "../src/letter.ts";
import { addressOf, bytesOf, meet } from "../src/office.ts";
import * as labels from "../src/labels.ts";
import { cleaned, NotCleaned } from "../src/pictures.ts";
import { CHUNK, chunkBytes, contentOf, fullPieces, kindOf, paddedCount, pieceBody } from "../src/pieces.ts";
import { demanded, solve } from "../src/puzzle.ts";
import { search } from "../src/reading.ts";
import { standIn } from "../src/subtle.ts";
import { base32, crc32, Frames, lines, parcelName } from "../src/symbols.ts";
import { encodeReport } from "../src/report.ts";
import {
  beginning,
  type Conversation,
  conversationFrom,
  conversationKey,
  draw,
  fold,
  LISTS,
  mailboxName,
  neighbours,
  pieces,
  spelled,
  groups,
  wordList,
  wordsIn,
} from "../src/words.ts";
import * as desk from "./office.ts";

const words = path(process.env.TEMOIN_REPORTER!, "../crates/seal/words");
const english = wordList(1, readFileSync(path(words, "en.txt"), "utf8").trim().split("\n"));
const french = wordList(2, readFileSync(path(words, "fr.txt"), "utf8").trim().split("\n"));

const DAY = 20_779;
const WEEK = Math.floor(DAY / 7);
const office = await desk.found(DAY, [WEEK, WEEK + 1, carryOf(DAY)]);
const root = await desk.publicOf(office.rootSeed);
const relay = await desk.publicOf(office.relaySeed);
const talk: Conversation = await conversationFrom(1, [0, 1, 2, 3, 4, 5, 6, 7, 1_295], office.mailbox);
const report = encodeReport({ narrative: "They came at night." });

const refuses = (work: Promise<unknown>, reason: string): Promise<void> =>
  assert.rejects(work, (e) => e instanceof Refused && e.reason === reason, `should be refused as ${reason}`);

const address = (period: number) => ({
  mailbox: office.mailbox,
  period,
  intakeKey: office.intake.get(period)!.key,
  firstPeriod: office.firstPeriod,
});
const open = (letter: Bytes, period = WEEK, by = period) =>
  desk.openLetter(letter, new Map([[period, office.intake.get(by)!.seed]]), office.mailbox);

// --- Words ----------------------------------------------------------------------------------

const spanish = wordList(3, readFileSync(path(words, "es.txt"), "utf8").trim().split("\n"));
const chinese = wordList(4, readFileSync(path(words, "zh.txt"), "utf8").trim().split("\n"));
const digits = wordList(5, groups());

test("no two words of a list are equal once case and accents are folded", () => {
  for (const list of [english, french, spanish, chinese, digits]) assert.equal(new Set(list.words.map(fold)).size, list.words.length);
});

test("words are drawn from the whole list and values that would favour some are drawn again", () => {
  const feed = [2 ** 32 - 1, 1_296, 0, 1_295, 1, 2, 3, 4, 5, 6];
  const indices = draw(1, (into) => (into[0] = feed.shift()!));
  assert.deepEqual(indices, [0, 0, 1_295, 1, 2, 3, 4, 5, 6]);
  assert.equal(draw(2, (into) => crypto.getRandomValues(into)).length, LISTS[2].drawn);
});

test("a word typed with capitals, blanks or without its accents is the same word", () => {
  assert.equal(french.index.get(fold("  ABSENCE ")), french.words.indexOf("absence"));
  const accented = french.words.findIndex((w) => w !== fold(w));
  assert.equal(french.index.get(fold(fold(french.words[accented]!))), accented);
  assert.equal(french.index.get(fold(french.words[accented]!.normalize("NFD"))), accented);
});

test("a mistyped word is named with its neighbours", () => {
  assert.ok(neighbours(english, "acornn").includes("acorn"));
  assert.deepEqual(beginning(english, "ac", 9), ["acid", "acorn", "acre", "acts"]);
  assert.equal(neighbours(english, "x".repeat(10_000_000)).length, 4);
});

test("the words typed into the report are counted, whole words only", () => {
  assert.equal(wordsIn("The ACID, and an acorn.", english, [0, 1, 2]), 2);
  assert.equal(wordsIn("acids", english, [0]), 0);
});

test("single characters and digits count only in a row, as their owner would type them", () => {
  const own = [10, 20, 30, 40, 50, 60, 70, 80, 90];
  const row = own.slice(2, 5).map((i) => chinese.words[i]).join("、");
  assert.equal(wordsIn(`他们来了：${row}`, chinese, own), 3);
  assert.equal(wordsIn(own.map((i) => chinese.words[i]).reverse().join(""), chinese, own), 0);
  assert.equal(wordsIn(`${digits.words[1]} ${digits.words[2]}`, digits, [1, 2, 3]), 2);
});

test("a list as the site serves it spells every word", () => {
  assert.deepEqual(spelled("0abacus2domen5inal0的0一"), ["abacus", "abdomen", "abdominal", "的", "一"]);
});

test("characters and digits need not stand apart when they are typed", () => {
  assert.deepEqual(pieces(4, "的一是"), ["的", "一", "是"]);
  assert.deepEqual(pieces(5, "00005-07945 99996"), ["00005", "07945", "99996"]);
  assert.deepEqual(pieces(1, " abacus,abdomen\nability "), ["abacus", "abdomen", "ability"]);
});

test("other words, another list or another office give another conversation", async () => {
  const masters = await Promise.all([
    conversationFrom(1, [0, 1, 2, 3, 4, 5, 6], office.mailbox),
    conversationFrom(2, [0, 1, 2, 3, 4, 5, 6], office.mailbox),
    conversationFrom(1, [0, 1, 2, 3, 4, 5, 6], new Uint8Array(16)),
  ]);
  assert.equal(new Set([talk, ...masters].map((c) => hex(c.master))).size, 4);
  assert.equal((await mailboxName(talk, english)).split(" ").length, 2);
});

test("a conversation key advances by one step a period and a carry quarter has its own", async () => {
  const [a, b] = await Promise.all([3, 4].map((p) => conversationKey(talk.master, 0, p, 3)));
  assert.notEqual(hex(a!), hex(b!));
  assert.equal(hex(await conversationKey(talk.master, 0, 4, 3)), hex(b!));
  assert.notEqual(hex(await conversationKey(talk.master, 1, 4, 3)), hex(b!));
  const carry = await conversationKey(talk.master, 0, carryOf(DAY), 3);
  assert.equal(hex(await conversationKey(talk.master, 1, carryOf(DAY), 900)), hex(carry));
});

// --- CBOR -----------------------------------------------------------------------------------

test("numbers take their shortest form and come back", () => {
  for (const n of [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    assert.equal(decode(encode(n)), n);
  }
  assert.equal(hex(encode([1, "é", fromHex("00ff"), null, new Map([["b", true], ["a", false]])])), "850162c3a94200fff6a26161f46162f5");
});

test("eight arrays and maps stand inside one another, and what the innermost holds is no ninth", () => {
  assert.doesNotThrow(() => decode(fromHex("81".repeat(8) + "00")));
  assert.doesNotThrow(() => decode(fromHex("a100".repeat(8) + "00")));
  assert.throws(() => decode(fromHex("a100".repeat(8) + "80")), NotCbor);
});

test("CBOR written in any second way is refused", () => {
  const bad = {
    "longer integer": "1817",
    "indefinite array": "9f01ff",
    "keys out of order": "a201000000",
    "key twice": "a200000000",
    "bytes after the end": "0000",
    "cut short": "4201",
    "lying length": "9b00000000ffffffff",
    "beyond exact numbers": "1bffffffffffffffff",
    "negative": "20",
    "tag": "c000",
    "float": "f90000",
    "not UTF-8": "61ff",
    "too deep": "81".repeat(9) + "00",
    "empty": "",
  };
  for (const [name, bytes] of Object.entries(bad)) assert.throws(() => decode(fromHex(bytes)), NotCbor, name);
});

// --- The letter -----------------------------------------------------------------------------

test("a letter opens with its office's key and says what was written", async () => {
  const letter = await sealLetter(address(WEEK), { report });
  assert.equal(letter.length, 4_096);
  const opened = await open(letter);
  assert.equal(hex(opened.report), hex(report));
  assert.equal(opened.talk, undefined);
});

test("a first letter carries the reply key, a later one its hash, both signed", async () => {
  const first = await open(
    await sealLetter(address(WEEK), { report, spoken: { conversation: talk, generation: 0, first: true } }),
  );
  assert.equal(hex(first.talk!.replyKey!), hex(talk.replyKey));
  const later = await open(
    await sealLetter(address(WEEK), { report, spoken: { conversation: talk, generation: 2, first: false }, acknowledged: DAY }),
  );
  assert.equal(hex(later.talk!.replyKeyHash!), hex(await hash(talk.replyKey)));
  assert.equal(later.talk!.replyKey, undefined);
  assert.equal(later.body.get(6), DAY);
});

test("letters have exactly the four sizes, one byte more moves to the next and too much is said", async () => {
  for (const [i, size] of CLASSES.entries()) {
    const around = (await inside(address(WEEK), { report: new Uint8Array(room(size) - 100) })).length - (room(size) - 100);
    const full = new Uint8Array(room(size) - around);
    assert.equal((await sealLetter(address(WEEK), { report: full })).length, size);
    const more = sealLetter(address(WEEK), { report: new Uint8Array(full.length + 1) });
    if (i < 3) assert.equal((await more).length, CLASSES[i + 1]);
    else await refuses(more, "too-large");
  }
});

test("an altered letter, a wrong key and a wrong period do not open", async () => {
  const letter = await sealLetter(address(WEEK), { report });
  for (const at of [5, 1_200, 4_095]) {
    const altered = letter.slice();
    altered[at]! ^= 1;
    await refuses(open(altered), "damaged");
  }
  await refuses(open(letter, WEEK, WEEK + 1), "damaged");
  await refuses(open(letter, WEEK + 1), "no-key");
  await refuses(open(letter.slice(0, -1)), "damaged");
  const future = letter.slice();
  future[0] = 2;
  await refuses(open(future), "too-new");
});

test("a report leaves out what was not said and normalises nothing but the form of letters", () => {
  assert.equal(hex(encodeReport({})), "a10001");
  const map = decode(encodeReport({
    narrative: " cafe\u0301\u202e ",
    acts: ["threat"],
    victims: { told: "", groups: [], best: 2 },
    consents: [{ purpose: "statistics", answer: "yes", identity: "none" }],
  })) as CborMap;
  assert.equal(map.get(2), "caf\u00e9\u202e");
  assert.deepEqual([...map.keys()], [0, 2, 5, 6, 10]);
});

// --- Notice, receipt, manifest ---------------------------------------------------------------

test("a good notice is believed and names the period of the day, or its carry quarter", async () => {
  const believed = await openNotice(await desk.notice(office, { firstDay: DAY - 1, lastDay: DAY + 33 }), root, DAY);
  assert.equal(believed.name, office.name);
  assert.equal(periodFor(believed, DAY), WEEK);
  assert.equal(periodFor(believed, DAY + 20), carryOf(DAY + 20));
  assert.throws(() => periodFor(believed, DAY + 400), (e) => e instanceof Refused && e.reason === "no-key");
  await checkIntakeKey(believed, WEEK, office.intake.get(WEEK)!.key);
  await refuses(checkIntakeKey(believed, WEEK, office.intake.get(WEEK + 1)!.key), "not-vouched");
});

test("a notice of another root, altered, unvouched, too long, old, early or too new is refused", async () => {
  const span = { firstDay: DAY, lastDay: DAY + 34 };
  const good = await desk.notice(office, span);
  await refuses(openNotice(good, random(32), DAY), "other-root");
  await refuses(openNotice(good, root, DAY + 35), "expired");
  await refuses(openNotice(good, root, DAY - 1), "not-yet");
  await openNotice(good, root, null);
  await refuses(openNotice(await desk.notice(office, { ...span, lastDay: DAY + 35 }), root, DAY), "wrong-span");
  await refuses(openNotice(await desk.notice(office, { ...span, vouching: 1 }), root, DAY), "not-vouched");
  await refuses(openNotice(await desk.notice(office, { ...span, version: 2 }), root, DAY), "too-new");
  const [body, signature, desks] = asArray(decode(good));
  const altered = asBytes(body).slice();
  altered[60]! ^= 1;
  await assert.rejects(openNotice(encode([altered, signature!, desks!]), root, DAY), Refused);
  await refuses(openNotice(utf8("<!doctype html>"), root, DAY), "malformed");
  const twice = asArray(desks)[0]!;
  await refuses(openNotice(encode([body!, signature!, [twice, twice]]), root, DAY), "not-vouched");
});

test("a notice by whose numbers nobody can work is refused, and their bounds are taken", async () => {
  const with_ = async (numbers: [number, number][]) =>
    openNotice(await desk.notice(office, { firstDay: DAY, lastDay: DAY + 34, numbers }), root, DAY);
  const last = Math.floor((DAY + 34) / 7);
  for (const [key, ...good] of [[10, 0, last], [11, 1], [14, 1, 2 ** 32 - 1], [15, 1, 1_048_576], [16, 1, 65_536]]) {
    for (const number of good) await with_([[key!, number]]);
  }
  await with_([[10, 0], [11, 366]]);
  for (const [key, ...bad] of [[10, last + 1], [11, 0, 367], [12, 2 ** 32], [14, 0, 2 ** 32], [15, 0, 1_048_577], [16, 0, 65_537]]) {
    for (const number of bad) await refuses(with_([[key!, number]]), "malformed");
  }
});

test("a receipt counts only for this letter, signed by the relay of the notice", async () => {
  const leaf = await leafOf(new Uint8Array(4_096), new Uint8Array(16));
  const good = await desk.receipt(office, leaf, 7);
  assert.equal(await checkReceipt(good, leaf, office.mailbox, relay), 7);
  await refuses(checkReceipt(good, random(32), office.mailbox, relay), "other-letter");
  await refuses(checkReceipt(good, leaf, random(16), relay), "unsigned");
  await refuses(checkReceipt(good, leaf, office.mailbox, root), "unsigned");
  await refuses(checkReceipt(good.slice(1), leaf, office.mailbox, relay), "malformed");
  await refuses(checkReceipt(join(uint(2, 1), good.slice(1)), leaf, office.mailbox, relay), "malformed");
  for (let at = 1; at < good.length; at += 7) {
    const bent = good.map((byte, i) => (i === at ? byte ^ 1 : byte));
    await assert.rejects(checkReceipt(bent, leaf, office.mailbox, relay), Refused, `byte ${at}`);
  }
});

test("a manifest counts only if the relay of this office signed it", async () => {
  const file = await desk.manifest(office, 3, DAY, 16);
  const believed = await openManifest(file, office.mailbox, relay);
  assert.deepEqual([believed.epoch, believed.day, believed.cells], [3, DAY, 16]);
  await refuses(openManifest(file, random(16), relay), "other-office");
  await refuses(openManifest(file, office.mailbox, root), "unsigned");
});

test("a day file gives back its epochs, and a cut one is damaged", () => {
  const file = desk.dayFile([{ epoch: 1, cells: [desk.dummyCell(), desk.dummyCell()] }, { epoch: 2, cells: [] }]);
  assert.deepEqual(readDay(file).map((e) => [e.epoch, e.tags.length]), [[1, 2], [2, 0]]);
  assert.deepEqual(readDay(new Uint8Array()), []);
  for (const cut of [3, 15, file.length - 1]) assert.throws(() => readDay(file.slice(0, cut)), Refused);
});

// --- Meeting the office -----------------------------------------------------------------------

const NOON = 43_200_000;
const at = (day: number): number => day * 86_400_000 + NOON;
const pinned = { root, mailbox: office.mailbox };

/** Runs against a server that has these files, and no other. */
async function served<T>(files: Record<string, Bytes>, work: () => Promise<T>): Promise<T> {
  const before = globalThis.fetch;
  globalThis.fetch = async (from) => {
    const found = files[String(from).replace("../", "")];
    return new Response(found, { status: found ? 200 : 404 });
  };
  try {
    return await work();
  } finally {
    globalThis.fetch = before;
  }
}

/** What a server shows whose newest manifest is of `day`. */
const shown = async (day: number): Promise<Record<string, Bytes>> => ({
  "office/notice": await desk.notice(office, { firstDay: DAY - 5, lastDay: DAY + 1 }),
  "board/newest": await desk.manifest(office, 3, day, 16),
  [`office/keys/${WEEK}`]: office.intake.get(WEEK)!.key,
});

test("an old notice repeated with its old manifest seals nothing until the person says that the clock is wrong", async () => {
  const frozen = await shown(DAY + 1);
  await served({ ...frozen, [`office/keys/${carryOf(DAY)}`]: office.intake.get(carryOf(DAY))!.key }, async () => {
    const inTime = await meet(pinned, at(DAY + 1));
    assert.equal(inTime.clocksApart, false);
    await addressOf(inTime, false);
    // The first morning after the notice, and months after it.
    for (const now of [(DAY + 2) * 86_400_000, at(DAY + 90)]) {
      const late = await meet(pinned, now);
      await refuses(addressOf(late, false), "clocks-apart");
      assert.equal((await addressOf(late, true)).mailbox.length, 16);
    }
  });
});

test("a clock more than a day from the newest manifest seals nothing until it is called wrong", async () => {
  await served(await shown(DAY), async () => {
    await addressOf(await meet(pinned, at(DAY)), false);
    await refuses(addressOf(await meet(pinned, at(DAY - 3)), false), "clocks-apart");
    await addressOf(await meet(pinned, at(DAY - 3)), true);
  });
});

test("a notice that ran out by the newest manifest, or without one by the clock, cannot be confirmed away", async () => {
  const files = await shown(DAY + 2);
  await served(files, () => refuses(meet(pinned, at(DAY)), "expired"));
  delete files["board/newest"];
  await served(files, () => refuses(meet(pinned, at(DAY + 2)), "expired"));
});

test("a notice for another mailbox of the same root is another office's", async () => {
  await served(await shown(DAY), () => refuses(meet({ root, mailbox: random(16) }, at(DAY)), "other-office"));
});

test("a server that sends without end is not listened to", async () => {
  let sent = 0;
  const endless = (): ReadableStream<Uint8Array> =>
    new ReadableStream({ pull: (into) => (sent++, into.enqueue(new Uint8Array(1_000))) });
  await refuses(bytesOf(new Response(endless()), 4_096), "malformed");
  assert.ok(sent < 10, `read ${sent} pieces`);
  assert.equal((await bytesOf(new Response(new Uint8Array(4_096)), 4_096)).length, 4_096);
  assert.equal((await bytesOf(new Response(null), 4_096)).length, 0);
});

// --- Answers ---------------------------------------------------------------------------------

const saying: desk.Saying = { kind: "answer", part: 0, parts: 1, text: "We have read it.", answer: 1 };
const c = await conversationKey(talk.master, 0, WEEK, office.firstPeriod);
const voice = await desk.publicOf(office.voiceSeed);
const known = { mailbox: office.mailbox, voices: [{ key: voice, firstDay: DAY - 30, lastDay: DAY + 30 }] };

test("an answer opens with the words and only under the voice in force on its day", async () => {
  const cell = await desk.sealCell(saying, { replyKey: talk.replyKey, key: c }, office.mailbox, office.voiceSeed, DAY, 3);
  assert.equal(cell.length, 4_096);
  assert.equal((await openCell(cell, talk, c, known, DAY, 3)).text, saying.text);
  await refuses(openCell(cell, talk, c, known, DAY, 4), "not-for-us");
  const gone = { ...known, voices: [{ key: voice, firstDay: DAY - 30, lastDay: DAY - 1 }] };
  await refuses(openCell(cell, talk, c, gone, DAY, 3), "not-the-office");
  const stranger = { ...known, voices: [{ key: relay, firstDay: DAY, lastDay: DAY }] };
  await refuses(openCell(cell, talk, c, stranger, DAY, 3), "not-the-office");
  const altered = cell.slice();
  altered[4_000]! ^= 1;
  await refuses(openCell(altered, talk, c, known, DAY, 3), "damaged");
  await refuses(openCell(join(uint(2, 1), cell.slice(1)), talk, c, known, DAY, 3), "too-new");
  await refuses(openCell(cell.slice(1), talk, c, known, DAY, 3), "malformed");
});

test("of two voices in force on a day only the one listed last speaks", async () => {
  const cell = await desk.sealCell(saying, { replyKey: talk.replyKey, key: c }, office.mailbox, office.voiceSeed, DAY, 3);
  const [ours, other] = [voice, relay].map((key) => ({ key, firstDay: DAY, lastDay: DAY }));
  await openCell(cell, talk, c, { ...known, voices: [other!, ours!] }, DAY, 3);
  await refuses(openCell(cell, talk, c, { ...known, voices: [ours!, other!] }, DAY, 3), "not-the-office");
});

test("a part, a count or a number that would wrap in what is signed is malformed", async () => {
  const wrong = [{ part: 65_536, parts: 65_537 }, { parts: 65_536 }, { answer: 2 ** 32 }, { part: 1 }, { parts: 0 }];
  for (const [slot, numbers] of wrong.entries()) {
    const to = { replyKey: talk.replyKey, key: c };
    const cell = await desk.sealCell({ ...saying, ...numbers }, to, office.mailbox, office.voiceSeed, DAY, slot);
    await refuses(openCell(cell, talk, c, known, DAY, slot), "malformed");
  }
});

test("of two cells for one part the first speaks, and the first of all says how many parts there are", () => {
  const cell = (part: number, parts: number, text: string) => ({ ...saying, part, parts, text, day: DAY });
  const [answer] = answersFrom([cell(0, 2, "a"), cell(0, 2, "changed"), cell(2, 3, "more"), cell(1, 3, "b")]);
  assert.deepEqual(answer!.parts, ["a", "b"]);
});

test("a reader finds an answer under a listed far carry quarter, however far it is", async () => {
  const far = 2 ** 32 - 1;
  const own = { ...office, intake: new Map([...office.intake, [far, office.intake.get(WEEK)!]]) };
  const notice = await openNotice(await desk.notice(own, { firstDay: DAY, lastDay: DAY + 3 }), root, DAY);
  const key = await conversationKey(talk.master, 0, far, office.firstPeriod);
  const cell = await desk.sealCell(saying, { replyKey: talk.replyKey, key }, office.mailbox, office.voiceSeed, DAY, 2);
  const cells = desk.sorted([cell, ...Array.from({ length: 15 }, desk.dummyCell)]);
  const list = desk.dayFile([{ epoch: 0, cells }]);
  const files = { [`board/days/${DAY}`]: list, "board/0/cells-0": join(...cells) };
  const newest = await signed(0, DAY, await desk.daysHash([[DAY, list]]));
  const found = await served(files, () => search({ notice, newest }, talk, { first: DAY, last: DAY }, () => undefined));
  assert.deepEqual(found.said.map((s) => s.text), [saying.text]);
});

const signed = async (epoch: number, day: number, days: Bytes): Promise<Manifest> =>
  openManifest(await desk.manifest(office, epoch, day, 16, days), office.mailbox, relay);

test("a day's list full of one tag costs sixteen looks, and a damaged or endless list refuses all of them", async () => {
  const notice = await openNotice(await desk.notice(office, { firstDay: DAY, lastDay: DAY + 3 }), root, DAY);
  const cell = await desk.sealCell(saying, { replyKey: talk.replyKey, key: c }, office.mailbox, office.voiceSeed, DAY, 2);
  const noise = desk.dayFile([{ epoch: 0, cells: Array.from({ length: 100_000 }, () => cell) }]);
  const newest = await signed(0, DAY, await desk.daysHash([[DAY, noise]]));
  const files: Record<string, Bytes> = { [`board/days/${DAY}`]: noise, "board/0/cells-0": new Uint8Array(32 * 4_096 + 1) };
  const look = () => served(files, () => search({ notice, newest }, talk, { first: DAY - 1, last: DAY }, () => undefined));
  const found = await look();
  assert.deepEqual([found.pages, found.refused.damaged, found.said.length], [1, 16, 0]);
  for (const bad of [new Uint8Array(13), new Uint8Array(12 + 8 * 2 ** 18), new Uint8Array()]) {
    files[`board/days/${DAY}`] = bad;
    await assert.rejects(look(), Refused);
  }
});

test("lists that do not lead are asked for once more, past what a browser keeps, and from 35 days earlier", async () => {
  const notice = await openNotice(await desk.notice(office, { firstDay: DAY, lastDay: DAY + 3 }), root, DAY);
  const list = (epoch: number) => desk.dayFile([{ epoch, cells: desk.sorted(Array.from({ length: 16 }, desk.dummyCell)) }]);
  // A clock went back 30 days: epoch 1 closed on the first of these days, and could not sign the second.
  const lists: [number, Bytes][] = [[DAY - 40, list(1)], [DAY - 20, list(0)], [DAY - 10, list(2)], [DAY, list(3)]];
  const through = async (n: number) => desk.daysHash(lists.slice(0, n));
  const manifests = [
    await desk.manifest(office, 0, DAY - 20, 16, await desk.daysHash([lists[1]!])),
    await desk.manifest(office, 1, DAY - 40, 16, await through(1)),
    await desk.manifest(office, 2, DAY - 10, 16, await through(3)),
  ];
  const newest = await signed(3, DAY, await through(4));
  const files: Record<string, Bytes> = {};
  for (const [day, file] of lists) files[`board/days/${day}`] = file;
  manifests.forEach((file, n) => (files[`board/${n}/manifest`] = file));
  const stale = list(7);
  const asked: [string, RequestCache | undefined][] = [];
  const look = (first: number, kept: Record<string, Bytes> = {}) => served(files, () => {
    const there = globalThis.fetch;
    asked.length = 0;
    globalThis.fetch = async (from, how) => {
      const path = String(from).replace("../", "");
      asked.push([path, how?.cache]);
      const found = how?.cache === "default" ? kept[path] : undefined;
      return found ? new Response(found) : there(from, how);
    };
    return search({ notice, newest }, talk, { first, last: DAY }, () => undefined);
  });
  const cache = (day: number) => asked.filter(([path]) => path === `board/days/${day}`).map(([, how]) => how);
  await look(DAY - 5);
  assert.deepEqual([cache(DAY - 5), cache(DAY)], [["default"], ["no-store"]]);
  await look(DAY - 12);
  assert.deepEqual(cache(DAY - 10), ["default", "reload"], "a window between the two days");
  assert.deepEqual(cache(DAY - 47), ["reload"]);
  await look(DAY - 45, { [`board/days/${DAY - 20}`]: stale });
  assert.deepEqual(cache(DAY - 20), ["default", "reload"]);
  // What does not lead then either is refused.
  files[`board/days/${DAY - 20}`] = stale;
  await refuses(look(DAY - 45), "lists");
  assert.deepEqual(cache(DAY - 20), ["default", "reload"]);
});

test("a reader takes 1,024 manifests on its way back, two days' worth of epochs besides, and no more", async () => {
  const newest = await signed(2_000, DAY, new Uint8Array(32));
  const file = desk.dayFile([{ epoch: 2_000, cells: [] }]);
  for (const [ahead, more, reason] of [
    [1_024, 0, undefined],
    [1_025, 0, "lists"],
    [1_456, 432.5, undefined],
    [1_457, 432.5, "lists"],
  ] as const) {
    const hashed = { ...newest, days: await desk.daysHash([[DAY, file]]) };
    const then = async (epoch: number): Promise<Manifest> =>
      ({ ...newest, epoch, days: new Uint8Array(32), day: epoch > 2_000 - ahead ? DAY + 1 : DAY - 1 });
    const read = checkDays([[DAY, file]], DAY, hashed, then, more);
    if (reason) await refuses(read, reason);
    else assert.equal((await read).length, 1);
  }
});

test("lists count only if they lead to what the newest manifest signs, and what came after it is left out", async () => {
  const cells = Array.from({ length: 2 }, desk.dummyCell);
  const lists = [0, 1, 2, 3].map((n) => [DAY + n, desk.dayFile([{ epoch: n, cells }])] as [number, Bytes]);
  const manifests = await Promise.all(lists.map(async (_, n) => signed(n, DAY + n, await desk.daysHash(lists.slice(0, n + 1)))));
  const read = (given: [number, Bytes][], first = DAY, newest = manifests[3]!) =>
    checkDays(given, first, newest, async (epoch) => manifests[epoch]!, 0).then((epochs) => epochs.map((e) => e.epoch));
  assert.deepEqual(await read(lists), [0, 1, 2, 3]);
  assert.deepEqual(await read(lists.slice(2), DAY + 2), [2, 3]);
  assert.deepEqual(await read(lists, DAY, manifests[1]), [0, 1]);
  assert.deepEqual(await read([], DAY + 4), []);
  const grown = join(lists[3]![1], desk.dayFile([{ epoch: 4, cells }]));
  assert.deepEqual(await read([...lists.slice(0, 3), [DAY + 3, grown]]), [0, 1, 2, 3]);
  const bent = lists[1]![1].map((byte, i) => (i === 13 ? byte ^ 1 : byte));
  await refuses(read([lists[0]!, [DAY + 1, bent], lists[2]!, lists[3]!]), "lists");
  for (const hidden of [0, 1, 2, 3]) await refuses(read(lists.filter((_, n) => n !== hidden)), "lists");
  await refuses(read([]), "lists");
  // A manifest of another number that leads there all the same was signed for that.
  const invented = await signed(7, DAY, manifests[1]!.days);
  await refuses(checkDays(lists.slice(2), DAY + 2, manifests[3]!, async () => invented, 0), "lists");
});

test("an answer in parts is joined once, whatever the order and the copies", () => {
  const part = (n: number, text: string, day = DAY) => ({ ...saying, part: n, parts: 2, text, day });
  const joined = answersFrom([part(1, "b"), part(0, "a", DAY + 1), part(1, "b", DAY + 2)]);
  assert.deepEqual(joined, [{ number: 1, day: DAY, parts: ["a", "b"] }]);
  assert.deepEqual(answersFrom([part(1, "b")])[0]!.parts, [null, "b"]);
});

// --- Carried by hand (protocol §11) ----------------------------------------------------------

test("frames and lines are those a courier's program gathers", async () => {
  const letter = Uint8Array.from({ length: 4_112 }, (_, n) => (n * 7) % 251) as Bytes;
  const frames = await Frames.of(letter);
  const shown = [0, 20, 21, 1_000, 0xffff_ffff].map((seed) => frames.frame(seed)).join("");
  // crates/carry/src/symbols.rs names the same digest.
  assert.equal(hex(await hash(`${shown}\n${(await lines(letter)).join("\n")}`)), "634bfe50d001b6a5131979e44cbd4b3299921761c23749216bb4dd9f1f72632f");
  assert.equal(frames.count, 21);
});

test("base 32 and CRC-32 are those of their standards", () => {
  assert.deepEqual(["", "f", "fo", "foo", "foob", "fooba", "foobar"].map((text) => base32(utf8(text))),
    ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"]);
  assert.equal(crc32(utf8("123456789")), 0xcbf4_3926);
});

test("a parcel's name is one that FAT keeps as it is", () => {
  for (let n = 0; n < 100; n++) assert.match(parcelName(random(8)), /^[A-Z2-7]{8}\.BIN$/);
});

// --- Files ---------------------------------------------------------------------------------

test("counts of pieces are rounded as Padmé rounds them, and a rounded count stays", () => {
  const rounded = [[1, 1], [2, 2], [3, 3], [8, 8], [9, 10], [16, 16], [17, 18], [100, 104], [1_000, 1_024], [8_455, 8_704]];
  for (const [full, padded] of rounded) assert.equal(paddedCount(full! * CHUNK), padded);
  for (let n = 1; n < 5_000; n++) {
    const padded = paddedCount(n * CHUNK);
    assert.ok(padded >= n && padded * 8 <= n * 9, String(n));
    assert.equal(paddedCount(padded * CHUNK), padded);
  }
  assert.throws(() => paddedCount(0), { reason: "empty" });
});

test("pieces of a file, in any order and repeated, give it back, and an altered one never does", async () => {
  const file = new Uint8Array(2 * CHUNK + 9).map((_, i) => i % 251);
  const chunks = Array.from({ length: fullPieces(file.length) }, (_, n) => file.slice(n * CHUNK, n * CHUNK + chunkBytes(file.length, n)));
  const as = { content: await contentOf(await Promise.all(chunks.map((c) => hash(c)))), size: file.length, file: random(16) };
  const of = { ...as, pieces: 3 };
  const came = chunks.map((chunk, n) => desk.readPiece(pieceBody(as, n, chunk)));
  const told = async (pieces: desk.OpenedPiece[]): Promise<string> => (await desk.reassemble(of, pieces)).outcome;
  assert.equal(await told([came[2]!, came[0]!, came[2]!, came[1]!]), "complete");
  assert.equal(await told([came[0]!, came[1]!]), "incomplete");
  assert.equal(await told([{ ...came[0]!, number: 1 }, { ...came[1]!, number: 0 }, came[2]!]), "other-content");
  assert.throws(() => pieceBody(as, 1, chunks[2]!), { reason: "other-chunk" });
});

const planted = "Kinshasa 4.32S 15.31E";
const segment = (code: number, body: Uint8Array | string): Bytes => {
  const bytes = join(body);
  return join(Uint8Array.of(0xff, code), uint(bytes.length + 2, 2), bytes);
};

test("nothing but the picture stays in a JPEG, wherever it was hidden, and a cut one is not called clean", () => {
  const scan = join(segment(0xda, "\x01\x02"), Uint8Array.of(0x12, 0xff, 0, 0x34, 0xff, 0xd0, 0x56));
  const jpeg = (head: Bytes, between: Bytes, after: Bytes): Bytes =>
    join(Uint8Array.of(0xff, 0xd8), head, segment(0xdb, new Uint8Array(65)), scan, between, scan, Uint8Array.of(0xff, 0xd9), after);
  const none = new Uint8Array();
  const clean = jpeg(none, none, none);
  assert.deepEqual(cleaned("image/jpeg", clean), clean);
  const hidden = join(segment(0xe1, `Exif\0\0${planted}`), segment(0xe0, `JFIF\0${planted}`), segment(0xfe, planted));
  for (const dirty of [jpeg(hidden, none, none), jpeg(none, hidden, none), jpeg(none, none, hidden), jpeg(none, none, join(planted))]) {
    assert.deepEqual(cleaned("image/jpeg", dirty), clean);
  }
  for (let at = 0; at < clean.length - 1; at++) assert.throws(() => cleaned("image/jpeg", clean.slice(0, at)), NotCleaned);
});

test("nothing but the picture stays in a PNG and in a WebP, whose flags promise no more", () => {
  const chunk = (kind: string, body: Uint8Array | string): Bytes => join(uint(join(body).length, 4), kind, body, uint(0, 4));
  const png = (more: Bytes): Bytes => join(fromHex("89504e470d0a1a0a"), chunk("IHDR", new Uint8Array(13)), more, chunk("IDAT", "x"), chunk("IEND", ""));
  for (const kind of ["tEXt", "iTXt", "eXIf", "tIME", "iCCP", "prVt"]) {
    const dirty = join(png(chunk(kind, planted)), planted);
    assert.deepEqual(cleaned("image/png", dirty), png(new Uint8Array()));
  }
  assert.throws(() => cleaned("image/png", png(new Uint8Array()).slice(0, -1)), NotCleaned);
  const little = (n: number): Bytes => uint(n, 4).reverse();
  const riff = (kind: string, body: Uint8Array | string): Bytes => join(kind, little(join(body).length), body, new Uint8Array(join(body).length % 2));
  const webp = (...chunks: Bytes[]): Bytes => join("RIFF", little(join(...chunks).length + 4), "WEBP", ...chunks);
  const head = (flags: number): Bytes => riff("VP8X", Uint8Array.of(flags, 0, 0, 0, 0, 0, 0, 0, 0, 0));
  const dirty = webp(head(0b0010_1100), riff("ICCP", planted), riff("VP8L", "abc"), riff("EXIF", planted), riff("XMP ", planted), riff("secr", planted));
  assert.deepEqual(cleaned("image/webp", dirty), webp(head(0), riff("VP8L", "abc")));
  assert.deepEqual([kindOf(dirty), kindOf(png(new Uint8Array())), kindOf(join("<html>"))], ["image/webp", "image/png", undefined]);
});

test("what browsers without WebCrypto are brought does what WebCrypto does", async () => {
  const native = crypto.subtle;
  assert.ok(standIn());
  const brought = crypto.subtle;
  Reflect.deleteProperty(crypto, "subtle");
  assert.equal(crypto.subtle, native);
  const both = async (work: (by: SubtleCrypto) => Promise<ArrayBuffer>): Promise<void> => {
    const [theirs, ours] = [await work(native), await work(brought)].map((bytes) => hex(new Uint8Array(bytes)));
    assert.equal(ours, theirs);
  };
  for (const length of [0, 1, 15, 16, 17, 63, 64, 65, 1_000]) {
    // A view into a larger buffer is its own bytes and no more.
    const [text, key, salt] = [random(length + 8).subarray(8), random(32), random(length)];
    for (const name of ["SHA-256", "SHA-512"]) await both((by) => by.digest(name, text));
    const hmac = { name: "HMAC", hash: "SHA-256" };
    await both(async (by) => by.sign("HMAC", await by.importKey("raw", key, hmac, false, ["sign"]), text));
    const hkdf = { name: "HKDF", hash: "SHA-256", salt, info: text };
    await both(async (by) => by.deriveBits(hkdf, await by.importKey("raw", key, "HKDF", false, ["deriveBits"]), 256));
    const words = { name: "PBKDF2", hash: "SHA-512", salt, iterations: 3 };
    await both(async (by) => by.deriveBits(words, await by.importKey("raw", key, "PBKDF2", false, ["deriveBits"]), 256));
    const gcm = { name: "AES-GCM", iv: random(12), additionalData: salt };
    const keyOf = (by: SubtleCrypto): Promise<CryptoKey> => by.importKey("raw", key, "AES-GCM", false, ["encrypt", "decrypt"]);
    await both(async (by) => by.encrypt(gcm, await keyOf(by), text));
    const sealed = new Uint8Array(await native.encrypt(gcm, await keyOf(native), text));
    await both(async (by) => by.decrypt(gcm, await keyOf(by), sealed));
    sealed[0]! ^= 1;
    await assert.rejects(async () => brought.decrypt(gcm, await keyOf(brought), sealed));
  }
});

test("a puzzle's answer is the first that is good, and the page lives while it is sought", async () => {
  const [mailbox, leaf] = [random(16), random(32)];
  const bits = async (n: number): Promise<number> => Math.clz32(new DataView((await hash(labels.PUZZLE, mailbox, leaf, uint(n, 8))).buffer).getInt32(0));
  const found = await solve(mailbox, leaf, 9);
  const number = parseInt(found!, 16);
  assert.equal(found, hex(uint(number, 8)));
  assert.ok((await bits(number)) >= 9);
  for (let n = 0; n < number; n++) assert.ok((await bits(n)) < 9);
  // Sought for ever, it gives way to what the page has to do, and stops when it is told to.
  let turns = 0;
  const ticking = setInterval(() => turns++, 0);
  assert.equal(await solve(mailbox, leaf, 32, () => turns > 2), undefined);
  clearInterval(ticking);
});

test("only a demand that anybody works for is one", () => {
  assert.equal(demanded("18"), 18);
  assert.equal(demanded("22"), 22);
  for (const header of [null, "", "0", "23", "99", "100", "1e1", "-1", "+1", "01", " 1", "1.0", "x"]) assert.equal(demanded(header), undefined);
});
