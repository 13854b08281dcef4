// What a person waits on a slow line, for `xtask`, which holds the line and counts its bytes: prints
// "begins" when everything is quiet, and "took" with the seconds. A new browser each time.

import { click, journey, pause, seen, stage } from "./browser.mjs";
import { keepWords, send, typeWords } from "./reporter.mjs";

const SAMPLE = "Sample: three people in plain clothes came in the morning and took two telephones. ".repeat(12);

/** Seconds since the page was asked for, by the browser's own clock. */
const since = (page, mark) => page.evaluate((m) => {
  const [navigation] = performance.getEntriesByType("navigation");
  return (m === "usable" ? navigation.domContentLoadedEventEnd : performance.now()) / 1_000;
}, mark);

const ERRANDS = {
  async landing(page) {
    await page.goto(`${stage.reporter}en/index.html`, { waitUntil: "domcontentloaded" });
    await seen(page, "#start");
    return since(page, "usable");
  },
  async report(page) {
    await page.goto(`${stage.reporter}en/form.html`, { waitUntil: "domcontentloaded" });
    await page.waitForSelector("#write:not([disabled])");
    // The line is measured, not a typist: the text is there at once, as if pasted.
    await click(page, "#write");
    await page.$eval("#narrative", (field, text) => {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }, SAMPLE);
    await click(page, "#to-end");
    await keepWords(page, "hide");
    await send(page);
    return since(page);
  },
  async answer(page) {
    await page.goto(`${stage.reporter}en/form.html`, { waitUntil: "domcontentloaded" });
    await page.waitForSelector("#read:not([disabled])");
    await click(page, "#read");
    await typeWords(page, "#typed-words", stage.words.split(" "));
    await click(page, "#look");
    await seen(page, "#answers", /Are you safe/, 200_000);
    return since(page);
  },
};

await journey(async (told, start) => {
  for (let round = 0; round < stage.rounds; round++) {
    // Over plain http, as an onion is: trusted here as a browser trusts an onion.
    const b = await start("chromium", { trusted: new URL(stage.reporter).origin });
    const page = await b.page();
    page.setDefaultTimeout(200_000);
    await pause(300);
    await told.must(`${stage.errand}, round ${round + 1}`, async () => {
      console.log("begins");
      console.log(`took ${(await ERRANDS[stage.errand](page)).toFixed(3)}`);
    });
    await b.close();
  }
});
