// An invented office and its relay in memory, with a switch for each way a relay can fail. It is
// here to make happen what a good relay never does; the journeys with the real one are in `xtask`.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { extname, join as path, normalize } from "node:path";
import { type Bytes, join, same, uint } from "../src/bytes.ts";
import { asArray, asMap, asText } from "../src/cbor.ts";
import { carryOf, CLASSES, dayOf, leafOf } from "../src/envelope.ts";
import * as desk from "./office.ts";

const seeded = (n: number): Bytes => new Uint8Array(32).fill(n);

/** The office of every check: fixed seeds, so that a site can be written for it beforehand. */
export async function sampleOffice(day: number): Promise<desk.Office> {
  const intake = new Map();
  const week = Math.floor(day / 7);
  for (const period of [week - 1, week, week + 1, carryOf(day)]) {
    const seed = seeded(period % 251);
    intake.set(period, { seed, key: await desk.keyPair(seed) });
  }
  return {
    mailbox: new Uint8Array(16).fill(7),
    rootSeed: seeded(1),
    relaySeed: seeded(2),
    voiceSeed: seeded(3),
    deskSeeds: [seeded(4), seeded(5)],
    intake,
    firstPeriod: week - 20,
    name: "Sample Office",
  };
}

export interface Misbehaviour {
  /** Answers to the next posts, before it works again. */
  next: ("429" | "puzzle" | "503" | "410" | "413" | "cut" | "unsigned")[];
  /** The same for the next posts of the largest class: pieces of files. */
  pieces?: ("503" | "cut" | "unsigned" | "410")[];
  /** Days the newest manifest stays behind. */
  frozen: number;
  /** A notice of another office. */
  stranger: boolean;
  /** A notice that ran out. */
  expired: boolean;
}

const TYPES: Record<string, string> = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".txt": "text/plain; charset=utf-8" };

export class Relay {
  readonly letters: { nonce: Bytes; letter: Bytes }[] = [];
  readonly asked: string[] = [];
  posts = 0;
  /** What came beside each posting: a token, or a puzzle's answer. */
  readonly beside: string[] = [];
  how: Misbehaviour = { next: [], frozen: 0, stranger: false, expired: false };
  private readonly days = new Map<number, { epoch: number; cells: Bytes[] }[]>();

  private constructor(readonly office: desk.Office, readonly day: number, readonly site: string) {}

  static async open(site: string, now = Date.now()): Promise<Relay> {
    const day = dayOf(now);
    const relay = new Relay(await sampleOffice(day), day, site);
    for (let d = day - 30; d <= day; d++) {
      relay.days.set(d, [{ epoch: d - (day - 30), cells: desk.sorted(Array.from({ length: 16 }, desk.dummyCell)) }]);
    }
    return relay;
  }

  /** Puts a cell among the dummies of a day. */
  list(cell: Bytes, day: number): void {
    const epoch = this.days.get(day)![0]!;
    epoch.cells = desk.sorted([...epoch.cells.slice(1), cell]);
  }

  private async manifest(epoch: number, day: number): Promise<Bytes> {
    const files = [...this.days].filter(([d]) => d <= day).map(([d, epochs]) => [d, desk.dayFile(epochs)] as [number, Bytes]);
    return desk.manifest(this.office, epoch, day, 16, await desk.daysHash(files));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://relay").pathname;
    this.asked.push(`${request.method} ${url}`);
    const send = (status: number, body: Uint8Array | string = "", type = "application/octet-stream", more = {}): void => {
      response.writeHead(status, { "content-type": type, "cache-control": "no-store", ...more });
      response.end(body);
    };
    if (request.method === "POST" && url === "/letters") return this.post(request, response, send);
    if (url === "/leave") return send(200, "<!doctype html><title></title>", "text/html");
    if (url === "/left") return send(200, "<!doctype html><link rel=icon href=data:,><title>Elsewhere</title><p>Elsewhere</p>", "text/html");
    if (url === "/office/notice") {
      const office = this.how.stranger ? { ...this.office, rootSeed: seeded(99) } : this.office;
      const shift = this.how.expired ? 40 : 0;
      return send(200, await desk.notice(office, { firstDay: this.day - 10 - shift, lastDay: this.day + 20 - shift }));
    }
    const key = /^\/office\/keys\/(\d+)$/.exec(url);
    if (key) {
      const found = this.office.intake.get(Number(key[1]));
      return found ? send(200, found.key) : send(404);
    }
    const newest = this.day - this.how.frozen;
    if (url === "/board/newest") return send(200, await this.manifest(30 - this.how.frozen, newest));
    const before = /^\/board\/(\d+)\/manifest$/.exec(url);
    if (before) return send(200, await this.manifest(Number(before[1]), this.day - 30 + Number(before[1])));
    const list = /^\/board\/days\/(\d+)$/.exec(url);
    if (list) {
      const epochs = this.days.get(Number(list[1]));
      return epochs ? send(200, desk.dayFile(epochs)) : send(404);
    }
    // Every other ten is missing, as at a mirror that has the days alone.
    const ten = Number(/^\/board\/tens\/(\d+)$/.exec(url)?.[1] ?? 1);
    if (ten % 2 === 0) {
      const lists = Array.from({ length: 10 }, (_, n) => {
        const epochs = this.days.get(ten * 10 + n);
        return epochs ? desk.dayFile(epochs) : new Uint8Array();
      });
      return send(200, join(...lists.flatMap((file) => [uint(file.length, 4), file])));
    }
    const page = /^\/board\/(\d+)\/cells-0$/.exec(url);
    if (page) {
      const epoch = [...this.days.values()].flat().find((e) => e.epoch === Number(page[1]));
      return epoch ? send(200, join(...epoch.cells)) : send(404);
    }
    const file = path(this.site, normalize(url === "/" ? "/index.html" : url));
    if (!existsSync(file)) return send(404);
    send(200, readFileSync(file), TYPES[extname(file)]);
  }

