// The page in a real browser: a letter written and sealed, every way a relay can fail, an answer
// read with the words, and the next letter. By keyboard where a person may have nothing else.
//
//   node check/run.mjs journey <site folder> <browser executable> [folder for pictures]
//
// With TEMOIN_SAFER=1 Firefox runs as Tor Browser's level "Safer" does: no WebAssembly, no compiler
// for script, no native regular expressions, a private window.
//
// Prints a line a step; exits 1 at the first step that was not seen.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join as path } from "node:path";
import axe from "axe-core";
import puppeteer, { type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { asArray, asBytes, asMap, asText, type CborMap, decode } from "../src/cbor.ts";
import { CHUNK } from "../src/pieces.ts";
import { conversationFrom, conversationKey, spelled, wordList } from "../src/words.ts";
import { keyPair, sealCell } from "./office.ts";
import { traces } from "../journeys/traces.mjs";
import { Relay } from "./relay.ts";

const [site, executable, pictures] = process.argv.slice(3);
if (!site || !executable) {
  console.error("journey <site folder> <browser executable> [folder for pictures]");
  process.exit(2);
}
const firefox = /firefox/.test(executable);
const profile = mkdtempSync(path(tmpdir(), "journey-"));
const relay = await Relay.open(site);
const { address, close } = await relay.listen();
/** How long anything may take, in milliseconds, before it counts as not there; nothing is measured here. */
const PATIENCE = 120_000;
const launch = (userDataDir: string): Promise<Browser> => puppeteer.launch({
  executablePath: executable,
  browser: firefox ? "firefox" : "chrome",
  headless: true,
  timeout: PATIENCE,
  protocolTimeout: 2 * PATIENCE,
  userDataDir,
  extraPrefsFirefox: process.env.TEMOIN_SAFER
    ? {
        "javascript.options.wasm": false,
        "javascript.options.ion": false,
        "javascript.options.baselinejit": false,
        "javascript.options.native_regexp": false,
        "browser.privatebrowsing.autostart": true,
      }
    : { "browser.sessionstore.interval": 1_000 },
  args: firefox ? [] : ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
const browser = await launch(profile);

/** An introduction code, and the token in it. (vectors/rust/token) */
const [CODE, TOKEN] = ["hq6d-ypb4-hq6d-ypb4-hq6d-ypb4-hqgw", "3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c"];
/** How often the second script was fetched. */
const seconds = (): number => relay.asked.filter((line) => line.includes("/files-")).length;
const PLANTED = "quixotic zephyr at the ferry";
const noise: string[] = [];

async function open(language: string): Promise<Page> {
  const page = await browser.newPage();
  page.on("console", (message) => ["error", "warn"].includes(message.type()) && noise.push(message.text()));
  page.on("pageerror", (problem) => noise.push(String(problem)));
  page.setDefaultTimeout(PATIENCE);
  page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
  await page.setViewport({ width: 390, height: 844 });
  await page.goto(`${address}/${language}/form.html`);
  await page.waitForSelector("html[data-ready]");
  return page;
}

const visible = (page: Page, id: string): Promise<boolean> =>
  page.$eval(`#${id}`, (e) => !!(e as HTMLElement).offsetParent || (e as HTMLElement).offsetHeight > 0);
const text = (page: Page, id: string): Promise<string> => page.$eval(`#${id}`, (e) => e.textContent ?? "");
const seen = async (page: Page, id: string, part: string | RegExp): Promise<string> => {
  const source = typeof part === "string" ? part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : part.source;
  await page.waitForFunction(
    (i: string, p: string) => {
      const e = document.getElementById(i);
      return !!e && (e.offsetParent !== null || e.offsetHeight > 0) && new RegExp(p).test(e.textContent ?? "");
    },
    { timeout: PATIENCE },
    id,
    source,
  ).catch(async () => {
    throw new Error(`#${id} never showed ${source}; it shows ${JSON.stringify(await text(page, id))}`);
  });
  return text(page, id);
};
const click = (page: Page, id: string): Promise<void> => page.$eval(`#${id}`, (e) => (e as HTMLElement).click());
const tick = (page: Page, within: string, value: string): Promise<void> =>
  page.$eval(`#${within} input[value="${value}"]`, (e) => (e as HTMLElement).click());

let steps = 0;
async function step<T>(claim: string, work: () => Promise<T>): Promise<T> {
  const result = await work().catch((problem: unknown) => {
    const [why, ...rest] = String(problem).split("\n");
    console.log([`NOT SEEN: ${claim} (${why})`, ...rest].join("\n"));
    throw problem;
  });
  steps++;
  console.log(`seen: ${claim}`);
  return result;
}

async function accessible(page: Page, where: string): Promise<void> {
  // Injected by the driver, outside the page's policy, which forbids it to a page.
  const rules = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] };
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (options) => {
    const results = await (globalThis as unknown as { axe: { run: (o: unknown) => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run(options);
    return results.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`);
  }, rules);
  if (found.length > 0) throw new Error(`axe at ${where}: ${found.join("\n")}`);
  // Nothing may be wider than the narrowest screen.
  const before = page.viewport()!;
  await page.setViewport({ width: 320, height: 600 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewport(before);
  if (wide > 320) throw new Error(`${where} is ${wide} wide at 320`);
}

async function picture(page: Page, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  for (const [width, scheme] of [[320, "light"], [768, "dark"], [1280, "light"]] as const) {
    await page.setViewport({ width, height: 900 });
    if (!firefox) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.screenshot({ path: path(pictures, `${name}-${width}-${scheme}.png`) as `${string}.png`, fullPage: true });
  }
  await page.setViewport({ width: 390, height: 844 });
  if (!firefox) await page.emulateMediaFeatures([]);
}

const list = wordList(1, spelled(readFileSync(path(site, "words/en.txt"), "utf8")));

async function narrativeOf(n: number): Promise<{ narrative: string; body: CborMap; report: CborMap }> {
  const opened = await relay.open(n);
  const report = asMap(decode(opened.report));
  return { narrative: asText(report.get(2)), body: opened.body, report };
}

async function typeWords(page: Page, holder: string, words: string[]): Promise<void> {
  await page.focus(`#${holder}-1`);
  // A few letters, the first offer, Enter: no mouse.
  for (const word of words) {
    await page.keyboard.type(word);
    await page.keyboard.press("Enter");
  }
}

async function run(): Promise<void> {
  const page = await open("en");
  await step("the page is usable, says nothing alarming, and axe finds nothing", async () => {
    if (await visible(page, "trouble")) throw new Error(await text(page, "trouble"));
    await accessible(page, "start");
    await picture(page, "1-start");
  });

  await step("in each of six languages every step is free of axe's objections and fits a narrow screen", async () => {
    for (const language of ["ar", "zh", "en", "fr", "ru", "es"]) {
      const own = await open(language);
      await own.setViewport({ width: 320, height: 600 });
      const look = async (where: string): Promise<void> => {
        await accessible(own, `${where}, ${language}`);
        const wide = await own.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        if (wide) throw new Error(`${where}, ${language}: wider than the screen`);
      };
      await own.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      await look("start");
      await click(own, "write");
      for (const place of ["story", "what", "who", "writer", "uses", "words"]) {
        if (place === "writer") await tick(own, "relation", "helper");
        await look(place);
        if (place !== "words") await click(own, "next");
      }
      await tick(own, "keep", "learn");
      await seen(own, "mailbox", /\S/);
      await look("words drawn");
      await click(own, "kept");
      await look("words asked for");
      await own.close();
    }
  });

  await step("a child is asked less, and for no contact", async () => {
    const child = await open("en");
    await click(child, "write");
    await child.type("#narrative", "They took my brother.");
    await click(child, "age");
    await click(child, "next");
    await seen(child, "writer", /./);
    for (const id of ["contact", "relation", "code"]) if (await visible(child, id)) throw new Error(`a child is asked for ${id}`);
    await click(child, "next");
    await seen(child, "words", /./);
    await child.close();
  });

  await step("a letter is written by keyboard, through every step", async () => {
    await page.focus("#write");
    await page.keyboard.press("Enter");
    await seen(page, "story", "What happened");
    await picture(page, "2-story");
    await page.focus("#narrative");
    await page.keyboard.type(`They came at six: ${PLANTED}.`);
    await seen(page, "room", /^Write as much as you need. Your letter is small/);
    await page.$eval("#day", (e) => ((e as HTMLInputElement).value = "2026-11-17"));
    await page.focus("#where");
    await page.keyboard.type("At the harbour");
    await page.select("#country", "FR");
    await accessible(page, "story");
    for (const [id, name] of [["what", "3-what"], ["who", "4-who"], ["writer", "5-writer"], ["uses", "6-uses"], ["words", "7-words"]]) {
      await page.focus("#next");
      await page.keyboard.press("Enter");
      await page.waitForFunction((i: string) => !document.getElementById(i)!.hidden, {}, id!);
      if (id === "what") await tick(page, "acts", "premises-raid");
      if (id === "who") {
        if (await visible(page, "kinds")) throw new Error("asked although the office leaves it out");
        await page.type("#own-1", "A white van.");
      }
      if (id === "writer") {
        if (await visible(page, "knows")) throw new Error("asked about another person before anyone was named");
        await tick(page, "relation", "family");
        await page.waitForFunction(() => !document.getElementById("knows")!.hidden);
        await tick(page, "knows", "cannot-ask");
      }
      if (id === "uses" && (await page.$$eval("#consents .pair select:not([hidden])", (s) => s.length)) !== 17) throw new Error("asks for identities");
      if (id === "uses") await page.select('#consents [data-purpose="statistics"] select', "yes");
      await accessible(page, id!);
      await picture(page, name!);
    }
  });

  const words = await step("the words are drawn, shown with the mailbox name, and asked for once", async () => {
    await click(page, "next");
    await seen(page, "words-status", "Choose first");
    await tick(page, "keep", "learn");
    await page.waitForSelector("#drawn-words li");
    const at = await page.$eval("#drawn-heading", (e) => (e === document.activeElement ? e.getBoundingClientRect().top : -1));
    if (at < 0 || at > 200) throw new Error(`the words begin at ${at}`);
    await seen(page, "mailbox", /^\w[\w-]* \w[\w-]*$/);
    const drawn = await page.$$eval("#drawn-words li", (items) => items.map((li) => li.textContent ?? ""));
    if (drawn.length !== 9 || drawn.some((word) => !list.index.has(word))) throw new Error(`drew ${drawn.length}`);
    await accessible(page, "words shown");
    await picture(page, "8-drawn");
    if (await visible(page, "next")) throw new Error("a way past the words");
    await click(page, "kept");
    await typeWords(page, "rehearsal-words", [...drawn.slice(0, 8), "zoxm"]);
    await seen(page, "rehearsal-words-9-note", /is not in the list.*zoom/);
    await accessible(page, "rehearsal");
    await picture(page, "9-rehearsal");
    await page.$eval("#rehearsal-words-9", (e) => ((e as HTMLInputElement).value = ""));
    await page.focus("#rehearsal-words-9");
    await page.keyboard.type(drawn[0] === drawn[8] ? "acid" : drawn[0]!);
    await click(page, "rehearse");
    await seen(page, "rehearsal-words-9-note", "Look at word 9");
    if (!(await page.$eval("#rehearsal-words-9", (e) => e === document.activeElement && e.getAttribute("aria-invalid") === "true"))) throw new Error("not at the field");
    await accessible(page, "a wrong word");
    await page.focus("#rehearsal-words-8");
    await seen(page, "rehearsal-words-9-note", "Look at word 9");
    await page.$eval("#rehearsal-words-9", (e) => ((e as HTMLInputElement).value = ""));
    await page.focus("#rehearsal-words-9");
    await page.keyboard.type(drawn[8]!);
    await click(page, "rehearse");
    await seen(page, "words-status", "these are your words");
    return drawn;
  });
  const mailbox = await text(page, "mailbox");

  await step("words typed into the letter itself are warned of", async () => {
    await page.$eval("#safety", (e, v) => ((e as HTMLTextAreaElement).value = v), words.slice(0, 5).join(" "));
    await click(page, "next");
    // The draw may give one word twice; it is one word then.
    await seen(page, "words-inside", `${new Set(words.slice(0, 5)).size} of your words`);
    await accessible(page, "send");
    await picture(page, "10-send");
    await page.$eval("#safety", (e) => ((e as HTMLTextAreaElement).value = "Do not call."));
  });

  await step("a full, a busy and a broken relay each say so, and the same bytes are sent again", async () => {
    relay.how.next = ["503", "429", "cut", "unsigned"];
    await click(page, "seal");
    await seen(page, "sending", "It has kept nothing");
    if (seconds() > 0) throw new Error("the second script was fetched in quiet times");
    if (await visible(page, "sent")) throw new Error("said sent");
    if (!(await page.$eval("#back", (e) => (e as HTMLButtonElement).disabled))) throw new Error("seems to let a sealed letter be changed");
    await picture(page, "11-trouble");
    await click(page, "again");
    await seen(page, "sending", "Very many letters");
    if (!(await page.$eval("#again", (e) => (e as HTMLButtonElement).disabled))) throw new Error("did not wait");
    // A code opens the way at once; one with a slip is told where it is typed.
    await page.waitForSelector("#introduction");
    await page.type("#introduction", CODE.replace(/^./, "Y"));
    await seen(page, "introduction-status", "not a code");
    await accessible(page, "send");
    await page.$eval("#introduction", (e) => ((e as HTMLInputElement).value = ""));
    relay.how.next = ["puzzle", "puzzle", "cut", "unsigned"];
    await page.type("#introduction", CODE);
    await page.waitForSelector("#again:not([disabled])");
    await click(page, "again");
    await seen(page, "sending", "The line broke");
    const [, , bare, token, work] = relay.beside;
    if (bare !== "" || token !== TOKEN || !/^[0-9a-f]{16}$/.test(work!)) throw new Error(relay.beside.join());
    await click(page, "again");
    await seen(page, "sending", "without the right signature");
    if (await visible(page, "sent")) throw new Error("said sent without a signature");
    await click(page, "again");
    await seen(page, "sent", "Your letter has arrived");
    if (relay.letters.length !== 1 || relay.posts !== 7) throw new Error(`${relay.letters.length} letters in ${relay.posts} posts`);
    await accessible(page, "sent");
    await picture(page, "12-sent");
  });

  await step("the office opens the letter: everything written is there, signed by the words", async () => {
    const { narrative, report, body } = await narrativeOf(0);
    if (!narrative.includes(PLANTED)) throw new Error(narrative);
    const conversation = await conversationFrom(1, words.map((w) => list.index.get(w)!), relay.office.mailbox);
    const opened = await relay.open(0);
    if (opened.talk?.signingKey.join() !== conversation.signingKey.join()) throw new Error("another signing key");
    if (!opened.talk.replyKey || asBytes(body.get(3)).length !== 32) throw new Error("no reply key or no manifest");
    const consents = asArray(report.get(10)).map(asMap);
    if (consents.length !== 1 || consents[0]!.get(0) !== "statistics") throw new Error("consents");
    const asked = asArray(report.get(21)).map(asMap);
    if (asked.length !== 1 || asked[0]!.get(0) !== "vehicle" || asked[0]!.get(1) !== "A white van.") throw new Error("the office's own question");
    if (asMap(report.get(4)).get(1) !== "FR" || asArray(report.get(5))[0] !== "premises-raid") throw new Error("where, acts");
    if (asMap(report.get(9)).get(0) !== "cannot-ask" || asText(report.get(11)) !== "Do not call.") throw new Error("knows, safety");
  });

  await step("nothing written is left in the page", async () => {
    const left = await page.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("input,textarea")].map((e) => (e as HTMLInputElement).value).join());
    if (left.includes("quixotic") || words.filter((word) => left.includes(`>${word}<`)).length > 0) throw new Error("found it");
  });

  const conversation = await conversationFrom(1, words.map((w) => list.index.get(w)!), relay.office.mailbox);
  const key = (day: number): Promise<Uint8Array<ArrayBuffer>> =>
    conversationKey(conversation.master, 0, Math.floor(day / 7), relay.office.firstPeriod);
  const say = async (day: number, slot: number, saying: Parameters<typeof sealCell>[0], voice = relay.office.voiceSeed): Promise<void> =>
    relay.list(await sealCell(saying, { replyKey: conversation.replyKey, key: await key(day) }, relay.office.mailbox, voice, day, slot), day);

  const reader = await open("en");
  await step("a reader types the words on a fresh page, is told of each wrong one until it is changed, and reads what was searched without scrolling", async () => {
    await click(reader, "read");
    await reader.waitForSelector("#typed-words-1");
    await reader.setViewport({ width: 320, height: 568 });
    for (const [n, word] of [words[0]!, "acorxn", "zoomx", ...words.slice(3)].entries()) {
      await reader.focus(`#typed-words-${n + 1}`);
      await reader.keyboard.type(word);
      await reader.keyboard.press("Escape");
    }
    await click(reader, "look");
    for (const n of [2, 3]) await seen(reader, `typed-words-${n}-note`, /is not in the list/);
    // Once the office's notice is there; both were named before, when they were left.
    await reader.waitForFunction(() => document.activeElement?.id === "typed-words-2");
    for (const n of [2, 3]) {
      await reader.$eval(`#typed-words-${n}`, (e) => ((e as HTMLInputElement).value = ""));
      await reader.focus(`#typed-words-${n}`);
      await reader.keyboard.type(words[n - 1]!);
      await reader.keyboard.press("Escape");
    }
    await click(reader, "look");
    const told = await seen(reader, "answers", /No answer between .* and .*/);
    // On a small telephone the result is what is on the screen, from the mailbox name on.
    await reader.waitForFunction(() => document.activeElement?.id === "found");
    const { top, bar } = await reader.evaluate(() => ({
      top: document.getElementById("found")!.getBoundingClientRect().top,
      bar: document.querySelector(".out")!.getBoundingClientRect().top,
    }));
    if (top < 0 || top > bar / 2) throw new Error(`the result begins at ${top} of ${bar}`);
    await reader.setViewport({ width: 390, height: 844 });
    if ((await text(reader, "found-mailbox")) !== mailbox) throw new Error("another mailbox name");
    if (!/20\d\d/.test(told)) throw new Error("no dates");
    if (!/lie mixed: 1/.test(told)) throw new Error(`"found" and "nothing" look different: ${told}`);
    await accessible(reader, "empty box");
    await picture(reader, "13-empty");
  });

  const long = "The office has read your letter. " .repeat(30);
  await step("an answer in two parts and the sign of opening are shown; what another signed is not", async () => {
    const day = relay.day;
    await say(day - 3, 0, { kind: "opened", part: 0, parts: 1, text: "", answer: 0 });
    await say(day - 2, 1, { kind: "answer", part: 0, parts: 2, text: long, answer: 1 });
    await say(day - 1, 2, { kind: "answer", part: 1, parts: 2, text: "\nAre you safe? <b>", answer: 1 });
    await say(day - 4, 5, { kind: "answer", part: 0, parts: 1, text: "Come to the station alone.", answer: 2 }, new Uint8Array(32).fill(77));
    await click(reader, "look");
    const told = await seen(reader, "answers", "Are you safe? <b>");
    if (!told.includes("machine has opened your letter") || !told.includes(long.trim())) throw new Error(told);
    if (told.includes("station") || !told.includes("did not sign: 1")) throw new Error("showed a stranger's message");
    if (await visible(reader, "typing")) throw new Error("the words stay on the screen");
    await accessible(reader, "answer");
    await picture(reader, "14-answer");
  });

  await step("the next letter goes on in the same conversation and says what was read", async () => {
    await click(reader, "follow-up");
    await seen(reader, "story", "What happened");
    await reader.focus("#narrative");
    await reader.keyboard.type("I am safe.");
    await click(reader, "to-end");
    await seen(reader, "same-words", mailbox);
    await picture(reader, "15-same-words");
    await click(reader, "next");
    relay.how.next = ["410"];
    await click(reader, "seal");
    await seen(reader, "sent", "Your letter has arrived");
    const opened = await relay.open(1);
    if (opened.talk?.replyKey || opened.talk?.replyKeyHash.join() !== conversation.replyKeyHash.join()) throw new Error("not the same conversation");
    if (opened.body.get(6) !== relay.day - 2) throw new Error(`acknowledged ${String(opened.body.get(6))}`);
  });

  /** Opens the conversation of the words, up to the button that changes them, and presses it. */
  const toChange = async (own: Page): Promise<void> => {
    await click(own, "read");
    await own.select("#list", "1");
    await own.waitForFunction(() => {
      const fields = [...document.querySelectorAll("#typed-words input")] as HTMLInputElement[];
      return fields.length === 9 && fields[0]!.inputMode !== "numeric";
    });
    await typeWords(own, "typed-words", words);
    if (await visible(own, "change")) throw new Error("offered before the words opened anything");
    await click(own, "look");
    await seen(own, "found-mailbox", mailbox);
    await own.waitForSelector("#change:not([disabled])");
    await click(own, "change");
    await own.waitForSelector("#new-draw");
  };
  const drawnAnew = async (own: Page): Promise<string[]> => {
    await click(own, "new-draw");
    await seen(own, "new-mailbox", /\S/);
    return own.$$eval("#new-drawn-words li", (items) => items.map((li) => li.textContent ?? ""));
  };
  const changes = (): number => relay.asked.filter((line) => line.includes("/new-words-")).length;

  await step("new words are drawn and typed back, and are the office's once the relay has signed: the same bytes until then", async () => {
    if (changes() > 0) throw new Error("fetched although nobody changes words");
    const own = await open("en");
    const asks = (): Promise<boolean> => own.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
    await toChange(own);
    if (changes() !== 1 || (await visible(own, "reading"))) throw new Error("not there, or beside the answers");
    await seen(own, "change-words", /keep opening what was sent before.*It cannot see who did it/);
    if (await asks()) throw new Error("asked although nothing would be lost");
    const next = await drawnAnew(own);
    await seen(own, "new-drawn", /Your new words.*Keep the old words too.*Mailbox name of the new words.*I know the new words/);
    if (next.length !== 9 || next.some((word) => !list.index.has(word)) || next.join() === words.join()) throw new Error(next.join());
    if (!(await asks())) throw new Error("left without a question");
    const name = await text(own, "new-mailbox");
    if (name === mailbox) throw new Error("the old mailbox");
    await picture(own, "23-new-words");
    await click(own, "new-kept");
    await typeWords(own, "new-rehearsal-words", [...next.slice(0, 8), next[0] === next[8] ? "zoom" : next[0]!]);
    await click(own, "new-rehearse");
    await seen(own, "new-rehearsal-words-9-note", "Look at word 9");
    await own.$eval("#new-rehearsal-words-9", (e) => ((e as HTMLInputElement).value = ""));
    await own.focus("#new-rehearsal-words-9");
    await own.keyboard.type(next[8]!);
    await click(own, "new-rehearse");
    await seen(own, "new-status", "these are your new words");
    if (await own.evaluate((w: string[]) => w.some((word) => document.body.innerHTML.includes(`>${word}<`)), next)) throw new Error("they stay on the screen");
    const [before, posts] = [relay.letters.length, relay.posts];
    relay.how.next = ["410", "cut", "503", "unsigned"];
    await click(own, "new-seal");
    await seen(own, "new-status", /The line broke.*Keep both/);
    if (await visible(own, "new-not")) throw new Error("seems to undo what may have arrived");
    await picture(own, "24-not-yet");
    await click(own, "new-again");
    await seen(own, "new-status", /kept nothing.*Keep both/);
    await own.waitForSelector("#new-again:not([disabled])");
    await click(own, "new-again");
    await seen(own, "new-status", /without the right signature.*Keep both/);
    if (!(await asks())) throw new Error("left without a question");
    await own.waitForSelector("#new-again:not([disabled])");
    await click(own, "new-again");
    await seen(own, "change-words", /Your change of words has arrived.*Keep the old words too/);
    await seen(own, "change-words", name);
    await accessible(own, "words changed");
    await picture(own, "25-changed");
    if (await asks()) throw new Error("asked although nothing would be lost");
    if (relay.letters.length !== before + 1 || relay.posts !== posts + 5) throw new Error(`${relay.letters.length - before} letters in ${relay.posts - posts} posts`);
    const { talk, handover, body } = await relay.open(before);
    const fresh = await conversationFrom(1, next.map((w) => list.index.get(w)!), relay.office.mailbox);
    if (talk?.signingKey.join() !== conversation.signingKey.join()) throw new Error("not under the old words");
    if (handover?.signingKey.join() !== fresh.signingKey.join() || handover.replyKey.join() !== fresh.replyKey.join()) throw new Error("not to the new words");
    if (relay.letters[before]!.letter.length !== 4_096 || body.get(6) !== relay.day - 2) throw new Error("not like any other letter");
    // What the office sends to the new words is found with them.
    const saying = { kind: "answer", part: 0, parts: 1, text: "We have your new words.", answer: 3 } as const;
    relay.list(await sealCell(saying, { replyKey: handover.replyKey, key: handover.key }, relay.office.mailbox, relay.office.voiceSeed, relay.day, 3), relay.day);
    const later = await open("en");
    await click(later, "read");
    await later.waitForSelector("#typed-words-1");
    await typeWords(later, "typed-words", next);
    await click(later, "look");
    await seen(later, "answers", "We have your new words");
    if ((await text(later, "found-mailbox")) !== name) throw new Error("another mailbox name");
    await later.close();
    await click(own, "new-leave");
    await own.waitForFunction(() => location.pathname === "/left");
    await own.close();
  });

  await step("in each of six languages every step to new words is free of axe's objections; they can be given up", async () => {
    for (const language of ["en", "ar", "zh", "fr", "ru", "es"]) {
      const own = await open(language);
      await toChange(own);
      await accessible(own, `why, ${language}`);
      await picture(own, `26-${language}-why`);
      const next = await drawnAnew(own);
      await accessible(own, `new words, ${language}`);
      await click(own, "new-kept");
      await own.waitForSelector("#new-rehearsal-words-1");
      await accessible(own, `new words asked for, ${language}`);
      await typeWords(own, "new-rehearsal-words", next);
      await click(own, "new-rehearse");
      await own.waitForSelector("#new-seal");
      await own.waitForFunction(() => document.activeElement?.id === "new-seal");
      await accessible(own, `the last step, ${language}`);
      await picture(own, `27-${language}-last`);
      await click(own, "new-not");
      await own.waitForFunction(() => document.activeElement?.id === "change" && !document.getElementById("change-words"));
      await own.close();
    }
  });

  await step("in French, without words, the letter arrives and no answer is promised", async () => {
    const french = await open("fr");
    await click(french, "write");
    await french.focus("#narrative");
    await french.keyboard.type("Ils ont pris mon téléphone.");
    await click(french, "to-end");
    await tick(french, "keep", "none");
    await picture(french, "16-fr-words");
    await click(french, "next");
    await click(french, "seal");
    const told = await seen(french, "sent", "Votre lettre est arrivée");
    if ((await visible(french, "sent-words")) || (await visible(french, "address"))) throw new Error(told);
    if ((await relay.open(relay.letters.length - 1)).talk) throw new Error("keys without words");
    await accessible(french, "fr sent");
    await french.close();
  });

  await step("French words are nine; once hidden they are confirmed, and can be seen again", async () => {
    const french = await open("fr");
    await click(french, "write");
    await click(french, "to-end");
    await tick(french, "keep", "hide");
    await seen(french, "mailbox", /^\S+ \S+$/);
    if ((await french.$$("#drawn-words li")).length !== 9) throw new Error("not nine");
    await click(french, "kept");
    await seen(french, "words-status", "ne sont plus affichés");
    if ((await visible(french, "drawn")) || !(await visible(french, "next"))) throw new Error("hidden words stay, or there is no way on");
    await click(french, "see-again");
    if (!(await visible(french, "drawn")) || (await visible(french, "next"))) throw new Error("the words are not seen again");
    await accessible(french, "seen again");
    await french.close();
  });

  await step("a frozen board, an expired notice and another office's notice are told in words", async () => {
    relay.how.frozen = 5;
    let other = await open("en");
    await click(other, "write");
    await other.focus("#narrative");
    await other.keyboard.type("x");
    await click(other, "to-end");
    await tick(other, "keep", "none");
    await click(other, "next");
    await seen(other, "clock-dates", "holding back");
    await accessible(other, "clock");
    await picture(other, "17-clock");
    const before = relay.posts;
    await click(other, "seal");
    await new Promise((done) => setTimeout(done, 500));
    if (relay.posts !== before) throw new Error("sent although the dates disagree");
    await click(other, "clock-accept");
    await click(other, "seal");
    await seen(other, "sent", "has arrived");
    await other.close();
    relay.how = { next: [], frozen: 0, stranger: false, expired: true };
    other = await open("en");
    await seen(other, "trouble", "ran out on");
    await picture(other, "18-expired");
    await other.close();
    relay.how = { next: [], frozen: 0, stranger: true, expired: false };
    other = await open("en");
    await seen(other, "trouble", "two different offices");
    await other.close();
    relay.how = { next: [], frozen: 0, stranger: false, expired: false };
  });

  await step("too much for one letter is said, not sent", async () => {
    const large = await open("en");
    await click(large, "write");
    await large.$eval("#narrative", (e) => {
      (e as HTMLTextAreaElement).value = "word ".repeat(60_000);
      e.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await seen(large, "room", "more than one letter can hold");
    await large.close();
  });

  await step("a file alone, without a written word, is a letter; nothing at all is none", async () => {
    const folder = mkdtempSync(path(tmpdir(), "chosen-"));
    try {
      writeFileSync(path(folder, "voice"), "a voice");
      const page = await open("en");
      await click(page, "write");
      await click(page, "to-end");
      await tick(page, "keep", "none");
      await click(page, "next");
      const before = relay.letters.length;
      await click(page, "seal");
      await seen(page, "sending", "Write or add at least one thing");
      await click(page, "add-files");
      const choose = (await page.waitForSelector("#file-choose")) as ElementHandle<HTMLInputElement>;
      await choose.uploadFile(path(folder, "voice"));
      await page.waitForFunction(() => document.querySelectorAll("#file-list li").length === 1);
      await click(page, "seal");
      await seen(page, "files-sent", "All pieces have arrived: 1.");
      const told = asMap(decode((await relay.open(before)).report));
      if (told.has(2)) throw new Error("something is told in words");
      const [voice] = await relay.files(before);
      if (voice!.outcome !== "complete" || Buffer.from(voice!.bytes).toString() !== "a voice") throw new Error(`the voice is ${voice!.outcome}`);
      await page.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  await step("a file without a word is asked about before leaving; a wish is named only where something was allowed", async () => {
    const folder = mkdtempSync(path(tmpdir(), "chosen-"));
    try {
      writeFileSync(path(folder, "film"), "film");
      const page = await open("en");
      const asks = (): Promise<boolean> => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
      await click(page, "write");
      await click(page, "to-end");
      await tick(page, "keep", "none");
      if (await visible(page, "none-wish")) throw new Error("a wish although nothing was asked");
      if (!(await page.$eval("#none-wish", (e) => !!e.closest("label")?.querySelector("[value=none]")))) throw new Error("a wish of all three choices");
      await click(page, "next");
      await click(page, "add-files");
      const choose = (await page.waitForSelector("#file-choose")) as ElementHandle<HTMLInputElement>;
      if (await asks()) throw new Error("asked although nothing would be lost");
      await choose.uploadFile(path(folder, "film"));
      await page.waitForFunction(() => document.querySelectorAll("#file-list li").length === 1);
      if (!(await asks())) throw new Error("left without a question");
      await click(page, "back");
      await page.$eval("#consents select", (e) => {
        (e as HTMLSelectElement).value = "yes";
        e.dispatchEvent(new Event("input", { bubbles: true }));
      });
      if (!(await visible(page, "none-wish"))) throw new Error("nothing said of a wish");
      await page.close({ runBeforeUnload: false });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  await step("a key that the office changes after the last step was reached takes the letter in the same press", async () => {
    const page = await open("en");
    await click(page, "write");
    await page.focus("#narrative");
    await page.keyboard.type("To the new key.");
    await click(page, "to-end");
    await tick(page, "keep", "none");
    const key = page.waitForResponse((answer) => answer.url().includes("/office/keys/"));
    await click(page, "next");
    const period = Number((await key).url().split("/").pop());
    const [before, old] = [relay.letters.length, relay.office.intake.get(period)!];
    const seed = new Uint8Array(32).fill(77);
    relay.office.intake.set(period, { seed, key: await keyPair(seed) });
    try {
      await click(page, "seal");
      await seen(page, "sent", "has arrived");
      await relay.open(before);
    } finally {
      relay.office.intake.set(period, old);
    }
    await page.close();
  });

  await step("files follow their letter over a line that breaks, a picture without its place, every piece once", async () => {
    const folder = mkdtempSync(path(tmpdir(), "chosen-"));
    try {
      const film = Buffer.alloc(9 * CHUNK - 7, "film");
      const segment = (code: number, body: string): Buffer => Buffer.concat([Buffer.from([0xff, code, 0, body.length + 2]), Buffer.from(body)]);
      const [start, end, scan] = [Buffer.from([0xff, 0xd8]), Buffer.from([0xff, 0xd9]), segment(0xda, "\x01")];
      const photo = Buffer.concat([start, segment(0xe1, `Exif\0\0${PLANTED}`), scan, end, Buffer.from(PLANTED)]);
      writeFileSync(path(folder, "film"), film);
      writeFileSync(path(folder, "photo.jpg"), photo);
      const page = await open("en");
      const fetched = seconds();
      await click(page, "write");
      await page.focus("#narrative");
      await page.keyboard.type("With files.");
      await click(page, "to-end");
      await tick(page, "keep", "none");
      await click(page, "next");
      if (seconds() !== fetched) throw new Error("fetched although nobody asked");
      await click(page, "add-files");
      const choose = (await page.waitForSelector("#file-choose")) as ElementHandle<HTMLInputElement>;
      await choose.uploadFile(path(folder, "film"), path(folder, "photo.jpg"));
      await page.waitForFunction(() => document.querySelectorAll("#file-list li").length === 2);
      await seen(page, "file-limit", /3 MB/);
      // The film once more would be beyond what this office takes.
      await choose.uploadFile(path(folder, "film"));
      await seen(page, "file-status", "more than the 3 MB");
      if ((await page.$$("#file-list li")).length !== 2) throw new Error("added all the same");
      await seen(page, "file-list", /stay.*taken out/);
      await accessible(page, "files");
      await picture(page, "21-files");
      const [before, posts] = [relay.letters.length, relay.posts];
      relay.how.pieces = ["cut", "503", "unsigned"];
      await click(page, "seal");
      await seen(page, "sent", "has arrived");
      // Once by hand; then by itself.
      await seen(page, "files-sent", /^Pieces arrived: 0 of 11. The line/);
      if (await visible(page, "sent-device")) throw new Error("told to close the window while files are on their way");
      await click(page, "files-again");
      await seen(page, "files-sent", "All pieces have arrived: 11.");
      if (!(await visible(page, "sent-device"))) throw new Error("not told to close the window");
      await accessible(page, "files sent");
      await picture(page, "22-files-sent");
      if (relay.letters.length !== before + 12) throw new Error(`${relay.letters.length - before} letters`);
      if (relay.posts !== posts + 15) throw new Error(`${relay.posts - posts} posts`);
      const [one, two] = await relay.files(before);
      if (one!.outcome !== "complete" || Buffer.compare(one!.bytes, film) !== 0) throw new Error(`the film is ${one!.outcome}`);
      const clean = Buffer.concat([start, scan, end]);
      if (two!.outcome !== "complete" || Buffer.compare(two!.bytes, clean) !== 0) throw new Error(`the photo is ${two!.outcome}`);
      if (two!.kind !== "image/jpeg" || one!.pieces !== 10) throw new Error(`${two!.kind}, ${one!.pieces} pieces`);
      await page.close();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  await step("leaving empties the page at once, by button and by three presses of Shift", async () => {
    const leaving = await open("en");
    await click(leaving, "write");
    await leaving.focus("#narrative");
    await leaving.keyboard.type(PLANTED);
    for (let i = 0; i < 3; i++) await leaving.keyboard.press("Shift");
    await leaving.waitForFunction(() => location.pathname === "/left");
    if (!relay.asked.includes("GET /leave")) throw new Error("the browser is not asked to forget");
    await leaving.goBack().catch(() => undefined);
    const left = await leaving.evaluate(() => document.documentElement.outerHTML + [...document.querySelectorAll("textarea")].map((e) => e.value).join());
    if (left.includes("quixotic")) throw new Error("going back shows it");
    await leaving.close();
  });

  await step("without script the page explains itself and shows no dead button", async () => {
    const plain = await browser.newPage();
    await plain.setJavaScriptEnabled(false).catch(() => undefined);
    await plain.setViewport({ width: 390, height: 844 });
    await plain.goto(`${address}/en/form.html`);
    if (!firefox) {
      if (await visible(plain, "write")) throw new Error("a dead button");
      if (!(await visible(plain, "doorstep"))) throw new Error("no doorstep");
      await picture(plain, "19-unscripted");
    }
    await plain.close();
  });

  await step("landing and doorstep pages: axe finds nothing", async () => {
    for (const [name, where] of [["landing", "en/index.html"], ["landing-fr", "fr/index.html"], ["doorstep", "en/doorstep.html"], ["doorstep-done", "fr/doorstep-done.html"]]) {
      const other = await browser.newPage();
      await other.setViewport({ width: 390, height: 844 });
      await other.goto(`${address}/${where}`);
      await accessible(other, where!);
      await picture(other, `20-${name}`);
      await other.close();
    }
  });

  await step("nothing on the console", async () => {
    // Answers of 4xx and 5xx are logged by the browser itself.
    const unexpected = noise.filter((line) => !/Failed to load resource|net::ERR|status of (4|5)\d\d|NetworkError/.test(line));
    if (unexpected.length > 0) throw new Error(unexpected.join("\n"));
  });

  await step("every request went to the same origin, to the few places the page is known to need", async () => {
    const known = /^(GET \/(index\.html|(ar|zh|en|fr|ru|es)\/(index|form|doorstep|doorstep-done)\.html|page-[0-9a-f]{16}\.js|(sentences|files|new-words)-[a-z]{2}-[0-9a-f]{16}\.js|words\/(en|fr|es|zh)\.txt|office\/notice|office\/keys\/\d+|board\/newest|board\/(days|tens)\/\d+|board\/\d+\/cells-0|leave|left)|POST \/letters)$/;
    const other = relay.asked.filter((line) => !known.test(line));
    if (other.length > 0) throw new Error([...new Set(other)].join("\n"));
  });
}

/**
 * Browsers write what stands in a page's fields to disk, to restore it after a crash. A field added
 * here without the page's care proves that this browser does; none of the page's own may be there.
 */
async function killedWhileWriting(): Promise<void> {
  const home = mkdtempSync(path(tmpdir(), "killed-"));
  const victim = await launch(home);
  try {
    const page = await victim.newPage();
    await page.goto(`${address}/en/form.html`);
    await page.waitForSelector("#write:not([disabled])");
    await page.click("#write");
    await page.type("#narrative", PLANTED);
    await page.type("#where", PLANTED);
    await page.$eval("#to-end", (e) => (e as HTMLElement).click());
    await page.$eval('#keep input[value="learn"]', (e) => (e as HTMLElement).click());
    await page.waitForFunction(() => document.getElementById("mailbox")!.textContent !== "");
    const words = await page.$$eval("#drawn-words li", (all) => all.map((e) => e.textContent ?? ""));
    await page.$eval("#kept", (e) => (e as HTMLElement).click());
    await page.waitForSelector("#rehearsal-words-1");
    await page.type("#rehearsal-words-1", `${words[0]}-quixotic`);
    await page.evaluate(() => {
      const careless = document.createElement("textarea");
      careless.id = "extra";
      document.body.append(careless);
    });
    await page.type("#extra", "control-needle");
    for (let tries = 0; traces(home, "control-needle").length === 0; tries++) {
      if (tries > 120) throw new Error("this browser wrote nothing, so this proves nothing");
      await new Promise((done) => setTimeout(done, 500));
    }
    victim.process()!.kill("SIGKILL");
    const found = traces(home, "quixotic");
    if (found.length > 0) throw new Error(found.join("\n"));
  } finally {
    await victim.close().catch(() => undefined);
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

try {
  await run();
  await browser.close();
  await step("the browser's own profile holds nothing of what was typed", async () => {
    const found = traces(profile, "quixotic");
    if (found.length > 0) throw new Error(found.join("\n"));
  });
  // A private window writes nothing at all, which is another claim.
  if (!process.env.TEMOIN_SAFER) {
    await step("killed while somebody writes, the browser leaves nothing of it on the disk", killedWhileWriting);
  }
  console.log(`${steps} steps seen in ${executable}`);
} catch {
  process.exitCode = 1;
} finally {
  await browser.close().catch(() => undefined);
  close();
  rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
}
