// The journey of somebody whose browser runs no script: the page says what is possible and offers
// it; the doorstep seals what is typed, and says first that it could read along.

import { journey, pause, stage } from "./browser.mjs";
import { attribute, press, says, texts, write } from "./scriptless.mjs";

const CASES = [
  { language: "en", told: "Sample: written without script, in English, at the doorstep." },
  { language: "fr", told: "Exemple : écrit sans script, en français, sur le seuil." },
];

await journey(async (told, start) => {
  const b = await start(stage.browser, { script: false });
  for (const { language, told: narrative } of CASES) {
    const page = await b.page(`${stage.reporter}${language}/index.html`);
    await told.must(`script off, ${language}: the first page leads to the form`, async () => {
      await press(b, page, "#start");
      for (let tries = 0; tries < 60 && !page.url().endsWith("form.html"); tries++) await pause(100);
      if (!page.url().endsWith("form.html")) throw new Error(page.url());
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
      await says(b, page, ".good", /./, 90_000);
      const drawn = await texts(b, page, "#drawn-words li");
      if (drawn.length < 7) throw new Error(`${drawn.length} words`);
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
    await page.close();
  }
});
