// What a first visit costs on the wire, for `xtask`, which counts between this browser and the
// relay: prints the moment from which a field takes text, and a line when the receipt shows.

import { journey, seen, stage } from "./browser.mjs";
import { writeLetter } from "./reporter.mjs";

await journey(async (told, start) => {
  const b = await start("chromium");
  const page = await b.page();
  await page.evaluateOnNewDocument(() => {
    // Noted in the very task that makes the form usable: what the page fetches next is not in it.
    const look = () => {
      const button = document.querySelector("#write");
      const ready = document.documentElement?.dataset.ready === "yes" && button && !button.disabled;
      if (ready) globalThis.takesText ??= Date.now();
    };
    new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
  });
  // Straight to the form, as from a link in a message: a fresh profile, nothing in its cache.
  await page.goto(`${stage.reporter}en/form.html`, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => globalThis.takesText > 0);
  console.log(`the form takes text since ${await page.evaluate(() => globalThis.takesText)}`);
  await told.must("a report of everyday length is sent", () =>
    writeLetter(page, { narrative: "Sample: three people in plain clothes came in the morning and took two telephones. ".repeat(4) }));
  await seen(page, "#sent-epoch", /\d/);
  console.log("the receipt shows");
});
