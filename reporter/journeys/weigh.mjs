// What a first visit costs on the wire: stops when a field takes text, and when the receipt shows.
// `xtask` reads the counter of its recorder at both lines.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { journey, pause, stage } from "./browser.mjs";
import { writeLetter } from "./reporter.mjs";

await journey(async (told, start) => {
  const b = await start("chromium");
  // Straight to the form, as from a link in a message: a fresh profile, nothing in its cache.
  const page = await b.page();
  await page.goto(`${stage.reporter}en/form.html`, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => {
    const field = document.querySelector("#narrative");
    const button = document.querySelector("#write");
    return field && button && !button.disabled && document.documentElement.dataset.ready === "yes";
  });
  await page.evaluate(() => document.querySelector("#write").click());
  await page.focus("#narrative");
  console.log("the form takes text");
  const go = join(stage.gate, "go-on");
  for (let waited = 0; !existsSync(go) && waited < 600; waited++) await pause(50);
  await page.evaluate(() => document.querySelector("#back").click());
  await told.must("a report of everyday length is sent", () =>
    writeLetter(page, { narrative: "Sample: three people in plain clothes came in the morning and took two telephones. ".repeat(4) }));
  console.log("the receipt shows");
});
