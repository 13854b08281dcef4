// Writes letters and cells sealed by the script, as vectors for the other side to open.
//
//   node check/run.mjs seal-vectors <folder> [inputs.json]
//
// Without inputs the fixed ones below are used. Inputs, all optional, bytes in hex:
//   { "mailbox", "period", "firstPeriod", "intakeSeed", "list", "indices": [..], "report", "day", "slot" }
// Encapsulation draws fresh randomness, so the files differ from run to run; what they mean does not.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join as path } from "node:path";
import { type Bytes, fromHex, hash, hex, join, uint } from "../src/bytes.ts";
import { carryOf } from "../src/envelope.ts";
import { signAsync } from "@noble/ed25519";
import { handover } from "../src/handover.ts";
import { type Address, sealLetter, type Spoken, type Writing } from "../src/letter.ts";
import { contentOf, sealPiece } from "../src/pieces.ts";
import { encodeReport } from "../src/report.ts";
import { conversationFrom, conversationKey, type ListNumber } from "../src/words.ts";
import { keyPair, publicOf, type Saying, sealCell } from "./office.ts";

const folder = process.argv[3];
if (!folder) {
  console.error("name the folder to write to");
  process.exit(2);
}
const given: Record<string, unknown> = process.argv[4] ? JSON.parse(readFileSync(process.argv[4], "utf8")) : {};
const bytes = (name: string, otherwise: Bytes): Bytes => (name in given ? fromHex(String(given[name])) : otherwise);
const number = (name: string, otherwise: number): number => Number(given[name] ?? otherwise);

const mailbox = bytes("mailbox", join("sixteen bytes id"));
const day = number("day", 20_779);
const period = number("period", Math.floor(day / 7));
const firstPeriod = number("firstPeriod", period - 8);
const seed = bytes("intakeSeed", new Uint8Array(32).fill(0x21));
const list = number("list", 1) as ListNumber;
const indices = (given.indices as number[] | undefined) ?? [0, 1_295, 1, 777, 336, 300, 65, 2, 64];
const slot = number("slot", 3);

const intakeKey = await keyPair(seed);
const conversation = await conversationFrom(list, indices, mailbox);
const report = bytes("report", encodeReport({
  language: "fr",
  narrative: "Ils sont venus à l’aube. Дверь была открыта. 他们拿走了电话。",
  when: { told: "mardi, vers cinq heures", first: "2026-11-17", last: "2026-11-17", precision: "day" },
  where: { told: "chez moi", country: "FR" },
  acts: ["premises-raid", "equipment-seizure"],
  victims: { told: "moi et ma sœur", groups: ["hrd"], best: 2 },
  perpetrators: { told: "six hommes", codes: ["state-police"] },
  relation: "self",
  consents: [{ purpose: "statistics", answer: "yes", identity: "none" }],
  safety: "Ne pas appeler.",
  urgency: "past",
  channel: "page",
}));

function write(kind: string, name: string, fields: [string, string | number][]): void {
  const file = path(folder!, kind, `${name}.txt`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, fields.map(([key, value]) => `${key}: ${value}\n`).join(""));
}

async function letter(name: string, note: string, to: number, writing: Writing): Promise<void> {
  const address: Address = { mailbox, period: to, intakeKey, firstPeriod };
  const { spoken } = writing;
  const key = spoken && (await conversationKey(spoken.conversation.master, spoken.generation, to, firstPeriod));
  write("letter", name, [
    ["expect", "opens"],
    ["kind", "letter"],
    ["note", note],
    ["mailbox", hex(mailbox)],
    ["keys", `${to}:${hex(seed)}`],
    ["letter", hex(await sealLetter(address, writing))],
    ["report", hex(writing.report)],
    ["sealed-by", 0],
    ["signing-key", spoken ? hex(spoken.conversation.signingKey) : ""],
    ["reply-key-hash", spoken ? hex(spoken.conversation.replyKeyHash) : ""],
    ["conversation-key", key ? hex(key) : ""],
  ]);
}

const spoken = (first: boolean, generation = 0): Spoken => ({ conversation, generation, first });
await letter("first_letter", "a first letter as the page seals it", period, { report, spoken: spoken(true) });
await letter("later_letter", "a later letter, with manifest and acknowledgement", period, {
  report,
  spoken: spoken(false, 1),
  newestManifest: await hash("a manifest"),
  acknowledged: day - 2,
});
await letter("without_words", "a letter without words", period, { report });
await letter("by_carry_key", "no week in force: the page seals to the quarter", carryOf(day), { report, spoken: spoken(true) });
await letter("second_class", "a text too long for 4 KiB takes 16", period, {
  report: encodeReport({ narrative: "Long récit. ".repeat(400) }),
});

