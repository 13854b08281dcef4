// What a reporter does on the page: write, keep the words, send; come back and read.

import { PATIENCE, click, pause, seen, text, type } from "./browser.mjs";

/** The sentence that says a letter has arrived, in either language. */
export const ARRIVED = /./s;

/** Opens the form from the landing page. */
export async function arrive(b, address, language = "en") {
  const page = await b.page(`${address}${language}/form.html`);
  await page.waitForSelector("#write:not([disabled])");
  return page;
}

/** Fills the form in and stops before the words. */
export async function fill(page, report) {
  await click(page, "#write");
  await type(page, "#narrative", report.narrative);
  if (report.when) await type(page, "#when", report.when);
  if (report.day) await page.$eval("#day", (e, day) => {
    e.value = day;
    e.dispatchEvent(new Event("input", { bubbles: true }));
  }, report.day);
  if (report.where) await type(page, "#where", report.where);
  if (report.country) await page.select("#country", report.country);
  await click(page, "#next");
  for (const act of report.acts ?? []) await tick(page, "#acts", act);
  await click(page, "#next");
  if (report.victims) await type(page, "#victims", report.victims);
  if (report.perpetrators) await type(page, "#perpetrators", report.perpetrators);
  if (report.own) await type(page, "#own-1", report.own);
  await click(page, "#next");
  if (report.safety) await type(page, "#safety", report.safety);
  if (report.contact) await type(page, "#contact", report.contact);
  await click(page, "#next");
  for (const [purpose, answer] of Object.entries(report.consents ?? {})) await consent(page, purpose, answer);
  await click(page, "#next");
  await seen(page, "#words :is(h1, h2)");
}

async function tick(page, within, code) {
  const selector = `${within} input[value="${code}"]`;
  await page.$eval(selector, (e) => {
    for (let d = e.closest("details"); d; d = d.parentElement?.closest("details")) d.open = true;
  });
  await click(page, `label:has(> input[value="${code}"])`);
}

/** An answer for a use, and how much of the person may be shown; the second is asked after a yes. */
async function consent(page, purpose, answer, identity = "none") {
  await page.$eval(`#consents [data-purpose="${purpose}"]`, (holder, values) => {
    for (let d = holder.closest("details"); d; d = d.parentElement?.closest("details")) d.open = true;
    holder.querySelectorAll("select").forEach((select, n) => {
      select.value = values[n];
      for (const kind of ["input", "change"]) select.dispatchEvent(new Event(kind, { bubbles: true }));
    });
  }, [answer, identity]);
}

/** Chooses what to do with the words; the words are what comes back, none for "none". */
export async function keepWords(page, choice) {
  await click(page, `label:has(> input[value="${choice}"])`);
  if (choice === "none") {
    await click(page, "#next");
    return [];
  }
  await seen(page, "#drawn-words li");
  const words = await page.$$eval("#drawn-words li", (all) => all.map((e) => (e.innerText ?? "").trim()));
  await click(page, "#kept");
  if (choice === "learn") {
    await seen(page, "#rehearsal-words");
    await typeWords(page, "#rehearsal-words", words);
    await click(page, "#rehearse");
  }
  await page.waitForFunction(() => document.querySelector("#drawn").hidden);
  await click(page, "#next");
  return words;
}

/** Types the words into the row of fields, as a person does who remembers them. */
export async function typeWords(page, holder, words) {
  await page.waitForSelector(`${holder} input`);
  const fields = await page.$$eval(`${holder} input`, (all) => all.map((e) => `#${e.id}`));
  for (const [n, field] of fields.entries()) {
    await page.focus(field);
    await page.keyboard.type(words[n]);
    // Leaves the list of proposals.
    await page.keyboard.press("Escape");
  }
}

/** Seals and sends; comes back when the receipt was checked. */
export async function send(page) {
  await click(page, "#seal");
  return seen(page, "#sent-epoch", /\d/);
}

/** Writes a whole letter; gives the words and the mailbox name that was shown. */
export async function writeLetter(page, report, choice = "hide") {
  await fill(page, report);
  const words = await keepWords(page, choice);
  await send(page);
  const mailbox = words.length > 0 ? await text(page, "#sent-mailbox") : "";
  return { words, mailbox };
}

/** Opens the conversation of the words and takes new ones; comes back with them when the receipt was checked. */
export async function takeNewWords(page, words) {
  await click(page, "#read");
  await typeWords(page, "#typed-words", words);
  await click(page, "#look");
  await page.waitForFunction(() => !document.querySelector("#look").disabled && !document.querySelector("#found").hidden);
  await click(page, "#change");
  await click(page, "#new-draw");
  await seen(page, "#new-mailbox", /\S/);
  const drawn = await page.$$eval("#new-drawn-words li", (all) => all.map((e) => (e.innerText ?? "").trim()));
  await click(page, "#new-kept");
  await typeWords(page, "#new-rehearsal-words", drawn);
  await click(page, "#new-rehearse");
  await click(page, "#new-seal");
  await seen(page, "#change-words", /Your change of words has arrived/);
  return drawn;
}

/** Types the words and looks, again and again until an answer fits. */
export async function readAnswer(page, words, pattern, timeout = PATIENCE) {
  await click(page, "#read");
  await typeWords(page, "#typed-words", words);
  const end = Date.now() + timeout;
  for (;;) {
    await click(page, "#look");
    await page.waitForFunction(() => !document.querySelector("#look").disabled && !document.querySelector("#found").hidden);
    const shown = await text(page, "#answers");
    if (pattern.test(shown)) return shown;
    if (Date.now() > end) throw new Error(`no answer fits ${pattern}; the page says: ${shown.slice(0, 300)}`);
    await pause(1_000);
  }
}
