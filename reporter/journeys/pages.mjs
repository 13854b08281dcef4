// Every page of the house, in every state a person can meet, in both languages: axe objects to
// nothing, nothing is wider than a narrow screen, everything is reached by keyboard alone and the
// focus can be seen.

import { accessible, click, edged, inForcedColours, journey, keyboardReaches, seen, stage, tabTo, text, type, visible } from "./browser.mjs";
import { enter, fill, lock, openCase } from "./desk.mjs";
import { arrive, send, typeWords } from "./reporter.mjs";

await journey(async (told, start) => {
  const b = await start(stage.browser);
  const usable = (page, where) => told.see(`${where}: axe, narrow screen, keyboard`, async () => {
    await accessible(page, where);
    await keyboardReaches(page, where);
  });
  const next = (page) => page.evaluate(() => document.querySelector("#next").click());

  for (const language of ["en", "fr"]) {
    const page = await b.page(`${stage.reporter}${language}/index.html`);
    await usable(page, `landing, ${language}`);
    await page.close();

    const form = await arrive(b, stage.reporter, language);
    await usable(form, `form, begin, ${language}`);
    await form.evaluate(() => document.querySelector("#write").click());
    for (const step of ["story", "what", "who", "writer", "uses", "words"]) {
      await told.see(`form, ${step}, ${language}: axe, narrow screen, keyboard`, async () => {
        await seen(form, `#${step} :is(h1, h2)`);
        // What is folded away is looked at too.
        await form.evaluate((id) => document.querySelectorAll(`#${id} details`).forEach((d) => (d.open = true)), step);
        await accessible(form, step);
        await keyboardReaches(form, step);
      });
      if (step === "story") await type(form, "#narrative", language === "en" ? "Sample: a page looked at." : "Exemple : une page regardée.");
      if (step === "uses") await form.evaluate(() => {
        for (const select of document.querySelectorAll("#consents select:first-of-type")) {
          select.value = "yes";
          for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
        }
      });
      if (step !== "words") await next(form);
    }
    for (const choice of ["learn", "hide"]) {
      await click(form, `label:has(> input[value="${choice}"])`);
      await seen(form, "#drawn-words li");
      await usable(form, `words drawn, to ${choice}, ${language}`);
    }
    await click(form, 'label:has(> input[value="learn"])');
    const words = await form.$$eval("#drawn-words li", (all) => all.map((e) => (e.innerText ?? "").trim()));
    await click(form, "#kept");
    await seen(form, "#rehearsal-words input", /(?:)/);
    await usable(form, `words rehearsed, ${language}`);
    await told.see(`a word that is not in the list is named with its neighbours, ${language}`, async () => {
      const first = await form.$eval("#rehearsal-words input", (e) => `#${e.id}`);
      await form.focus(first);
      await form.keyboard.type("abaxus");
      await form.keyboard.press("Tab");
      await seen(form, `${first}-note`, /abaxus/);
      await accessible(form, "a wrong word");
      await form.$eval(first, (e) => (e.value = ""));
    });
    await typeWords(form, "#rehearsal-words", words);
    await click(form, "#rehearse");
    await form.waitForFunction(() => document.querySelector("#drawn").hidden);
    await next(form);
    await seen(form, "#seal");
    await usable(form, `form, send, ${language}`);
    await send(form);
    await usable(form, `sent, ${language}`);
    await form.close();

    const reading = await arrive(b, stage.reporter, language);
    await reading.evaluate(() => document.querySelector("#read").click());
    await seen(reading, "#typed-words input", /(?:)/);
    await usable(reading, `reading, ${language}`);
    await typeWords(reading, "#typed-words", words);
    await click(reading, "#look");
    await reading.waitForFunction(() => !document.querySelector("#look").disabled && !document.querySelector("#found").hidden);
    await usable(reading, `reading, looked, ${language}`);
    await told.see(`an empty box says which days were searched, ${language}`, async () => {
      const shown = await text(reading, "#answers");
      if (!/20\d\d/.test(shown)) throw new Error(shown);
    });
    await reading.close();

    const doorstep = await b.page(`${stage.doorstep}?${language}`);
    await doorstep.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
    await usable(doorstep, `doorstep, ${language}`);
    await doorstep.close();
  }

  await told.see("in forced colours every control of the form keeps its edge, and the focus can be seen", async () => {
    const page = await inForcedColours(start, b, `${stage.reporter}en/form.html`);
    await page.waitForSelector("#write:not([disabled])");
    await edged(page, "start");
    await page.evaluate(() => document.querySelector("#write").click());
    await edged(page, "story");
    await keyboardReaches(page, "story in forced colours");
    await page.close();
  });

  await told.see("a letter is written and sent by keyboard alone", async () => {
    const page = await arrive(b, stage.reporter);
    await page.evaluate(() => document.activeElement?.blur());
    await tabTo(page, "#write");
    await page.keyboard.press("Enter");
    await tabTo(page, "#narrative");
    await page.keyboard.type("Sample: written without a mouse.");
    await tabTo(page, "#to-end");
    await page.keyboard.press("Enter");
    await seen(page, "#words :is(h1, h2)");
    await tabTo(page, '#keep input[type="radio"]');
    // The last of the three choices, by the arrow a radio group answers to.
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowUp");
    const chosen = await page.$eval("#keep input:checked", (e) => e.value);
    if (chosen !== "none") throw new Error(`the arrows chose ${chosen}`);
    await tabTo(page, "#next");
    await page.keyboard.press("Enter");
    await seen(page, "#seal");
    await tabTo(page, "#seal");
    await page.keyboard.press("Enter");
    await seen(page, "#sent-epoch", /\d/);
    await page.close();
  });

  const desk = await enter(b, stage.desk);
  const go = (path) => desk.goto(new URL(path, desk.url()).href, { waitUntil: "load" });
  const unfold = () => desk.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  for (const language of ["en", "fr"]) {
    const now = await desk.$eval("html", (e) => e.lang);
    if (now !== language) await fill(desk, "language", {}, "#language button");
    for (const [path, where] of [["/", "queue"], ["/?show=mine", "yours"], ["/?show=due", "dates"], ["/?show=answered", "answered"], ["/?show=open", "all open"], ["/?show=ended", "ended"], ["/?show=open&act=beating", "chosen"], ["/readable-files", "readable files"], ["/unread", "unread"], ["/figures", "figures"], ["/office", "office"]]) {
      await go(path);
      await unfold();
      await usable(desk, `desk, ${where}, ${language}`);
    }
    const verified = await openCase(desk, /walked by the journey/);
    await unfold();
    await usable(desk, `desk, a verified case, ${language}`);
    for (const [path, where] of [["timeline", "a case in the order of days"], ["elsewhere/1", "what else is known"]]) {
      await go(`${verified}/${path}`);
      await usable(desk, `desk, ${where}, ${language}`);
    }
    await openCase(desk, /left as it came in/);
    await unfold();
    await usable(desk, `desk, a new case, ${language}`);
    await told.see(`desk: a form that is refused says why, beside itself, ${language}`, async () => {
      await fill(desk, "assess", { standard: "grounds-to-believe" }).then(
        () => { throw new Error("an assessment without reasons was taken"); },
        (problem) => { if (!/the desk says/.test(String(problem))) throw problem; },
      );
      await unfold();
      await accessible(desk, "a refused form");
    });
    await told.see(`desk: searching finds the case by a word of its letter, ${language}`, async () => {
      await fill(desk, "search", { typed: "caretaker" });
      await seen(desk, "#cases", /./);
      await accessible(desk, "search results");
    });
  }
  await lock(desk);
  await usable(desk, "desk, locked");

  const figures = await b.page(stage.public);
  await usable(figures, "public figures");
  if (!(await visible(figures, "table"))) throw new Error("the figures show no table");
});