/** A change of words, as the page seals it. */
async function change(name: string, note: string, to: number, told: Bytes, more: Partial<Writing> = {}): Promise<void> {
  const address: Address = { mailbox, period: to, intakeKey, firstPeriod };
  const chosen = [9, 8, 7, 6, 5, 4, 3, 2, 1];
  const next = await conversationFrom(1, chosen, mailbox);
  const map = await handover(address, conversation, next, { key: conversationKey, sign: signAsync });
  const letter = await sealLetter(address, { report: told, spoken: { conversation, generation: 0, first: false }, handover: map, ...more });
  const former = await hash(conversation.signingKey, conversation.replyKeyHash);
  const nextKey = await conversationKey(next.master, 0, to, firstPeriod);
  write("handover", name, [
    ["expect", "opens"],
    ["kind", "handover"],
    ["note", note],
    ["mailbox", hex(mailbox)],
    ["keys", `${to}:${hex(seed)}`],
    ["letter", hex(letter)],
    ["old-words", [list, ...indices].join(":")],
    ["new-words", [1, ...chosen].join(":")],
    ["first-period", firstPeriod],
    ["report", hex(told)],
    ["signing-key", hex(conversation.signingKey)],
    ["reply-key-hash", hex(conversation.replyKeyHash)],
    ["conversation-key", hex(await conversationKey(conversation.master, 0, to, firstPeriod))],
    ["generation", 0],
    ["new-signing-key", hex(next.signingKey)],
    ["new-reply-key-hash", hex(next.replyKeyHash)],
    ["new-conversation-key", hex(nextKey)],
    // Written here once more, so that the two say the same.
    ["signed-by-the-new", hex(join("temoin/1/handover", mailbox, uint(to, 4), former, next.replyKeyHash, nextKey))],
    ["letter-bytes", letter.length],
  ]);
}
await change("without_text", "new words, and nothing else is said", period, encodeReport({ language: "fr", channel: "page" }), {
  newestManifest: await hash("a manifest"),
  acknowledged: day - 2,
});
await change("by_carry_key", "no week in force: the words are changed by way of the quarter", carryOf(day), encodeReport({}));

const chunk = join("ce que l’appareil a vu");
const kept = { content: await contentOf([await hash(chunk)]), size: chunk.length, file: join("sixteen bytes of") };
const sealedPiece = await sealPiece({ mailbox, period, intakeKey, firstPeriod }, kept, 0, chunk);
write("piece", "one_small_chunk", [
  ["expect", "opens"],
  ["kind", "piece"],
  ["note", "a piece as the page seals it"],
  ["mailbox", hex(mailbox)],
  ["keys", `${period}:${hex(seed)}`],
  ["letter", hex(sealedPiece)],
  ["file", hex(kept.file)],
  ["number", 0],
  ["count", 1],
  ["chunk-hash", hex(await hash(chunk))],
]);

const voiceSeed = new Uint8Array(32).fill(0x56);
const voice = hex(await publicOf(voiceSeed));
const c = await conversationKey(conversation.master, 0, Math.floor(day / 7), firstPeriod);
async function cell(name: string, note: string, saying: Saying): Promise<void> {
  write("cell", name, [
    ["expect", "opens"],
    ["kind", "cell"],
    ["note", note],
    ["mailbox", hex(mailbox)],
    ["reply-seed", hex(conversation.replySeed)],
    ["conversation-key", hex(c)],
    ["day", day],
    ["slot", slot],
    ["voices", `${voice}:${day}:${day}`],
    ["cell", hex(await sealCell(saying, { replyKey: conversation.replyKey, key: c }, mailbox, voiceSeed, day, slot))],
    ["token", ""],
    ["cell-kind", saying.kind === "answer" ? 1 : 0],
    ["part", saying.part],
    ["parts", saying.parts],
    ["answer", saying.answer],
    ["text-utf8", hex(join(saying.text))],
  ]);
}
await cell("answer", "an answer sealed by the script", { kind: "answer", part: 0, parts: 1, text: "Nous avons lu votre lettre. ✓", answer: 1 });
await cell("opened", "the sign that a letter was opened", { kind: "opened", part: 0, parts: 1, text: "", answer: 0 });
