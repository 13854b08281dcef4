// What works at each level: an old browser on a slow phone, no compiler for script, nothing to store
// in, missing cryptography, an address without TLS. Each claim is a row of docs/reach.md.
//
// What a level lacks is taken away before the page's own script runs. Tor Browser itself is not run:
// its levels are emulated by the same preferences.

import { accessible, click, journey, keyboardReaches, noCryptography, nothingToStoreIn, pause, seen, stage, tabTo, text, visible } from "./browser.mjs";
import { keepWords, readAnswer, send } from "./reporter.mjs";

const firefox = stage.browser === "firefox";

/** Tor Browser's "Safer", as far as preferences go: no compiler for script, no WebAssembly, no SVG, a private window. */
const SAFER = firefox
  ? {
      preferences: {
        "browser.privatebrowsing.autostart": true,
        "javascript.options.asmjs": false,
        "javascript.options.baselinejit": false,
        "javascript.options.ion": false,
        "javascript.options.native_regexp": false,
        "javascript.options.wasm": false,
        "svg.disabled": true,
      },
    }
  : { flags: ["--js-flags=--jitless", "--incognito"] };

/** A name without TLS that leads to this machine, as a box on somebody's network has. */
const LAN = "office.lan";
const ON_A_LAN = firefox
  ? { preferences: { "network.dns.localDomains": LAN, "dom.security.https_first": false } }
  : { flags: [`--host-resolver-rules=MAP ${LAN} 127.0.0.1`] };

/** Takes away what came after the spring of 2021. */
function yearOf2021() {
  const gone = [
    [Array.prototype, "at findLast findLastIndex toSorted toReversed toSpliced with"],
    [Object.getPrototypeOf(Uint8Array).prototype, "at findLast findLastIndex toSorted toReversed with"],
    [String.prototype, "at isWellFormed toWellFormed"],
    [Uint8Array, "fromBase64 fromHex"],
    [Uint8Array.prototype, "toBase64 toHex setFromBase64 setFromHex"],
    [ArrayBuffer.prototype, "transfer transferToFixedLength resize"],
    [Array, "fromAsync"],
    [Object, "hasOwn groupBy"],
    [Map, "groupBy"],
    [Set.prototype, "union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom"],
    [Promise, "withResolvers try"],
    [Crypto.prototype, "randomUUID"],
    [AbortSignal, "timeout any"],
    [URL, "canParse parse"],
    [Intl, "Segmenter"],
    [Element.prototype, "checkVisibility setHTML"],
    [HTMLElement.prototype, "showPopover hidePopover togglePopover"],
    [globalThis, "structuredClone Iterator CompressionStream DecompressionStream HTMLDialogElement scheduler navigation EditContext"],
  ];
  for (const [from, names] of gone) for (const name of names.split(" ")) delete from[name];
}

/** WebCrypto as it was before it knew these curves and KEMs. */
function oldCryptography() {
  const unknown = /X25519|Ed25519|X448|Ed448|ML-KEM|ML-DSA|ChaCha20/i;
  for (const name of ["importKey", "generateKey", "deriveBits", "deriveKey", "sign", "verify", "encrypt", "decrypt", "encapsulateBits"]) {
    const real = SubtleCrypto.prototype[name];
    if (!real) continue;
    SubtleCrypto.prototype[name] = function (...given) {
      const asked = given.map((one) => (typeof one === "string" ? one : one?.name ?? "")).join();
      if (unknown.test(asked)) return Promise.reject(new DOMException("", "NotSupportedError"));
      return real.apply(this, given);
    };
  }
}

/** As on an address without TLS, or where somebody switched it off. */
function noCamera() {
  delete Navigator.prototype.mediaDevices;
}

function noRandomness() {
  delete Crypto.prototype.subtle;
  delete Crypto.prototype.getRandomValues;
}

/** Whether the page works by the cryptography it brought along. */
const brought = (page) => page.evaluate(() => !/native/.test(String(crypto.subtle?.digest ?? "native")));

/** Notes when the office's key was there, and when the sealed bytes were handed to the line. */
function timed() {
  const real = globalThis.fetch;
  globalThis.fetch = async (...given) => {
    if (String(given[0]).endsWith("letters")) globalThis.handedOver = performance.now();
    const answer = await real(...given);
    if (/office\/keys\/\d+$/.test(String(given[0]))) globalThis.keyThere = performance.now();
    return answer;
  };
}

async function open(b, address, ...before) {
  const page = await b.page();
  for (const change of before) await page.evaluateOnNewDocument(change);
  const asked = [];
  page.on("request", (request) => asked.push(`${request.method()} ${request.url()}`));
  await page.goto(`${address}en/form.html`, { waitUntil: "load" });
  return { page, asked };
}

