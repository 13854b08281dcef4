// The journey of somebody whose browser runs no script: the page says what is possible and offers
// it; the doorstep seals what is typed, and says first that it could read along.

import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { cameTo, journey, stage } from "./browser.mjs";
import { attribute, choose, press, says, texts, toTheEnd, write } from "./scriptless.mjs";

const CASES = [
  { language: "en", told: "Sample: written without script, in English, at the doorstep.", arrived: /This letter has arrived/, none: /not a sealed letter/ },
  { language: "fr", told: "Exemple : écrit sans script, en français, sur le seuil.", arrived: /Cette lettre est arrivée/, none: /n’est pas une lettre scellée/ },
];
const run = promisify(execFile);
const report = (...given) => run(join(stage.programs, "temoin-report"), given);

/** A letter sealed on a computer of somebody's own, as a file on a stick. */
async function sealedElsewhere(telling) {
  const stick = mkdtempSync(join(tmpdir(), "temoin-stick-"));
  const told = join(stick, "told.txt");
  writeFileSync(told, telling);
  await report("write", "--text", told, "--relay", stage.reporter, "--root", stage.root, "--to", join(stick, "letters"));
  const [name] = readdirSync(join(stick, "letters"));
  return join(stick, "letters", name);
}

await journey(async (told, start) => {
  const b = await start(stage.browser, { script: false });
  for (const { language, told: narrative, arrived, none } of CASES) {
    const page = await b.page(`${stage.reporter}${language}/index.html`);
    await told.must(`script off, ${language}: the first page leads to the form`, async () => {
      await press(b, page, "#start");
      await cameTo(page, "form.html");
      await says(b, page, "h1", /./);
    });
    const address = await told.must(`script off, ${language}: the form explains itself, offers the doorstep, and shows no dead button`, async () => {
      await says(b, page, "noscript, .care", /./);
      const doorstep = await attribute(b, page, "#doorstep", "href");
      if (doorstep !== stage.doorstep && !doorstep?.startsWith(stage.doorstep)) throw new Error(`the doorstep is ${doorstep}`);
      return doorstep;
    });
    await told.must(`script off, ${language}: the doorstep warns before anything is typed`, async () => {
      await page.goto(`${address}?${language}`, { waitUntil: "load" });
      const warning = await says(b, page, ".care b, .care", /./);
      const [lang] = [await attribute(b, page, "html", "lang")];
      if (lang !== language) throw new Error(`the doorstep answers in ${lang}`);
      if (warning.length < 40) throw new Error(`the warning says only: ${warning}`);
    });
    const words = await told.must(`script off, ${language}: what is typed is sealed and sent, and the words come back once`, async () => {
      await write(b, page, "#narrative", narrative);
      await press(b, page, 'input[name="words"][value="yes"]');
      await press(b, page, "#send");
      await says(b, page, ".good", /./);
      const drawn = await texts(b, page, "#drawn-words li");
      if (drawn.length < 9) throw new Error(`${drawn.length} words`);
      return drawn.map((word) => word.trim());
    });
    await told.see(`script off, ${language}: the words are ${words.length} different ones of the list`, async () => {
      if (new Set(words).size < words.length - 1) throw new Error("the same words again and again");
    });
    await told.see(`script off, ${language}: nothing written is refused in words, and nothing is sent`, async () => {
      await page.goto(`${address}?${language}`, { waitUntil: "load" });
      await press(b, page, 'input[name="words"][value="no"]');
      await press(b, page, "#send");
      await says(b, page, ".care", /./);
      if ((await texts(b, page, ".good")).length > 0) throw new Error("an empty letter was taken");
    });
    const letter = await told.must(`script off, ${language}: a letter is sealed elsewhere`, () => sealedElsewhere(narrative));
    await told.must(`script off, ${language}: the first page and the form lead to where a sealed letter is handed in`, async () => {
      for (const from of ["form.html", "index.html"]) {
        await page.goto(`${stage.reporter}${language}/${from}`, { waitUntil: "load" });
        await press(b, page, "#sealed");
        await cameTo(page, "sealed.html");
      }
      await says(b, page, "h1", /./);
    });
    const lines = await told.must(`script off, ${language}: a letter sealed elsewhere is sent by a plain form, and the page gives its receipt`, async () => {
      await choose(b, page, "#letter", [letter]);
      await toTheEnd(b, page);
      await press(b, page, "#hand-in");
      await says(b, page, ".said", arrived);
      if ((await attribute(b, page, "html", "lang")) !== language) throw new Error("another language answers");
      const link = await attribute(b, page, "a[download]", "href");
      const saved = Buffer.from(link.split("base64,")[1], "base64");
      if (saved.length !== 298) throw new Error(`the receipt to save has ${saved.length} bytes`);
      return (await texts(b, page, "pre")).join("\n");
    });
    await told.see(`script off, ${language}: the receipt is the relay’s, for this very letter`, async () => {
      const copied = join(letter, "..", "..", "receipt.txt");
      writeFileSync(copied, lines);
      const { stdout } = await report("receipt", letter, copied, "--relay", stage.reporter, "--root", stage.root);
      if (!/\d/.test(stdout)) throw new Error(stdout);
    });
    await told.see(`script off, ${language}: a file that is no letter is refused in words`, async () => {
      await press(b, page, "main p > a[href$='sealed.html']");
      await says(b, page, "#hand-in", /./);
      await choose(b, page, "#letter", [join(letter, "..", "..", "told.txt")]);
      await toTheEnd(b, page);
      await press(b, page, "#hand-in");
      await says(b, page, ".said", none);
      if ((await texts(b, page, "a[download]")).length > 0) throw new Error("a receipt for nothing");
    });
    await page.close();
  }
});
