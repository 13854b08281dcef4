// What a first visit costs on the wire, for `xtask`, which counts between this browser and the
// relay: prints a line when a field takes text, and one when the receipt shows.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { journey, pause, seen, stage } from "./browser.mjs";
import { writeLetter } from "./reporter.mjs";

await journey(async (told, start) => {
  const b = await start("chromium");
  const page = await b.page();
  // Whatever the page asks for besides itself and its script is not needed to type. It is held back
  // until the count is read, so that no clock decides what belongs to it.
  const held = [];
  let holding = true;
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const own = /\/(form\.html|[^/]+\.js)$/.test(new URL(request.url()).pathname);
    if (holding && !own && request.url().startsWith("http")) held.push(request);
    else void request.continue();
  });
  // Straight to the form, as from a link in a message: a fresh profile, nothing in its cache.
  await page.goto(`${stage.reporter}en/form.html`, { waitUntil: "domcontentloaded" });
  await page.waitForFunction(() => {
    const button = document.querySelector("#write");
    return button && !button.disabled && document.documentElement.dataset.ready === "yes";
  });
  await page.evaluate(() => document.querySelector("#write").click());
  await page.focus("#narrative");
  console.log("the form takes text");
  for (let waited = 0; !existsSync(join(stage.gate, "go-on")) && waited < 600; waited++) await pause(50);
  holding = false;
  for (const request of held) void request.continue();
  await page.evaluate(() => document.querySelector("#back").click());
  await told.must("a report of everyday length is sent", () =>
    writeLetter(page, { narrative: "Sample: three people in plain clothes came in the morning and took two telephones. ".repeat(4) }));
  await seen(page, "#sent-epoch", /\d/);
  console.log("the receipt shows");
});
