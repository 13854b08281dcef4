// A real browser with a fresh profile, and the few things a person does in one.
//
// Everything is driven by `puppeteer-core`: Chromium over its own protocol, Firefox over WebDriver
// BiDi. No driver and no browser is downloaded; the two stock browsers of the machine are used.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import axe from "axe-core";
import puppeteer from "puppeteer-core";

const PLACES = {
  chromium: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/snap/bin/chromium", "/usr/bin/google-chrome-stable", "/usr/bin/google-chrome"],
  firefox: ["/usr/bin/firefox-esr", "/usr/bin/firefox", "/snap/bin/firefox"],
};

/** Quiet, and alone: nothing but the page's own requests leaves the browser. */
const CHROMIUM = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--disable-default-apps",
  "--disable-domain-reliability", "--no-default-browser-check", "--disable-features=OptimizationHints,MediaRouter",
];
const FIREFOX = {
  "app.normandy.enabled": false,
  "app.update.enabled": false,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.newtabpage.enabled": false,
  "datareporting.healthreport.uploadEnabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "extensions.update.enabled": false,
  // A click must not meet a page that still moves.
  "general.smoothScroll": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.dns.disablePrefetch": true,
  "network.prefetch-next": false,
  "services.settings.server": "http://127.0.0.1:1/",
  "toolkit.telemetry.enabled": false,
};

/** Firefox's settings for a Tor client on this port: names are looked up there and nowhere else. */
export const throughTor = (port) => ({
  "dom.securecontext.allowlist_onions": true,
  "network.dns.blockDotOnion": false,
  "network.proxy.socks": "127.0.0.1",
  "network.proxy.socks_port": port,
  "network.proxy.socks_remote_dns": true,
  "network.proxy.type": 1,
});

/**
 * How long anything may take, in milliseconds, before it counts as not there. Long, since nothing is
 * measured here and a machine may be slow or busy: only what fails waits for it.
 */
export const PATIENCE = 120_000;

export const found = (name) => PLACES[name].find((place) => existsSync(place));

/**
 * Starts a browser; `script: false` is a browser whose owner switched scripts off, `trusted` an
 * origin without TLS that Chromium trusts as Tor Browser trusts an onion, `preferences` are Firefox's, `flags`
 * are Chromium's.
 */