  private async post(
    request: IncomingMessage,
    response: ServerResponse,
    send: (status: number, body?: Uint8Array, type?: string, more?: Record<string, string>) => void,
  ): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk as Uint8Array);
    const body = join(...chunks);
    this.posts++;
    const faults: (string | undefined)[] = body.length > CLASSES[3] ? this.how.pieces ?? [] : this.how.next;
    const fault = faults.shift();
    // The journey looks at what a page brings along.
    this.beside.push(["temoin-token", "temoin-puzzle"].map((name) => request.headers[name] ?? "").join(" ").trim());
    if (fault === "puzzle") return send(429, undefined, undefined, { "retry-after": "2", "temoin-puzzle": "9" });
    if (fault === "429") return send(429, undefined, undefined, { "retry-after": "2" });
    if (fault && fault !== "unsigned" && fault !== "cut") return send(Number(fault));
    const [nonce, letter] = [body.slice(0, 16), body.slice(16)];
    const leaf = await leafOf(letter, nonce);
    const known = await Promise.all(this.letters.map(async (l) => (await leafOf(l.letter, l.nonce)).join() === leaf.join()));
    if (!known.includes(true)) this.letters.push({ nonce, letter });
    if (fault === "cut") {
      // Stored, but the receipt breaks off on its way. (A line that breaks before any answer is tried again by browsers themselves.)
      response.writeHead(201, { "content-length": "298" });
      response.write(new Uint8Array(40));
      return void setTimeout(() => response.destroy(), 100);
    }
    const signer = fault === "unsigned" ? { ...this.office, relaySeed: seeded(98) } : this.office;
    send(known.includes(true) ? 200 : 201, await desk.receipt(signer, leaf, 31 - this.how.frozen));
  }

  /** The files that a posted letter announces, put together from the pieces that were posted. */
  async files(n: number): Promise<{ outcome: string; bytes: Bytes; kind?: string; pieces: number }[]> {
    const seeds = new Map([...this.office.intake].map(([period, { seed }]) => [period, seed]));
    const came: desk.OpenedPiece[] = [];
    for (const { letter } of this.letters) {
      if (letter.length === CLASSES[3]) came.push(await desk.openPiece(letter, seeds, this.office.mailbox));
    }
    const { body } = await this.open(n);
    return Promise.all(asArray(body.get(4)).map(async (map) => {
      const of = desk.readAttachment(map);
      const its = came.filter((piece) => same(piece.file, of.file)).sort((a, b) => a.number - b.number);
      const kind = asMap(map).get(4);
      const { outcome } = await desk.reassemble(of, its);
      return { outcome, bytes: join(...its.map((piece) => piece.chunk)), kind: kind === undefined ? undefined : asText(kind), pieces: its.length };
    }));
  }

  /** Opens a letter that was posted. */
  open(n: number): Promise<desk.OpenedLetter> {
    const seeds = new Map([...this.office.intake].map(([period, { seed }]) => [period, seed]));
    return desk.openLetter(this.letters[n]!.letter, seeds, this.office.mailbox);
  }

  listen(port = 0): Promise<{ address: string; close: () => void }> {
    const server = createServer((request, response) => {
      this.answer(request, response).catch((problem: unknown) => {
        console.error(problem);
        response.destroy();
      });
    });
    return new Promise((resolve) => {
      server.listen(port, "127.0.0.1", () => {
        const address = server.address();
        const at = typeof address === "object" && address ? address.port : 0;
        resolve({ address: `http://127.0.0.1:${at}`, close: () => (server.closeAllConnections(), server.close()) });
      });
    });
  }
}


