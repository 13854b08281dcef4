// Walks the folder of vectors and checks the claim of every file. A kind or an expectation that is
// not known here fails: nothing is skipped. (vectors/README.md)

import { readdirSync, readFileSync } from "node:fs";
import { join as path, relative } from "node:path";
import { XWing } from "@hpke/hybridkem-x-wing";
import { type Bytes, expand, fromHex, hash, hex, join, macKey, readUint, same } from "../src/bytes.ts";
import { decode, NotCbor, type Value } from "../src/cbor.ts";
import { openCell, tagKey, tagOf } from "../src/cell.ts";
import { checkDays, checkReceipt, dummyLeaf, openManifest, openNotice, periodFor, Refused } from "../src/envelope.ts";
import * as labels from "../src/labels.ts";
import { demanded, solve, tokenOf } from "../src/puzzle.ts";
import { standIn } from "../src/subtle.ts";
import { conversationFrom, conversationKey, DIGITS, fold, groups, LISTS, type ListNumber, mailboxName, pieces, type WordList, wordList } from "../src/words.ts";
import { keyPair, openLetter, type OpenedPiece, openPiece, readAttachment, readPiece, readReport, reassemble } from "./office.ts";

const home = process.env.TEMOIN_REPORTER!;
// Read once more by the cryptography that browsers without any are brought.
const pure = process.argv.includes("--pure");
if (pure && !(standIn() && !/native/.test(String(crypto.subtle.digest)))) throw new Error("WebCrypto is still there");
const folder = process.argv.slice(3).find((given) => !given.startsWith("--")) ?? path(home, "../vectors");

/** The fields of a file; asking for one that is not there fails the file. */
class Given {
  readonly #fields = new Map<string, string>();
  readonly #asked = new Set<string>();

  constructor(text: string) {
    for (const line of text.split("\n").filter((l) => l !== "")) {
      const cut = line.indexOf(":");
      if (cut < 1) throw new Error(`not a field: ${line.slice(0, 60)}`);
      this.#fields.set(line.slice(0, cut), line.slice(cut + 1).trim());
    }
  }

  text(name: string): string {
    const value = this.#fields.get(name);
    if (value === undefined) throw new Error(`no field ${name}`);
    this.#asked.add(name);
    return value;
  }

  has = (name: string): boolean => this.#fields.has(name);
  bytes = (name: string): Bytes => fromHex(this.text(name));
  number = (name: string): number => Number(this.text(name));

  /** Items of a list, each of them parts. */
  items = (name: string): string[][] =>
    this.text(name) === "" ? [] : this.text(name).split(",").map((item) => item.split(":"));

