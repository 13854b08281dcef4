// What a caseworker does on the desk's pages: plain forms, no script, one-time link.

import { PATIENCE, click, follow, seen } from "./browser.mjs";

/** Opens the one-time link. */
export async function enter(b, link) {
  const page = await b.page(link);
  await seen(page, "h1");
  return page;
}

const base = (page) => new URL(page.url()).origin;

/** Waits until a case whose title fits stands in the list, and opens it. */
export async function openCase(page, pattern, timeout = PATIENCE) {
  const end = Date.now() + timeout;
  for (;;) {
    await page.goto(`${base(page)}/?show=open`, { waitUntil: "load" });
    const found = await page.$$eval("#cases h2 a", (all) => all.map((e) => [e.textContent, e.getAttribute("href")]));
    const fits = found.find(([title]) => pattern.test(title));
    if (fits) {
      await page.goto(base(page) + fits[1], { waitUntil: "load" });
      await seen(page, "#letters");
      return fits[1];
    }
    if (Date.now() > end) throw new Error(`no case fits ${pattern}: ${found.map(([title]) => title).join(" | ")}`);
    await new Promise((done) => setTimeout(done, 500));
  }
}

/** Fills a form in by the ids of its fields and sends it. */
export async function fill(page, form, fields, button = `#${form} button[type="submit"]`) {
  await page.$eval(`#${form}`, (e) => {
    for (let d = e.closest("details"); d; d = d.parentElement?.closest("details")) d.open = true;
  });
  for (const [name, value] of Object.entries(fields)) {
    const field = `#${form} [name="${name}"]`;
    const kind = await page.$eval(field, (e) => (e.tagName === "SELECT" ? "select" : e.type));
    if (kind === "select") await page.select(field, value);
    else if (kind === "radio" || kind === "checkbox") {
      const one = `${field}[value="${value}"]`;
      if (!(await page.$eval(one, (e) => e.checked))) await page.$eval(one, (e) => e.click());
    } else {
      await page.$eval(field, (e) => (e.value = ""));
      await page.focus(field);
      await page.keyboard.type(value);
    }
  }
  await follow(page, button);
  const refused = await page.$$eval('[role="alert"]', (all) => all.map((e) => e.textContent.trim()));
  if (refused.length > 0) throw new Error(`the desk says: ${refused.join(" | ")}`);
}

/** Writes an answer, looks at it as the reporter will read it, and sends it. */
export async function answer(page, words) {
  await fill(page, "reply", { text: words });
  const shown = await page.$eval("#answer", (e) => e.innerText.trim());
  if (shown !== words) throw new Error(`the desk would send ${shown}`);
  await fill(page, "send", {});
}

/** Brings pictures of codes to the desk; what it says of them. */
export async function bringPictures(page, files) {
  await page.goto(`${base(page)}/pictures`, { waitUntil: "load" });
  await (await page.$("#pictures-files")).uploadFile(...files);
  await follow(page, '#pictures button[type="submit"]');
  return seen(page, "#said");
}

/** Locks the desk: the vault is closed. */
export async function lock(page) {
  await follow(page, "#lock button");
  await seen(page, 'input[type="password"]', /(?:)/);
}

/** Types the passphrase on the locked page. */
export async function unlock(page, passphrase) {
  await page.focus('input[type="password"]');
  await page.keyboard.type(passphrase);
  const there = page.waitForNavigation({ waitUntil: "load" });
  await page.keyboard.press("Enter");
  await there;
}

export { click };