async function write(page, narrative, choice) {
  await page.waitForSelector("#write:not([disabled])");
  await click(page, "#write");
  await page.$eval("#narrative", (field, told) => {
    field.value = told;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, narrative);
  await click(page, "#to-end");
  const words = await keepWords(page, choice);
  const epoch = await send(page);
  if (!/\d/.test(epoch)) throw new Error(`no receipt: ${epoch}`);
  return words;
}

/** The second script's address is spoilt before the page asks for it: its hash no longer fits. */
function withoutSecondScript() {
  document.addEventListener("readystatechange", () => {
    const place = document.querySelector("#trouble");
    if (place?.dataset.src) place.dataset.integrity = `sha256-${"A".repeat(43)}=`;
  });
}

/** The page warns and waits: nothing is typed, sent or left before somebody says yes. */
async function asksFirst({ page, asked }) {
  const told = await seen(page, "#trouble", /not protected/);
  if (!(await visible(page, "#kit a")) || !(await visible(page, "#go-on"))) throw new Error("no kit or no way on");
  await stays(page, asked);
  return told;
}

/** The page says what is missing, lets nobody type, sends nothing, and leads nowhere by itself. */
async function refusesInWords({ page, asked }) {
  const told = await seen(page, "#trouble", /Nothing you type here can be sent/);
  await stays(page, asked);
  return told;
}

async function stays(page, asked) {
  for (const id of ["#write", "#read"]) {
    if (!(await page.$eval(id, (e) => e.disabled))) throw new Error(`${id} can be pressed`);
  }
  if (await visible(page, "#narrative")) throw new Error("there is a field to type into");
  const before = page.url();
  await pause(1_000);
  if (page.url() !== before) throw new Error(`went to ${page.url()} by itself`);
  const posts = asked.filter((line) => line.startsWith("POST") || line.includes(stage.doorstep));
  if (posts.length > 0) throw new Error(posts.join("\n"));
}

/** A camera and a microphone that are not there show and say something all the same. */
const FAKE_DEVICES = firefox
  ? { preferences: { "media.navigator.streams.fake": true, "media.navigator.permission.disabled": true } }
  : { flags: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"] };

/** The same, and whoever is asked says no. */
const REFUSED_DEVICES = firefox
  ? { preferences: { "media.navigator.streams.fake": true, "permissions.default.camera": 2, "permissions.default.microphone": 2 } }
  : { flags: ["--use-fake-device-for-media-stream", "--deny-permission-prompts"] };

/** Notes what becomes a file, what is read of it to be sent, and who holds a device. */
function watchTaken() {
  globalThis.taken = 0;
  globalThis.read = [];
  globalThis.held = [];
  globalThis.addresses = new Set();
  const real = globalThis.File;
  globalThis.File = class extends real {
    constructor(parts, name, how) {
      super(parts, name, how);
      globalThis.taken++;
    }
  };
  const bytes = Blob.prototype.arrayBuffer;
  Blob.prototype.arrayBuffer = async function () {
    const all = await bytes.call(this);
    globalThis.read.push(String.fromCharCode(...new Uint8Array(all)));
    return all;
  };
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (what) {
    const stream = await ask.call(this, what);
    globalThis.held.push(...stream.getTracks());
    return stream;
  };
  const [give, take] = [URL.createObjectURL, URL.revokeObjectURL];
  URL.createObjectURL = (what) => {
    const given = give.call(URL, what);
    globalThis.addresses.add(given);
    return given;
  };
  URL.revokeObjectURL = (given) => {
    globalThis.addresses.delete(given);
    take.call(URL, given);
  };
}

/** A microphone that is switched off gives a track, and silence in it. */
function mutedMicrophone() {
  const ask = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = async function (what) {
    const stream = await ask.call(this, what);
    for (const track of stream.getAudioTracks()) track.enabled = false;
    return stream;
  };
}

/**
 * Camera and microphone were held as often as that and are let go, and nothing was put anywhere; so
 * many recordings can be heard in the page.
 */
async function letGo(page, times, heard = 0) {
  const states = await page.evaluate(() => globalThis.held.map((track) => track.readyState));
  if (states.length !== times || states.some((state) => state !== "ended")) throw new Error(`devices: ${states}`);
  if (await visible(page, "#taking > *")) throw new Error("something is still being taken");
  const kept = await page.evaluate(async () => [
    localStorage.length, sessionStorage.length, (await caches.keys()).length,
    (await indexedDB.databases()).length, document.cookie.length,
  ]);
  if (kept.some((n) => n > 0)) throw new Error(`kept: ${kept}`);
  const addresses = await page.evaluate(() => globalThis.addresses.size);
  if (addresses !== heard) throw new Error(`addresses inside the page: ${addresses}`);
}

/** Walks there with Tab and presses Enter; no pointer is touched. */
async function pressKey(page, selector) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
}

/** A letter is written up to the place where files are added. */
async function upToFiles(page, narrative = SHORT) {
  await page.waitForSelector("#write:not([disabled])");
  await click(page, "#write");
  await page.$eval("#narrative", (field, told) => {
    field.value = told;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }, narrative);
  await click(page, "#to-end");
  await keepWords(page, "none");
  await click(page, "#add-files");
  await page.waitForSelector("#take-photo");
}

const SHORT = "Sample: told at one of the levels. They came in the morning and took two telephones.";
/** Fits the class of 16 KiB and no smaller one. */
const LONG = "Sample: three people in plain clothes came in the morning and took two telephones. ".repeat(140);

await journey(async (told, start) => {
  await told.see("a browser of 2021 on a slow phone: a letter is sealed, its receipt checked, and the words look for an answer", async () => {
    const b = await start(stage.browser);
    const { page } = await open(b, stage.reporter, yearOf2021, oldCryptography);
    // Six times slower, and slower yet beside other work.
    if (!firefox) await page.emulateCPUThrottling(6);
    if (await page.evaluate(() => "at" in [] || "structuredClone" in globalThis)) throw new Error("nothing was taken away");
    const words = await write(page, SHORT, "hide");
    const { page: again } = await open(b, stage.reporter, yearOf2021, oldCryptography);
    await again.waitForSelector("#read:not([disabled])");
    await readAnswer(again, words, /./s);
    await b.close();
  });

  await told.see("WebCrypto without X25519, Ed25519 and ML-KEM: a letter is sealed and its receipt checked", async () => {
    const b = await start(stage.browser);
    const { page } = await open(b, stage.reporter, oldCryptography);
    const known = await page.evaluate(() => crypto.subtle.generateKey({ name: "X25519" }, true, ["deriveBits"]).then(() => true, () => false));
    if (known) throw new Error("X25519 is still there");
    await write(page, SHORT, "hide");
    await b.close();
  });

  await told.see("no compiler for script, no WebAssembly, a private window: a letter of 16 KiB is sealed, its receipt checked", async () => {
    const b = await start(stage.browser, SAFER);
    const { page } = await open(b, stage.reporter, timed);
    await write(page, LONG, "hide");
    const took = await page.evaluate(() => globalThis.handedOver - globalThis.keyThere);
    console.log(`sealing 16 KiB without a compiler took ${took.toFixed(0)} ms`);
    await b.close();
  });

  await told.see("no service worker, no IndexedDB, no storage, no cookie: a letter is sealed, its receipt checked", async () => {
    const b = await start(stage.browser);
    const { page } = await open(b, stage.reporter, nothingToStoreIn);
    const refused = await page.evaluate(() => { try { return !indexedDB; } catch { return true; } });
    if (!refused) throw new Error("there is something to store in");
    await write(page, SHORT, "none");
    await b.close();
  });

  await told.see("no WebCrypto at all: a second script seals, the receipt is checked, and the words look for an answer", async () => {
    const b = await start(stage.browser);
    const { page, asked } = await open(b, stage.reporter, noCryptography);
    const words = await write(page, SHORT, "hide");
    if (!(await brought(page))) throw new Error("WebCrypto is still there");
    const fetched = asked.filter((line) => /pure-en-[0-9a-f]{16}\.js$/.test(line));
    if (fetched.length !== 1) throw new Error(asked.join("\n"));
    const { page: again } = await open(b, stage.reporter, noCryptography);
    await again.waitForSelector("#read:not([disabled])");
    await readAnswer(again, words, /./s);
    await b.close();
  });

  await told.see("no WebCrypto, no compiler for script: a letter of 16 KiB is sealed by the second script, its receipt checked", async () => {
    const b = await start(stage.browser, SAFER);
    const { page } = await open(b, stage.reporter, noCryptography, timed);
    await write(page, LONG, "none");
    const took = await page.evaluate(() => globalThis.handedOver - globalThis.keyThere);
    console.log(`sealing 16 KiB in script alone, without a compiler, took ${took.toFixed(0)} ms`);
    await b.close();
  });

  await told.see("a browser that has WebCrypto never fetches the second script", async () => {
    const b = await start(stage.browser);
    const { page, asked } = await open(b, stage.reporter);
    await page.waitForSelector("#write:not([disabled])");
    if (asked.some((line) => line.includes("pure-"))) throw new Error(asked.join("\n"));
    if (await brought(page)) throw new Error("the browser’s own is not used");
    await b.close();
  });

  await told.see("neither WebCrypto nor randomness: the page says so, nothing can be typed or sent, and it does not go to the doorstep", async () => {
    const b = await start(stage.browser);
    const opened = await open(b, stage.reporter, noRandomness);
    if (await opened.page.evaluate(() => !!crypto.getRandomValues)) throw new Error("randomness is still there");
    await refusesInWords(opened);
    await b.close();
  });

  await told.see("plain http on a network of one’s own: the page warns and offers the kit, and seals only after a yes", async () => {
    const b = await start(stage.browser, ON_A_LAN);
    const { port } = new URL(stage.reporter);
    const opened = await open(b, `http://${LAN}:${port}/`);
    const { page } = opened;
    if (await page.evaluate(() => isSecureContext)) throw new Error("the browser trusts this address");
    const said = await asksFirst(opened);
    if (!/https/.test(said)) throw new Error(`says only: ${said}`);
    if (!(await text(page, "h1"))) throw new Error("no heading");
    await accessible(page, "an address without protection");
    await click(page, "#go-on");
    await write(page, SHORT, "none");
    if (!(await brought(page))) throw new Error("WebCrypto is there after all");
    await b.close();
  });

  await told.see("a photo and a voice are taken in the page by keyboard, hold nothing but themselves, and go with the letter", async () => {
    const b = await start(stage.browser, FAKE_DEVICES);
    const { page, asked } = await open(b, stage.reporter, watchTaken);
    await upToFiles(page);
    await accessible(page, "files");
    // What was never there cannot be left in.
    await tabTo(page, "#file-original");
    await page.keyboard.press(" ");
    await pressKey(page, "#take-photo");
    // The focus waits on the button as soon as there is something to take.
    await page.waitForSelector("#take-now:not([disabled]):focus");
    if (!(await page.$eval("#seal", (e) => e.disabled))) throw new Error("the letter could leave without what is being taken");
    await accessible(page, "taking a photo");
    await pressKey(page, "#take-now");
    await seen(page, "#file-list li:nth-child(1)", /Picture 1 .*taken here/s);
    await page.waitForSelector("#take-photo:focus");
    await pressKey(page, "#take-voice");
    await page.waitForSelector("#take-now:focus");
    await seen(page, "#recorded", /\b[2-9]\b/);
    await accessible(page, "recording a voice");
    await pressKey(page, "#take-now");
    await seen(page, "#file-list li:nth-child(2)", /Recording 1 .*taken here/s);
    await letGo(page, 2, 1);
    await accessible(page, "what was taken");
    if ((await page.$eval("#file-list canvas", (e) => e.width)) < 200) throw new Error("the picture is not to be seen");
    if (await page.$("#file-list .care")) throw new Error("a loud recording is called silent");
    await tabTo(page, "#file-list audio");
    await page.$eval("#file-list audio", async (audio) => {
      await audio.play();
      await new Promise((on) => audio.addEventListener("timeupdate", () => audio.currentTime > 0 && on()));
    });
    const read = (await page.evaluate(() => globalThis.read)).reverse();
    const photo = read.find((bytes) => bytes.startsWith("\xff\xd8\xff"));
    const voice = read.find((bytes) => /^(\x1aE\xdf\xa3|OggS)/.test(bytes));
    // Segments of a JPEG that say something besides the picture: APP1 to APP15, a comment.
    if (!photo || /[\xe1-\xef]..(Exif|http:|Adobe|ICC_PROFILE)|\xff\xfe/s.test(photo)) throw new Error("the photo holds more than itself");
    // WebM's only field of a date is DateUTC, eight bytes behind 44 61 88; Ogg has none.
    if (!voice || voice.slice(0, 1_000).includes("Da\x88")) throw new Error("the voice holds a date");
    if (asked.some((line) => line.startsWith("POST"))) throw new Error("something left before the letter");
    await pressKey(page, "#seal");
    await seen(page, "#files-sent", /All pieces have arrived: \d/);
    await letGo(page, 2);
    await b.close();
  });

  await told.see("a voice alone is a letter; one that was silent all through is told; leaving with it is asked about", async () => {
    const b = await start(stage.browser, FAKE_DEVICES);
    const { page } = await open(b, stage.reporter, watchTaken, mutedMicrophone);
    await upToFiles(page, "");
    const asks = () => page.evaluate(() => !dispatchEvent(new Event("beforeunload", { cancelable: true })));
    if (await asks()) throw new Error("asked although nothing would be lost");
    await pressKey(page, "#take-voice");
    await seen(page, "#recorded", /\b[2-9]\b/);
    await pressKey(page, "#take-now");
    await seen(page, "#file-list .care", /nothing can be heard/);
    if (!(await asks())) throw new Error("left without a question");
    await accessible(page, "a silent recording");
    // Not sent after all: it goes, and so does what was heard.
    await click(page, "#file-list button");
    await letGo(page, 1);
    await pressKey(page, "#take-voice");
    await seen(page, "#recorded", /\b[2-9]\b/);
    await pressKey(page, "#take-now");
    await seen(page, "#file-list .care", /nothing can be heard/);
    await pressKey(page, "#seal");
    await seen(page, "#files-sent", /All pieces have arrived: \d/);
    await b.close();
  });

  await told.see("given up, nothing of a photo or a voice is kept", async () => {
    const b = await start(stage.browser, FAKE_DEVICES);
    const { page } = await open(b, stage.reporter, watchTaken);
    await upToFiles(page);
    for (const [begin, sign] of [["#take-photo", "#take-now:not([disabled])"], ["#take-voice", "#recorded"]]) {
      await click(page, begin);
      await page.waitForSelector(sign);
      await keyboardReaches(page, begin);
      await click(page, "#take-not");
      await page.waitForSelector(`${begin}:focus`);
    }
    await pause(500);
    await letGo(page, 2);
    if ((await page.evaluate(() => globalThis.taken)) > 0) throw new Error("something was kept");
    if (await visible(page, "#file-list li")) throw new Error("something is in the list");
    if (await page.$eval("#seal", (e) => e.disabled)) throw new Error("the letter cannot leave");
    await b.close();
  });

  await told.see("behind another window, or on the way back, no camera and no microphone stays on; what was said is kept", async () => {
    const b = await start(stage.browser, FAKE_DEVICES);
    const { page } = await open(b, stage.reporter, watchTaken);
    await upToFiles(page);
    const goAway = () => page.evaluate(() => {
      Object.defineProperty(document, "hidden", { configurable: true, value: true });
      document.dispatchEvent(new Event("visibilitychange"));
      delete document.hidden;
    });
    for (const [begin, sign] of [["#take-photo", "#take-now:not([disabled])"], ["#take-voice", "#recorded"]]) {
      await click(page, begin);
      await page.waitForSelector(sign);
      if (!(await page.$eval("#back", (e) => e.disabled))) throw new Error("one can walk away from it");
      if (begin === "#take-voice") await seen(page, "#recorded", /\b[2-9]\b/);
      await goAway();
      await page.waitForSelector(`${begin}:focus`);
    }
    await letGo(page, 2, 1);
    await seen(page, "#file-list li:nth-child(1)", /Recording 1 .*taken here/s);
    if (await page.$eval("#back", (e) => e.disabled)) throw new Error("the way back is closed");
    // The device wakes up behind another window: nothing begins there.
    await page.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, value: true }));
    await click(page, "#take-voice");
    await page.waitForFunction(() => globalThis.held[2]?.readyState === "ended");
    await page.waitForFunction(() => !document.querySelector("#seal").disabled);
    await letGo(page, 3, 1);
    if (await page.$("#recorded")) throw new Error("recorded behind another window");
    await page.evaluate(() => delete document.hidden);
    await b.close();
  });

  await told.see("where no camera can be used, the page says so and names where a copy would stay", async () => {
    for (const [without, how, change] of [["none", {}, noCamera], ["refused", REFUSED_DEVICES, watchTaken]]) {
      const b = await start(stage.browser, how);
      const { page } = await open(b, stage.reporter, change);
      await upToFiles(page);
      for (const id of ["#take-photo", "#take-voice"]) {
        await click(page, id);
        const said = await seen(page, "#file-status", /cannot be taken here/);
        for (const place of ["gallery", "recordings", "bin", "cloud", "recent files"]) {
          if (!said.includes(place)) throw new Error(`${without}: ${said}`);
        }
        await page.waitForSelector(`${id}:focus`);
      }
      await accessible(page, `no camera: ${without}`);
      if (without === "refused") await letGo(page, 0);
      await click(page, "#seal");
      await seen(page, "#sent", /./);
      await b.close();
    }
  });

  await told.see("the second script does not arrive: the page says so, nothing can be typed or sent", async () => {
    const b = await start(stage.browser);
    const opened = await open(b, stage.reporter, noCryptography, withoutSecondScript);
    await refusesInWords(opened);
    await b.close();
  });
});