  /** Fields nobody looked at: a claim that was not checked. */
  unread = (): string[] => [...this.#fields.keys()].filter((name) => !this.#asked.has(name));
}

/** What came out, by field name; compared with the fields of the same names. */
type Outcome = Record<string, string | number>;

const utf8Hex = (text: string): string => hex(join(text));

const pieceTold = async ({ file, number, count, chunk }: OpenedPiece): Promise<Outcome> =>
  ({ file: hex(file), number, count, "chunk-hash": hex(await hash(chunk)) });

/** CBOR, or malformed as everything of this protocol is. */
function asValue(bytes: Bytes): Value {
  try {
    return decode(bytes);
  } catch (problem) {
    throw problem instanceof NotCbor ? new Refused("malformed") : problem;
  }
}

const listOf = (number: ListNumber): WordList =>
  wordList(number, number === DIGITS ? groups() : readFileSync(path(home, `../crates/seal/words/${LISTS[number].file}.txt`), "utf8").trim().split("\n"));

const kinds: Record<string, (given: Given) => Promise<[string, Outcome]>> = {
  async kem(given) {
    const [seed, ct] = [given.bytes("seed"), given.bytes("ct")];
    const kem = new XWing();
    const recipientKey = await kem.importKey("raw", seed.buffer, false);
    const ss = new Uint8Array(await kem.decap({ recipientKey, enc: ct }));
    return ["agrees", { pk: hex(await keyPair(seed)), ss: hex(ss) }];
  },

  async words(given) {
    const number = given.number("list") as ListNumber;
    const raw = given.bytes("indices");
    const indices = Array.from({ length: raw.length / 2 }, (_, i) => readUint(raw, 2 * i, 2));
    const list = listOf(number);
    const talk = await conversationFrom(number, indices, given.bytes("mailbox"));
    const c = await conversationKey(talk.master, given.number("generation"), given.number("period"), given.number("first-period"));
    return ["derives", {
      "signing-key": hex(talk.signingKey),
      "reply-key-hash": hex(talk.replyKeyHash),
      "conversation-key": hex(c),
      "mailbox-name": await mailboxName(talk, list),
    }];
  },

  async typed(given) {
    const list = listOf(given.number("list") as ListNumber);
    const words = pieces(list.number, new TextDecoder().decode(given.bytes("typed-utf8")));
    const { drawn } = LISTS[list.number];
    if (words.length !== drawn) return ["other-count", { expected: drawn }];
    const indices = words.map((word) => list.index.get(fold(word)));
    const place = indices.indexOf(undefined);
    if (place >= 0) return ["not-in-list", { place }];
    return ["reads", { "words-utf8": utf8Hex(indices.map((i) => list.words[i!]).join(" ")) }];
  },

  async tag(given) {
    const c = given.bytes("conversation-key");
    const tag = await tagOf(await macKey(await tagKey(c)), given.number("day"), given.number("slot"));
    return ["derives", { tag: hex(tag), psk: hex(await expand(c, labels.CELL_PSK)) }];
  },

  async leaf(given) {
    const nonce = given.bytes("nonce");
    const leaf = await hash(new Uint8Array(1), given.bytes("letter-hash"), nonce);
    return ["derives", { leaf: hex(leaf), dummy: hex(await dummyLeaf(nonce)) }];
  },

  async letter(given) {
    const seeds = new Map(given.items("keys").map(([period, seed]) => [Number(period), fromHex(seed!)]));
    const opened = await openLetter(given.bytes("letter"), seeds, given.bytes("mailbox"));
    return ["opens", {
      report: hex(opened.report),
      "sealed-by": opened.sealedBy,
      "signing-key": opened.talk ? hex(opened.talk.signingKey) : "",
      "reply-key-hash": opened.talk ? hex(opened.talk.replyKeyHash) : "",
      "conversation-key": opened.talk ? hex(opened.talk.key) : "",
    }];
  },

  async handover(given) {
    const [[period, seed]] = given.items("keys") as [[string, string]];
    const mailbox = given.bytes("mailbox");
    const letter = given.bytes("letter");
    const { report, talk, handover } = await openLetter(letter, new Map([[Number(period), fromHex(seed)]]), mailbox);
    if (!talk || !handover) throw new Error("no handover");
    // The words themselves give what the letter says of them.
    const named = async (name: string) => {
      const [list, ...indices] = given.items(name)[0]!.map(Number);
      return conversationFrom(list as ListNumber, indices, mailbox);
    };
    const [old, next] = [await named("old-words"), await named("new-words")];
    const first = given.number("first-period");
    return ["opens", {
      report: hex(report),
      "signing-key": hex(same(old.signingKey, talk.signingKey) ? talk.signingKey : new Uint8Array()),
      "reply-key-hash": hex(talk.replyKeyHash),
      "conversation-key": hex(await conversationKey(old.master, talk.generation, Number(period), first)),
      "generation": talk.generation,
      "new-signing-key": hex(same(next.signingKey, handover.signingKey) ? next.signingKey : new Uint8Array()),
      "new-reply-key-hash": hex(await hash(handover.replyKey)),
      "new-conversation-key": hex(await conversationKey(next.master, 0, Number(period), first)),
      "signed-by-the-new": hex(handover.signed),
      "letter-bytes": letter.length,
    }];
  },

  async piece(given) {
    const seeds = new Map(given.items("keys").map(([period, seed]) => [Number(period), fromHex(seed!)]));
    return ["opens", await pieceTold(await openPiece(given.bytes("letter"), seeds, given.bytes("mailbox")))];
  },

  async "piece-body"(given) {
    return ["reads", await pieceTold(readPiece(given.bytes("body")))];
  },

  async attachment(given) {
    const items = given.items("pieces");
    const of = readAttachment(asValue(given.bytes("announced")));
    const came = items.map(([file, number, count, byte, length]) => {
      const chunk = new Uint8Array(Number(length)).fill(Number(byte));
      return { file: fromHex(file!), number: Number(number), count: Number(count), chunk };
    });
    const { outcome, arrived, of: full } = await reassemble(of, came);
    return [outcome, { arrived: `${arrived} of ${full}` }];
  },

  async cell(given) {
    const replySeed = given.bytes("reply-seed");
    const replyKeyHash = await hash(await keyPair(replySeed));
    const voices = given.items("voices").map(([key, first, last]) => ({
      key: fromHex(key!),
      firstDay: Number(first),
      lastDay: Number(last),
    }));
    const office = { mailbox: given.bytes("mailbox"), voices };
    const [day, slot] = [given.number("day"), given.number("slot")];
    const cell = given.bytes("cell");
    const said = await openCell(cell, { replySeed, replyKeyHash }, given.bytes("conversation-key"), office, day, slot).catch((e) => {
      // A cell whose tag is ours but which does not open is told apart here, to say so to the
      // reader; the vectors call both "not for us".
      throw e instanceof Refused && e.reason === "damaged" ? new Refused("not-for-us") : e;
    });
    return ["opens", {
      "cell-kind": said.kind === "answer" ? 1 : 0,
      part: said.part,
      parts: said.parts,
      answer: said.answer,
      "text-utf8": utf8Hex(said.text),
      token: hex(said.token ?? new Uint8Array()),
    }];
  },

  async token(given) {
    const token = await tokenOf(new TextDecoder().decode(given.bytes("typed-utf8")));
    if (!token) return ["refused", {}];
    return ["reads", { token: hex(token), "token-hash": hex(await hash(labels.TOKEN, token)) }];
  },

  async puzzle(given) {
    const bits = demanded(given.text("demand"));
    const [mailbox, leaf] = [given.bytes("mailbox"), given.bytes("leaf")];
    return bits === undefined ? ["refused", {}] : ["solved", { answer: (await solve(mailbox, leaf, bits))! }];
  },

  async receipt(given) {
    const epoch = await checkReceipt(given.bytes("receipt"), given.bytes("leaf"), given.bytes("mailbox"), given.bytes("relay-key"));
    return ["holds", { epoch }];
  },

  async manifest(given) {
    const manifest = await openManifest(given.bytes("manifest"), given.bytes("mailbox"), given.bytes("relay-key"));
    return ["holds", { epoch: manifest.epoch, hash: hex(manifest.hash) }];
  },

  async days(given) {
    const signed = (file: Bytes) => openManifest(file, given.bytes("mailbox"), given.bytes("relay-key"));
    const lists = given.items("lists").map(([day, list]) => [Number(day), fromHex(list!)] as const);
    const before = await Promise.all(given.items("before").map(([file]) => signed(fromHex(file!))));
    const epochs = await checkDays(lists, given.number("first"), await signed(given.bytes("newest")), async (epoch) => {
      const then = before.find((manifest) => manifest.epoch === epoch);
      if (!then) throw new Refused("lists");
      return then;
    }, 0);
    return ["leads", { epochs: epochs.map(({ epoch }) => epoch).join() }];
  },

  async notice(given) {
    const day = given.number("day");
    const notice = await openNotice(given.bytes("notice"), given.bytes("root"), day);
    return ["holds", { "name-utf8": utf8Hex(notice.name), period: periodFor(notice, day) }];
  },

  async report(given) {
    return ["reads", { "narrative-utf8": utf8Hex(readReport(given.bytes("report"))) }];
  },
};

async function check(file: string): Promise<string | undefined> {
  const given = new Given(readFileSync(file, "utf8"));
  const expected = given.text("expect");
  given.text("note");
  const kind = kinds[given.text("kind")];
  if (!kind) return `kind ${given.text("kind")} is not known here`;
  let [outcome, values]: [string, Outcome] = ["", {}];
  try {
    [outcome, values] = await kind(given);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    outcome = problem.reason;
  }
  if (outcome !== expected) return `expected ${expected}, came out ${outcome}`;
  for (const [name, value] of Object.entries(values)) {
    if (given.text(name) !== String(value)) return `${name} came out ${String(value).slice(0, 200)}`;
  }
  const unread = given.unread();
  return unread.length > 0 ? `nobody checked ${unread.join(", ")}` : undefined;
}

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".txt"))
  .map((entry) => path(entry.parentPath, entry.name))
  // The log between desks is the office's alone: no reporter's script reads it.
  .filter((file) => !relative(folder, file).includes("/team-"))
  .sort();
const counts = new Map<string, number>();
let failed = 0;
for (const file of files) {
  const problem = await check(file).catch((e: unknown) => String(e));
  if (problem) {
    failed++;
    console.error(`${relative(folder, file)}: ${problem}`);
  }
  const from = relative(folder, file).split("/")[0]!;
  counts.set(from, (counts.get(from) ?? 0) + 1);
}
console.log(`${files.length} vectors (${[...counts].map(([from, n]) => `${from} ${n}`).join(", ")}), ${failed} failed`);
if (failed > 0 || files.length === 0) process.exitCode = 1;
