// Builds the page's script: one minified file, its name carrying its own hash, within its budget.
//
//   node build.mjs [folder]        default: ../target/reporter, or $TEMOIN_REPORTER_OUT
//
// Writes `reporter.js` and `reporter.json` ({ "file", "sha256", "bytes", "gzip" }) into the folder.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { bundle } from "./bundle.mjs";

/** Compressed bytes of the sealing script. One more fails the build. */
const BUDGET = 30_000;

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? process.env.TEMOIN_REPORTER_OUT ?? join(here, "../target/reporter"));

const built = await build({
  entryPoints: [join(here, "src/page.ts")],
  ...bundle,
  minify: true,
  // Browsers of 2021: BigInt and WebCrypto, no private class fields.
  target: "es2021",
  format: "iife",
  write: false,
  metafile: process.argv.includes("--weigh"),
});

// A second look, at the whole: some 1,800 bytes that a slow line need not carry.
const { code } = await minify(built.outputFiles[0].text, {
  ecma: 2020,
  toplevel: true,
  compress: { passes: 3 },
  format: { comments: false },
});
const script = Buffer.from(code + "\n");
const gzip = gzipSync(script, { level: 9 }).length;
const sha256 = createHash("sha256").update(script).digest("hex");

if (/\beval\(|new Function\b|WebAssembly/.test(code)) {
  console.error("the script would need eval or WebAssembly, which the page's policy forbids");
  process.exit(1);
}

mkdirSync(out, { recursive: true });
writeFileSync(join(out, "reporter.js"), script);
writeFileSync(join(out, "reporter.json"), JSON.stringify({ file: "reporter.js", sha256, bytes: script.length, gzip }) + "\n");

console.log(`reporter.js ${script.length} bytes, ${gzip} gzipped of ${BUDGET}`);
if (built.metafile) {
  const inputs = Object.entries(Object.values(built.metafile.outputs)[0].inputs);
  for (const [name, { bytesInOutput }] of inputs.sort((a, b) => b[1].bytesInOutput - a[1].bytesInOutput)) {
    console.log(String(bytesInOutput).padStart(7), name);
  }
}
if (gzip > BUDGET) {
  console.error(`over budget by ${gzip - BUDGET} bytes`);
  process.exit(1);
}