export async function browse(name, { script = true, trusted, preferences = {}, flags = [] } = {}) {
  const executablePath = found(name);
  if (!executablePath) throw new Error(`${name} is not installed`);
  const profile = mkdtempSync(join(tmpdir(), "temoin-browser-"));
  const firefox = name === "firefox";
  const browser = await puppeteer.launch({
    browser: firefox ? "firefox" : "chrome",
    executablePath,
    headless: true,
    userDataDir: profile,
    args: firefox ? [] : [...CHROMIUM, ...flags, ...(trusted ? [`--unsafely-treat-insecure-origin-as-secure=${trusted}`] : [])],
    extraPrefsFirefox: firefox ? { ...FIREFOX, ...preferences, ...(script ? {} : { "javascript.enabled": false }) } : undefined,
    // A machine that builds beside this is slow to start one.
    timeout: PATIENCE,
    protocolTimeout: 2 * PATIENCE,
  });
  const noise = [];
  return {
    name,
    script,
    firefox,
    browser,
    profile,
    noise,
    async page(address) {
      const page = await browser.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.setViewport({ width: 390, height: 844 });
      page.on("console", (message) => ["error", "warn"].includes(message.type()) && noise.push(message.text()));
      page.on("pageerror", (problem) => noise.push(String(problem)));
      page.on("dialog", (dialog) => void dialog.accept().catch(() => undefined));
      if (!script && !firefox) await page.setJavaScriptEnabled(false);
      // Only the page in front has the keyboard, and shows where its focus is.
      await page.bringToFront();
      if (address) await page.goto(address, { waitUntil: "load" });
      return page;
    },
    async close() {
      await browser.close().catch(() => undefined);
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

// --- What a person does and sees --------------------------------------------------------------

export const text = (page, selector) => page.$eval(selector, (e) => (e.innerText ?? e.textContent ?? "").trim());

export const visible = (page, selector) =>
  page.$$eval(selector, (all) => all.some((e) => e.getClientRects().length > 0));

/** Waits until an element that can be seen says something that fits. */
export async function seen(page, selector, pattern = /./s, timeout = PATIENCE) {
  const end = Date.now() + timeout;
  let last = "nothing there";
  while (Date.now() < end) {
    try {
      const shown = await page.$$eval(selector, (all) =>
        all.filter((e) => e.getClientRects().length > 0).map((e) => e.innerText ?? e.textContent ?? ""));
      const fits = shown.find((one) => pattern.test(one));
      if (fits !== undefined) return fits.trim();
      last = shown.length > 0 ? JSON.stringify(shown[0].slice(0, 200)) : "nothing that can be seen";
    } catch (problem) {
      // The page is just being replaced by the next one.
      last = String(problem);
    }
    await pause(100);
  }
  throw new Error(`${selector} never showed ${pattern}; last: ${last}; at ${page.url().replace(/\?.*/, "")}`);
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Clicks what can be seen; scrolls there first, as a person would. */
export async function click(page, selector) {
  await seen(page, selector, /(?:)/);
  const handles = await page.$$(selector);
  for (const handle of handles) {
    if (await handle.evaluate((e) => e.getClientRects().length > 0)) {
      await handle.evaluate((e) => e.scrollIntoView({ block: "center" }));
      await handle.click();
      return;
    }
  }
  throw new Error(`${selector} cannot be clicked`);
}

/** Waits until the browser is at an address that ends so. */
export async function cameTo(page, ending) {
  const end = Date.now() + PATIENCE;
  while (!page.url().endsWith(ending)) {
    if (Date.now() > end) throw new Error(`never came to ${ending}; at ${page.url()}`);
    await pause(100);
  }
}

/** Clicks what leads to another page, and waits for it. */
export async function follow(page, selector) {
  const there = page.waitForNavigation({ waitUntil: "load" });
  await click(page, selector);
  await there;
}

export async function type(page, selector, words) {
  await seen(page, selector, /(?:)/);
  await page.focus(selector);
  await page.keyboard.type(words);
}

/** Walks to an element with Tab alone; whoever has no mouse must arrive. */
export async function tabTo(page, selector, most = 400) {
  await page.bringToFront();
  for (let presses = 0; presses < most; presses++) {
    const there = await page.evaluate((s) => !!document.activeElement?.matches(s), selector);
    if (there) return presses;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${selector} was not reached with ${most} presses of Tab`);
}

// --- Whether everybody can use it --------------------------------------------------------------

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * Nothing axe objects to, nothing wider than the narrowest screen or than a window of 1280 by 1024
 * at 400 %, where the way out may not take the place of the text; nothing moves.
 */
export async function accessible(page, where) {
  // Put in by the driver, outside the page's policy, which lets no page do that.
  await page.evaluate(axe.source);
  const objections = await page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: rules });
    return violations.map((v) => `${v.id} (${v.help}): ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  }, RULES);
  if (objections.length > 0) throw new Error(`axe at ${where}:\n  ${objections.join("\n  ")}`);
  const before = page.viewport();
  await page.setViewport({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  await page.setViewport({ width: 320, height: 256 });
  const magnified = await page.evaluate(() => {
    const out = document.querySelector(".out");
    return { wide: document.documentElement.scrollWidth, pinned: !!out && getComputedStyle(out).position === "fixed" };
  });
  const moves = await page.evaluate(() => document.getAnimations().length + [...document.querySelectorAll("body *")].filter((e) => {
    const { animationName, transitionDuration } = getComputedStyle(e);
    return animationName !== "none" || /[1-9]/.test(transitionDuration);
  }).length);
  await page.setViewport(before);
  if (wide > 320) throw new Error(`${where} is ${wide} wide on a screen of 320`);
  if (magnified.wide > 320 || magnified.pinned) throw new Error(`${where} at 400 %: ${JSON.stringify(magnified)}`);
  if (moves > 0) throw new Error(`${where}: ${moves} parts of the page move`);
}

/** A page as shown to people who see in colours of their own; a browser of its own in Firefox. */
export async function inForcedColours(start, b, address) {
  const own = b.firefox ? await start("firefox", { preferences: { "browser.display.document_color_use": 2 } }) : b;
  const page = await own.page(address);
  if (!b.firefox) {
    const line = await page.createCDPSession();
    await line.send("Emulation.setEmulatedMedia", { features: [{ name: "forced-colors", value: "active" }] });
  }
  if (!(await page.evaluate(() => matchMedia("(forced-colors: active)").matches))) throw new Error("the colours are not forced");
  return page;
}

/** Every button that can be seen has an edge of its own, since its ground is taken away. */
export async function edged(page, where) {
  const bare = await page.$$eval("button,.go,.leave,input,select,textarea", (all) => all.filter((e) => {
    const { borderTopWidth, borderTopStyle } = getComputedStyle(e);
    const native = e.matches("[type=radio],[type=checkbox],[type=hidden]");
    return e.getClientRects().length > 0 && !native && (borderTopStyle === "none" || parseFloat(borderTopWidth) < 1);
  }).map((e) => e.outerHTML.slice(0, 80)));
  if (bare.length > 0) throw new Error(`${where}: no edge on ${bare[0]}`);
}

/** Every control that can be seen is reached with Tab, and the focus can be seen on it. */
export async function keyboardReaches(page, where) {
  await page.bringToFront();
  const expected = await page.evaluate(() => {
    const FOCUSABLE = "a[href],button,input,select,textarea,summary,[tabindex='0']";
    const shown = [...document.querySelectorAll(FOCUSABLE)].filter((e) =>
      e.getClientRects().length > 0 && !e.disabled && e.tabIndex >= 0 && e.type !== "hidden");
    // One radio of a group takes the focus for all.
    const groups = new Set();
    const wanted = shown.filter((e) => {
      if (e.type !== "radio" || !e.name) return true;
      const key = `${e.form?.id ?? ""}/${e.name}`;
      if (groups.has(key)) return false;
      groups.add(key);
      return true;
    });
    wanted.forEach((e, n) => (e.dataset.journey = e.type === "radio" && e.name ? `radio:${e.name}` : String(n)));
    for (const e of shown) if (e.type === "radio" && e.name) e.dataset.journey = `radio:${e.name}`;
    // From the top, so that one walk down meets everything: past the end the focus would leave the
    // page for the browser's own buttons.
    globalThis.scrollTo(0, 0);
    document.body.tabIndex = -1;
    document.body.focus({ preventScroll: true });
    document.body.removeAttribute("tabindex");
    return wanted.map((e) => e.dataset.journey);
  });
  const reached = new Set();
  const unseen = [];
  for (let presses = 0; presses < expected.length * 2 + 20 && reached.size < expected.length; presses++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(async () => {
      const e = document.activeElement;
      if (!e?.dataset?.journey) return null;
      let seen = look();
      // A browser with much to do brings what has the focus into view some pictures later, and the
      // picture is what a person sees: a third of a second of them.
      for (let picture = 0; picture < 20 && !(seen.marked && seen.inView); picture++) {
        await new Promise((drawn) => requestAnimationFrame(drawn));
        seen = look();
      }
      return seen;

      function look() {
        const style = getComputedStyle(e);
        const own = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        const marked = own || style.boxShadow !== "none" || !!e.closest(":focus-within:not(body):not(html)") && e.matches(":focus-visible");
        const box = e.getBoundingClientRect();
        // The way out lies across the foot of a small screen: nothing with the focus may be under it.
        const out = document.querySelector(".out");
        const over = !!out && !out.contains(e) && getComputedStyle(out).position === "fixed";
        const foot = over ? out.getBoundingClientRect().top : innerHeight;
        // A browser brings the line that is written into view, not the whole of a tall field.
        const clear = over && box.height <= 64 ? box.bottom <= foot + 1 : box.top < foot - (over ? 24 : 0);
        const inView = box.bottom > 0 && clear;
        return { id: e.dataset.journey, marked, inView, html: e.outerHTML.slice(0, 100) };
      }
    });
    if (!here || reached.has(here.id)) continue;
    reached.add(here.id);
    if (!here.marked || !here.inView) unseen.push(`${here.html} (${here.marked ? "out of view" : "no mark"})`);
  }
  await page.evaluate(() => document.querySelectorAll("[data-journey]").forEach((e) => delete e.dataset.journey));
  const missed = expected.filter((id) => !reached.has(id));
  if (missed.length > 0) throw new Error(`${where}: ${missed.length} of ${expected.length} controls cannot be reached by keyboard`);
  if (unseen.length > 0) throw new Error(`${where}: the focus never showed on ${unseen[0]}`);
}

// --- Telling -----------------------------------------------------------------------------------

export class Told {
  passed = 0;
  failed = 0;

  /** One thing that must be seen. What comes after a failure is still tried unless it needs this. */
  async see(claim, work) {
    try {
      const result = await work();
      this.passed++;
      console.log(`seen: ${claim}`);
      return result;
    } catch (problem) {
      this.failed++;
      // The reason on the same line, which the gate repeats at its end.
      const [why, ...rest] = String(problem?.stack ?? problem).split("\n");
      console.log([`NOT SEEN: ${claim} (${why})`, ...rest.slice(0, 11)].join("\n  "));
      return undefined;
    }
  }

  /** As `see`, and nothing after it makes sense without it. */
  async must(claim, work) {
    const before = this.failed;
    const result = await this.see(claim, work);
    if (this.failed > before) throw new Stop();
    return result;
  }

  /** The last line, read by `xtask`. */
  end() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

/** The journey cannot go on; what failed is already told. */
export class Stop extends Error {}

/** Runs a journey and leaves no browser behind, however it ends. */
export async function journey(work) {
  const told = new Told();
  const open = [];
  const start = async (name, how) => {
    const one = await browse(name, how);
    open.push(one);
    return one;
  };
  const end = async () => {
    for (const one of open.splice(0)) await one.close();
  };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => void end().finally(() => process.exit(1)));
  }
  try {
    await work(told, start);
  } catch (problem) {
    if (!(problem instanceof Stop)) {
      told.failed++;
      const [why, ...rest] = String(problem?.stack ?? problem).split("\n");
      console.log([`NOT SEEN: the journey itself (${why})`, ...rest].join("\n"));
    }
  }
  await end();
  told.end();
}

// --- What is taken from a browser before a page's own script runs -------------------------------

/** WebCrypto, as on an address without TLS. */
export function noCryptography() {
  delete Crypto.prototype.subtle;
}

/** Every place a page could store something in refuses. */
export function nothingToStoreIn() {
  const refuse = { configurable: true, get() { throw new DOMException("", "SecurityError"); }, set() { throw new DOMException("", "SecurityError"); } };
  for (const name of ["indexedDB", "localStorage", "sessionStorage", "caches"]) Object.defineProperty(globalThis, name, refuse);
  Object.defineProperty(Navigator.prototype, "serviceWorker", refuse);
  Object.defineProperty(Navigator.prototype, "storage", refuse);
  Object.defineProperty(Document.prototype, "cookie", refuse);
}

/** What `xtask` set up, handed over in the environment. */
export const stage = JSON.parse(process.env.TEMOIN_STAGE ?? "{}");
