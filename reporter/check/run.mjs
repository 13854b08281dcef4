// Runs a TypeScript file of this folder under node: bundled first, since node reads no types.
//
//   node check/run.mjs                           the claims of check/claims.ts
//   node check/run.mjs vectors [folder]          every vector of the folder (default ../vectors)
//   node check/run.mjs seal-vectors <folder>     letters sealed by the script, for the other side to open
//   node check/run.mjs journey <site> <browser>  the page in a real browser, against a relay invented here
//   node check/run.mjs serve <site> <port>       the same relay, to look at the page by hand

import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { bundle } from "../bundle.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const name = process.argv[2] ?? "claims";
const outdir = join(here, "../node_modules/.cache/temoin");
mkdirSync(outdir, { recursive: true });
// Of this process alone: two browsers may be walked at once.
const outfile = join(outdir, `${name}-${process.pid}.mjs`);
process.on("exit", () => rmSync(outfile, { force: true }));
await build({
  entryPoints: [join(here, `${name}.ts`)],
  outfile,
  ...bundle,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "bundle",
  external: [...bundle.external ?? [], "puppeteer-core", "axe-core"],
  logLevel: "warning",
});
process.env.TEMOIN_REPORTER = join(here, "..");
await import(pathToFileURL(outfile).href);
