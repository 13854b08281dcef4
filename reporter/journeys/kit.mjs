// The kit, as the guide's one page says: taken on a stick, opened on a machine without a network,
// a letter sealed, handed to a drop point from another machine, and the answer read from a copied
// board.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { PATIENCE, accessible, click, journey, keyboardReaches, pause, seen, stage, text, visible } from "./browser.mjs";
import { answer, bringPictures, enter, openCase } from "./desk.mjs";
import { savesInto } from "./files.mjs";
import { fill as fillForm, keepWords, typeWords } from "./reporter.mjs";

const TOLD = "Sample: sealed in the kit by the journey. The line to the town has been cut since Monday.";
const ANSWER = "Sample answer, read from a stick: thank you. Stay where you are safe.";
const run = promisify(execFile);
const program = (name) => join(stage.programs, name);

/** A line that leads nowhere: what whoever calls asked for is noted, and not answered. */
async function deadLine() {
  const line = { asked: [] };
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (bytes) => {
      line.asked.push(bytes.toString("latin1").split("\r\n")[0]);
      socket.destroy();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  server.unref();
  line.port = server.address().port;
  return line;
}

/** A browser whose every way out is that line, this machine's own addresses included. */
const cutOff = ({ port }) => ({
  flags: [`--proxy-server=http://127.0.0.1:${port}`, "--proxy-bypass-list=<-loopback>"],
  preferences: {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": port,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": port,
    "network.proxy.allow_hijacking_localhost": true,
    "network.proxy.no_proxies_on": "",
    ...savesInto(stage.stick),
  },
});

/** A page whose every request is noted: the file itself, what stands in it and what it saves are none. */
async function watched(b, asked) {
  const page = await b.page();
  page.on("request", (request) => {
    if (!/^(file|data|blob|about):/.test(request.url())) asked.push(request.url());
  });
  return page;
}

async function unfold(b, asked, daysAhead = 0) {
  const page = await watched(b, asked);
  if (daysAhead) await page.evaluateOnNewDocument((ahead) => {
    const now = Date.now;
    Date.now = () => now() + ahead * 86_400_000;
  }, daysAhead);
  if (!b.firefox) await page.setOfflineMode(true);
  await page.goto(`${pathToFileURL(stage.kit).href}#en`, { waitUntil: "load" });
  await page.waitForSelector("#read:not([disabled])");
  return page;
}

/** What the browsers ask for themselves (accounts, settings) is on the line as well, and leads nowhere too. */
function nothingAsked(asked) {
  if (asked.length > 0) throw new Error(asked.join("\n"));
}

/** Chooses the copied board. No driver chooses a folder in Firefox: there its files come one by one, by their paths. */
async function chooseBoard(b, page) {
  const chooser = await page.$("#board");
  if (!b.firefox) return chooser.uploadFile(stage.copy);
  const files = readdirSync(stage.copy, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
  await page.evaluate((paths) => {
    // A file's own place in the list of those chosen tells which path is its.
    Object.defineProperty(File.prototype, "webkitRelativePath", {
      configurable: true,
      get() {
        return paths[[...document.querySelector("#board").files].indexOf(this)] ?? "";
      },
    });
    document.querySelector("#board").webkitdirectory = false;
  }, files.map((one) => `copy/${relative(stage.copy, one)}`));
  await chooser.uploadFile(...files);
}

/** The codes that stand still, each photographed, every second one in the other format; and one that is cut. */
async function photographed(page, folder) {
  const before = page.viewport();
  await page.setViewport({ width: 390, height: 844, deviceScaleFactor: 2 });
  const files = [];
  for (const code of await page.$$("#grid canvas")) {
    const how = files.length % 2 === 0 ? { type: "png" } : { type: "jpeg", quality: 80 };
    const file = join(folder, `${files.length}.${how.type}`);
    writeFileSync(file, await code.screenshot(how));
    files.push(file);
  }
  await page.setViewport(before);
  const cut = join(folder, "cut.jpeg");
  const whole = readFileSync(files[1]);
  writeFileSync(cut, whole.subarray(0, whole.length / 2));
  return { first: files.slice(0, 10), rest: files.slice(10), cut };
}

await journey(async (told, start) => {
  const pictures = mkdtempSync(join(tmpdir(), "temoin-pictures-"));
  process.on("exit", () => rmSync(pictures, { recursive: true, force: true }));
  const line = await deadLine();
  const b = await start(stage.browser, cutOff(line));
  const asked = [];

  // First that the watch can see at all.
  await told.must("a page that asks for something is noted, on the page and on its line, and gets nothing", async () => {
    const noted = [];
    const page = await watched(b, noted);
    const there = await page.goto(stage.reporter).then((answer) => answer?.ok(), () => false);
    if (there) throw new Error("the relay can be reached");
    if (!noted.includes(stage.reporter)) throw new Error(`noted: ${noted.join(" ")}`);
    const host = new URL(stage.reporter).host;
    if (!line.asked.some((one) => one.includes(host))) throw new Error(`on the line: ${line.asked.join(" | ")}`);
    await page.close();
    b.noise.length = 0;
    line.asked.length = 0;
  });

  const kit = await told.must("the kit opens from a file, with the network off", () => unfold(b, asked));
  await told.see("it says until when it is good", () => seen(kit, "#until", /\d{4}-\d\d-\d\d/));
  await told.see("begin: axe, narrow screen, keyboard", async () => {
    await accessible(kit, "kit");
    await keyboardReaches(kit, "kit");
  });
  await told.see("each of its languages takes the place of the other", async () => {
    const offered = await kit.$$eval("header nav a", (all) => all.map((e) => e.hash.slice(1)));
    if (offered.length === 0) throw new Error("there is only one");
    for (const tag of [...offered, "en"]) {
      await kit.evaluate((to) => void (location.hash = to), tag);
      await kit.waitForFunction((to) => document.documentElement.lang.startsWith(to) && !document.querySelector("#read").disabled, {}, tag);
      const shown = await kit.evaluate(() => document.documentElement.dir);
      if (shown !== (tag === "ar" ? "rtl" : "ltr")) throw new Error(`${tag} is ${shown}`);
    }
  });

  await told.see("with all it holds it stays within 180 kB, compressed", () => {
    const bytes = gzipSync(readFileSync(stage.kit), { level: 9 }).length;
    if (bytes > 180_000) throw new Error(`${bytes} bytes`);
  });
  await told.see("after its last day it seals nothing, says how to get a new one, and still reads", async () => {
    const late = await unfold(b, asked, 500);
    await seen(late, "#trouble", /seals nothing more: take a new one/);
    const [write, read] = await late.evaluate(() => ["write", "read"].map((id) => document.querySelector(`#${id}`).disabled));
    if (!write || read) throw new Error(`write ${write}, read ${read}`);
    await late.close();
  });
  await told.see("on a device whose day is before the kit was made it asks before it seals", async () => {
    const early = await unfold(b, asked, -400);
    await fillForm(early, { narrative: "Sample: a wrong clock.", consents: {} });
    await keepWords(early, "none");
    await click(early, "#seal");
    await seen(early, "#clock-dates", /clock of this device is wrong/);
    if (await visible(early, "#carried")) throw new Error("it sealed without asking");
    await click(early, "#clock-accept");
    await click(early, "#seal");
    await seen(early, "#carried h1", /not left yet/);
    await early.close();
  });

  await kit.bringToFront();
  await told.must("write: a letter is written", () => fillForm(kit, { narrative: TOLD, where: "the town", consents: {} }));
  const words = await told.must("the words are drawn from the list in the file", () => keepWords(kit, "hide"));
  await told.must("seal: it is sealed here, and says that it has not left", async () => {
    await click(kit, "#seal");
    await seen(kit, "#carried h1", /not left yet/);
  });
  await told.see("nothing that was typed is left in the page", async () => {
    const left = await kit.evaluate(() => [...document.querySelectorAll("input,textarea")].map((e) => e.value).join(" "));
    if (left.includes("Monday")) throw new Error("the report still stands in a field");
  });
  await told.see("carry: axe, narrow screen, keyboard", async () => {
    await accessible(kit, "carry");
    await keyboardReaches(kit, "carry");
  });
  await told.must("it is saved as a file that a courier’s program takes for a parcel", async () => {
    if (!b.firefox) {
      const session = await kit.createCDPSession();
      await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: stage.stick });
    }
    await click(kit, "#save");
    const saved = () => readdirSync(stage.stick).filter((name) => !/\.(part|crdownload|tmp)$/.test(name));
    const whole = () => saved().some((name) => readFileSync(join(stage.stick, name)).length > 0);
    for (let tries = 0; tries < 300 && !whole(); tries++) await pause(100);
    const [name] = saved();
    if (!/^[A-Z2-7]{8}\.BIN$/.test(name ?? "")) throw new Error(`saved as ${name}`);
    if (readFileSync(join(stage.stick, name)).length !== 16 + 4_096) throw new Error("not a posting of the smallest class");
    await seen(kit, "#save-status", new RegExp(name));
  });
  await told.see("its codes change, stop, and stand still", async () => {
    await click(kit, "#codes");
    // A busy machine may not see the first.
    const first = await seen(kit, "#code-number", /Code \d+/);
    await kit.waitForFunction((shown) => document.querySelector("#code-number").textContent.trim() !== shown, {}, first);
    await click(kit, "#pause");
    const stopped = await text(kit, "#code-number");
    await pause(1_500);
    if ((await text(kit, "#code-number")) !== stopped || stopped === first) throw new Error("it does not pause");
    await click(kit, "#hide-codes");
    await click(kit, "#still");
    const drawn = await kit.$$eval("#grid canvas", (all) => all.length);
    if (drawn !== 21 + 3) throw new Error(`${drawn} still codes`);
    await accessible(kit, "still codes");
  });
  const taken = await told.must("the codes that stand still are photographed", () => photographed(kit, pictures));
  await told.see("as lines of text it is the same letter", async () => {
    await click(kit, "#lines");
    await kit.waitForFunction(() => document.querySelector("#text-lines").value !== "");
    const lines = (await kit.$eval("#text-lines", (e) => e.value)).split("\n");
    if (lines.length !== 125 || lines[0].length !== 72) throw new Error(`${lines.length} lines of ${lines[0].length}`);
  });
  await told.see("nothing was asked of any network", () => nothingAsked(asked));
  await kit.close();

  // The desk is another machine's, with a line.
  const office = await start(stage.browser);
  const desk = await told.must("a caseworker enters", () => enter(office, stage.desk));
  await told.must("at the desk, ten of the codes say how many are missing, and a picture that is cut is told by its number", async () => {
    const said = await bringPictures(desk, [...taken.first, taken.cut]);
    // A reader of codes may give up on one picture; the spare codes are for that.
    const read = Number(/Codes of letters read: (\d+)\./.exec(said)?.[1]);
    if (!(read >= 8 && read <= 10) || !/Picture 11: .*cut short or damaged/.test(said)) throw new Error(said);
    await seen(desk, "#missing", new RegExp(`\\b${21 - read} codes are still missing`));
    await accessible(desk, "pictures");
    await keyboardReaches(desk, "pictures");
  });
  await told.must("with the others the letter is taken in", async () => {
    const said = await bringPictures(desk, taken.rest);
    if (!/One letter is whole and became a case/.test(said)) throw new Error(said);
  });
  await told.see("the same codes once more make no second case", async () => {
    await bringPictures(desk, [...taken.first, ...taken.rest]);
    await desk.goto(new URL("/?show=open", desk.url()).href, { waitUntil: "load" });
    const cases = await desk.$$eval("#cases h2 a", (all) => all.length);
    if (cases !== 1) throw new Error(`${cases} cases`);
  });
  await told.must("a drop point takes it off the stick, and passes it on when there is a line", async () => {
    const { stdout } = await run(program("temoin-relay"), [
      "drop", "--folder", stage.drop, "--root", stage.root, "--notice", stage.notice,
      "--take", stage.stick, "--forward", stage.reporter,
    ]);
    if (!/1 taken in/.test(stdout) || !/1 signed for/.test(stdout)) throw new Error(stdout);
    if (readdirSync(stage.stick).length > 0) throw new Error("something is left on the stick");
  });

  await told.must("the letter has become a case", () => openCase(desk, /sealed in the kit by the journey/));
  await told.must("reply: an answer is sealed", async () => {
    await answer(desk, ANSWER);
    await seen(desk, "#conversation", /where you are safe/);
  });

  // The answer is posted at the desk's next visit and listed when an epoch closes after it.
  const again = await told.must("the kit opens on the machine without a network", () => unfold(b, asked));
  await told.must("the words read the answer from the copied board", async () => {
    await click(again, "#read");
    await typeWords(again, "#typed-words", words);
    const end = Date.now() + PATIENCE + 6_000 * stage.epochSeconds;
    for (;;) {
      await run(program("temoin-report"), ["board", "--relay", stage.reporter, "--root", stage.root, "--to", stage.copy, "--days", "3"]);
      await chooseBoard(b, again);
      await seen(again, "#board-status", /newest seen/);
      if (await visible(again, "#look")) await click(again, "#look");
      await again.waitForFunction(() => !document.querySelector("#look").disabled && !document.querySelector("#found").hidden);
      const shown = await text(again, "#answers");
      if (shown.includes("where you are safe")) break;
      if (Date.now() > end) throw new Error(`no answer; the page says: ${shown.slice(0, 300)}`);
      await pause(2_000);
    }
  });
  await told.see("the letter that came by pictures and by drop point is one letter of one case", async () => {
    await openCase(desk, /sealed in the kit by the journey/);
    const letters = await desk.$$eval("#letters article", (all) => all.length);
    await desk.goto(new URL("/?show=answered", desk.url()).href, { waitUntil: "load" });
    const answered = await desk.$$eval("#cases h2 a", (all) => all.length);
    if (letters !== 1 || answered !== 1) throw new Error(`${letters} letters, ${answered} cases`);
  });
  await told.see("still nothing was asked of any network", () => nothingAsked(asked));
  await told.see("nothing alarmed on the browser’s console", async () => {
    const noise = [...b.noise, ...office.noise].filter((line) => !/favicon/.test(line));
    if (noise.length > 0) throw new Error(noise.slice(0, 5).join("\n"));
  });
});
