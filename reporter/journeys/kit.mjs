// The kit, as the guide's one page says: taken on a stick, opened on a machine without a network,
// a letter sealed, handed to a drop point from another machine, and the answer read from a copied
// board.

import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { PATIENCE, accessible, click, journey, keyboardReaches, pause, seen, stage, text, visible } from "./browser.mjs";
import { answer, enter, fill, openCase } from "./desk.mjs";
import { fill as fillForm, keepWords, typeWords } from "./reporter.mjs";

const TOLD = "Sample: sealed in the kit by the journey. The line to the town has been cut since Monday.";
const ANSWER = "Sample answer, read from a stick: thank you. Stay where you are safe.";
const run = promisify(execFile);
const program = (name) => join(stage.programs, name);

/** A page of a file, with no network and every request counted. */
async function unfold(b, asked, daysAhead = 0) {
  const page = await b.page();
  if (daysAhead) await page.evaluateOnNewDocument((ahead) => {
    const now = Date.now;
    Date.now = () => now() + ahead * 86_400_000;
  }, daysAhead);
  page.on("request", (request) => {
    // The file itself, what stands in it, and the file it saves.
    if (!/^(file|data|blob|about):/.test(request.url())) asked.push(request.url());
  });
  if (!b.firefox) await page.setOfflineMode(true);
  await page.goto(`${pathToFileURL(stage.kit).href}#en`, { waitUntil: "load" });
  await page.waitForSelector("#read:not([disabled])");
  return page;
}

await journey(async (told, start) => {
  const b = await start(stage.browser);
  const asked = [];

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
    const session = await kit.createCDPSession();
    await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: stage.stick });
    await click(kit, "#save");
    for (let tries = 0; tries < 100 && !readdirSync(stage.stick).some((name) => name.endsWith(".BIN")); tries++) await pause(100);
    const [name] = readdirSync(stage.stick);
    if (!/^[A-Z2-7]{8}\.BIN$/.test(name ?? "")) throw new Error(`saved as ${name}`);
    if (readFileSync(join(stage.stick, name)).length !== 16 + 4_096) throw new Error("not a posting of the smallest class");
    await seen(kit, "#save-status", new RegExp(name));
  });
  await told.see("its codes change, stop, and stand still", async () => {
    await click(kit, "#codes");
    const first = await seen(kit, "#code-number", /Code 1\b/);
    await seen(kit, "#code-number", /Code [3-9]/);
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
  await told.see("as lines of text it is the same letter", async () => {
    await click(kit, "#lines");
    await kit.waitForFunction(() => document.querySelector("#text-lines").value !== "");
    const lines = (await kit.$eval("#text-lines", (e) => e.value)).split("\n");
    if (lines.length !== 125 || lines[0].length !== 72) throw new Error(`${lines.length} lines of ${lines[0].length}`);
  });
  await told.see("nothing was asked of any network", async () => {
    if (asked.length > 0) throw new Error(asked.join("\n"));
  });
  await kit.close();

  await told.must("a drop point takes it off the stick, and passes it on when there is a line", async () => {
    const { stdout } = await run(program("temoin-relay"), [
      "drop", "--folder", stage.drop, "--root", stage.root, "--notice", stage.notice,
      "--take", stage.stick, "--forward", stage.reporter,
    ]);
    if (!/1 taken in/.test(stdout) || !/1 signed for/.test(stdout)) throw new Error(stdout);
    if (readdirSync(stage.stick).length > 0) throw new Error("something is left on the stick");
  });

  const desk = await told.must("a caseworker enters", () => enter(b, stage.desk));
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
      const chooser = await again.$("#board");
      await chooser.uploadFile(stage.copy);
      await seen(again, "#board-status", /newest seen/);
      if (await visible(again, "#look")) await click(again, "#look");
      await again.waitForFunction(() => !document.querySelector("#look").disabled && !document.querySelector("#found").hidden);
      const shown = await text(again, "#answers");
      if (shown.includes("where you are safe")) break;
      if (Date.now() > end) throw new Error(`no answer; the page says: ${shown.slice(0, 300)}`);
      await pause(2_000);
    }
  });
  await told.see("still nothing was asked of any network", async () => {
    if (asked.length > 0) throw new Error(asked.join("\n"));
  });
  await told.see("nothing alarmed on the browser’s console", async () => {
    if (b.noise.length > 0) throw new Error(b.noise.slice(0, 5).join("\n"));
  });
});
