// Builds the page's four scripts, each within its budget, and the kit's: one minified file each. The
// page's first one seals and reads; the one for files is fetched only by those who add some, the one for
// new words only by those who change theirs, the one with cryptography only by browsers that have none.
//
//   node build.mjs [folder]        default: ../target/reporter, or $TEMOIN_REPORTER_OUT
//
// Writes `reporter.js`, `files.js`, `new-words.js` and `pure.js`, beside each a `.json` ({ "file", "sha256", "bytes", "gzip" }), and
// `kit.js`, which the kit carries in itself.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { bundle, kitBundle } from "./bundle.mjs";

/** Compressed bytes of the sealing script. One more fails the build. */
const BUDGET = 30_000;
/** And of the one for files, which only those fetch who add some. */
const FILES_BUDGET = 8_000;
/** And of the one for new words, which only those fetch who change theirs. */
const NEW_WORDS_BUDGET = 8_000;
/** And of the one that brings cryptography along, which only browsers without it fetch. */
const PURE_BUDGET = 14_000;

/** The same of the kit's script: with the 132,000 that `pages` allows all else in it, 180,000. */
const KIT_BUDGET = 48_000;

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? process.env.TEMOIN_REPORTER_OUT ?? join(here, "../target/reporter"));

const how = {
  minify: true,
  // Browsers of 2021: BigInt and WebCrypto, no private class fields.
  target: "es2021",
  format: "iife",
  write: false,
  metafile: process.argv.includes("--weigh"),
  mangleCache: {},
};
const built = await build({ entryPoints: [join(here, "src/page.ts")], ...bundle, ...how });
// What the first script lends to the others has one name in all of them.
how.mangleCache = built.mangleCache;
const newWords = await build({ entryPoints: [join(here, "src/new-words.ts")], ...bundle, ...how });
const files = await build({ entryPoints: [join(here, "src/attach.ts")], ...bundle, ...how });
const pure = await build({ entryPoints: [join(here, "src/pure.ts")], ...bundle, ...how });
const kit = await build({ entryPoints: [join(here, "src/kit.ts")], ...kitBundle, ...how });

// A second look, at the whole: some 1,800 bytes that a slow line need not carry.
const again = async ({ outputFiles }) =>
  (await minify(outputFiles[0].text, { ecma: 2020, toplevel: true, compress: { passes: 3 }, format: { comments: false } })).code + "\n";
const [code, kitCode, filesCode, pureCode] = [await again(built), await again(kit), await again(files), await again(pure)];
const newWordsCode = await again(newWords);
const script = Buffer.from(code);
const gzip = gzipSync(script, { level: 9 }).length;
const sha256 = createHash("sha256").update(script).digest("hex");

for (const text of [code, kitCode, filesCode, newWordsCode, pureCode]) {
  if (/\beval\(|new Function\b|WebAssembly/.test(text)) {
    console.error("a script would need eval or WebAssembly, which the page's policy forbids");
    process.exit(1);
  }
}
// The library of the codes can also write a drawing, and names that format.
const kitText = kitCode.replaceAll("http://www.w3.org/2000/svg", "");
const asking = /<\/script|<!--|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|https?:\/\//i.exec(kitText);
if (asking) {
  console.error("the kit's script would end the page it stands in, or could ask for something:", asking[0]);
  process.exit(1);
}

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "reporter.js"), script);
writeFileSync(join(out, "kit.js"), kitCode);
/** One of the scripts that only some fetch; how far it is over its budget. */
const beside = (file, text, budget) => {
  const [bytes, gzip] = [Buffer.byteLength(text), gzipSync(text, { level: 9 }).length];
  writeFileSync(join(out, file), text);
  const told = { file, sha256: createHash("sha256").update(text).digest("hex"), bytes, gzip };
  writeFileSync(join(out, file.replace(/js$/, "json")), JSON.stringify(told) + "\n");
  console.log(`${file} ${bytes} bytes, ${gzip} gzipped of ${budget}`);
  return gzip - budget;
};
const overs = [beside("files.js", filesCode, FILES_BUDGET), beside("new-words.js", newWordsCode, NEW_WORDS_BUDGET), beside("pure.js", pureCode, PURE_BUDGET)];
writeFileSync(join(out, "reporter.json"), JSON.stringify({ file: "reporter.js", sha256, bytes: script.length, gzip }) + "\n");

console.log(`reporter.js ${script.length} bytes, ${gzip} gzipped of ${BUDGET}`);
const kitGzip = gzipSync(kitCode, { level: 9 }).length;
console.log(`kit.js ${Buffer.byteLength(kitCode)} bytes, ${kitGzip} gzipped of ${KIT_BUDGET}`);
if (built.metafile) {
  const inputs = Object.entries(Object.values(built.metafile.outputs)[0].inputs);
  for (const [name, { bytesInOutput }] of inputs.sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)) {
    console.log(String(bytesInOutput).padStart(7), name);
  }
}
for (const over of [gzip - BUDGET, kitGzip - KIT_BUDGET, ...overs]) {
  if (over > 0) {
    console.error(`over budget by ${over} bytes`);
    process.exit(1);
  }
}
