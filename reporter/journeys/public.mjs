// The public reads what was published: figures with a chart and its table, and the same as files.

import { accessible, journey, keyboardReaches, seen, stage, text } from "./browser.mjs";

await journey(async (told, start) => {
  const b = await start(stage.browser);
  const page = await told.must("the public opens the figures", async () => {
    const page = await b.page(stage.public);
    await seen(page, "h1");
    return page;
  });
  await told.see("a table tells what the chart shows", async () => {
    const tables = await page.$$eval("table", (all) => all.length);
    if (tables === 0) throw new Error("no table");
    await seen(page, "table caption, caption", /./);
  });
  await told.see("the numbers are of the acts that were verified, small ones withheld", async () => {
    const all = await text(page, "body");
    if (!/\b8\b/.test(all)) throw new Error("eight acts were verified; the page does not say eight");
    // No number of a single act is shown.
    const cells = await page.$$eval("tbody td", (all) => all.map((e) => e.innerText.trim()));
    if (cells.includes("1")) throw new Error("a single act is shown");
  });
  await told.see("CSV and JSON are there for whoever calculates", async () => {
    const links = await page.$$eval("a[href]", (all) => all.map((e) => e.href));
    for (const kind of ["csv", "json"]) {
      const link = links.find((one) => new URL(one).pathname.endsWith(`.${kind}`));
      if (!link) throw new Error(`no ${kind} among ${links.join(" ")}`);
      const answer = await fetch(link);
      const body = await answer.text();
      if (answer.status !== 200 || body.length < 20) throw new Error(`${link}: ${answer.status}, ${body.length} bytes`);
      if (kind === "json") JSON.parse(body);
      // No narrative, no name, no place of the letters may be in it.
      if (/meeting room|neighbour|walked by/.test(body)) throw new Error(`${link} holds what was told`);
    }
  });
  await told.see("axe finds nothing on the figures, and everything is reached by keyboard", async () => {
    await accessible(page, "figures");
    await keyboardReaches(page, "figures");
  });
});
