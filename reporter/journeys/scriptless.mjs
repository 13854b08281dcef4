// A browser whose owner switched scripts off.
//
// Firefox then runs no script of the driver either, so what is on the page is asked of the browser
// itself (WebDriver BiDi `locateNodes`), and everything is done by pointer and keyboard, as by hand.

import { PATIENCE, pause } from "./browser.mjs";

const flat = (node) => {
  const value = node.value ?? {};
  if (value.nodeType === 3) return value.nodeValue ?? "";
  return (value.children ?? []).map(flat).join("");
};

async function located(b, page, selector) {
  const { result } = await b.browser.connection.send("browsingContext.locateNodes", {
    context: page.mainFrame()._id,
    locator: { type: "css", value: selector },
    serializationOptions: { maxDomDepth: null },
  });
  return result.nodes;
}

/** The texts of all elements that fit. */
export async function texts(b, page, selector) {
  if (!b.firefox) return page.$$eval(selector, (all) => all.map((e) => e.textContent ?? ""));
  return (await located(b, page, selector)).map(flat);
}

export async function attribute(b, page, selector, name) {
  if (!b.firefox) return page.$eval(selector, (e, n) => e.getAttribute(n), name);
  return (await located(b, page, selector))[0]?.value?.attributes?.[name] ?? null;
}

/** Waits until an element says something that fits. */
export async function says(b, page, selector, pattern, timeout = PATIENCE) {
  const end = Date.now() + timeout;
  let last = [];
  while (Date.now() < end) {
    last = await texts(b, page, selector).catch(() => last);
    const fits = last.find((one) => pattern.test(one));
    if (fits !== undefined) return fits.trim();
    await pause(150);
  }
  throw new Error(`${selector} never said ${pattern}; last: ${JSON.stringify(last).slice(0, 300)}`);
}

/** Turns the wheel to the end of the page, where the bar with the way out lies over nothing. */
export async function toTheEnd(b, page) {
  if (!b.firefox) return;
  const turn = [{ type: "wheel", id: "wheel", actions: [{ type: "scroll", x: 100, y: 300, deltaX: 0, deltaY: 3_000 }] }];
  await b.browser.connection.send("input.performActions", { context: page.mainFrame()._id, actions: turn });
  await pause(500);
}

/** Presses an element with the pointer. */
export async function press(b, page, selector) {
  if (!b.firefox) {
    const found = await page.waitForSelector(selector);
    await found.evaluate((e) => e.scrollIntoView({ block: "center" }));
    await found.click();
    return;
  }
  const [node] = await located(b, page, selector);
  if (!node) throw new Error(`${selector} is not on the page`);
  const context = page.mainFrame()._id;
  const origin = { type: "element", element: { sharedId: node.sharedId } };
  const pointer = (actions) => b.browser.connection.send("input.performActions", { context, actions });
  const click = [{ type: "pointer", id: "hand", actions: [
    { type: "pointerMove", x: 0, y: 0, origin },
    { type: "pointerDown", button: 0 },
    { type: "pointerUp", button: 0 },
  ] }];
  try {
    await pointer(click);
  } catch {
    // Further down than the window reaches: the wheel brings it into view.
    for (let turn = 0; turn < 60; turn++) {
      await pointer([{ type: "wheel", id: "wheel", actions: [{ type: "scroll", x: 100, y: 300, deltaX: 0, deltaY: 400 }] }]);
      await pause(150);
      try {
        await pointer(click);
        return;
      } catch {
        // Not yet.
      }
    }
    throw new Error(`${selector} was not reached`);
  }
}

/** Chooses files in a field, as a person does in the browser's own window. */
export async function choose(b, page, selector, files) {
  if (!b.firefox) return (await page.$(selector)).uploadFile(...files);
  const [node] = await located(b, page, selector);
  await b.browser.connection.send("input.setFiles", {
    context: page.mainFrame()._id,
    element: { sharedId: node.sharedId },
    files,
  });
}

export async function write(b, page, selector, words) {
  await press(b, page, selector);
  await page.keyboard.type(words);
}
