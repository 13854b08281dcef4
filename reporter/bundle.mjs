// How this folder's TypeScript becomes one file: shared by the page's build and by the checks, so
// that what the vectors prove is what the page runs.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * X-Wing takes from the X25519 package its group operation alone; that package's own HKDF, which
 * brings a SHA-2 in script, is never called. The native one stands in for it.
 */
const nativeHkdf = {
  name: "native-hkdf",
  setup(esbuild) {
    esbuild.onLoad({ filter: /dhkem-x25519[\\/]esm[\\/]src[\\/]hkdfSha256\.js$/ }, () => ({
      contents: 'export { HkdfSha256Native as HkdfSha256 } from "@hpke/common";',
      resolveDir: here,
    }));
  },
};

/**
 * The published files were lowered for runtimes older than any this page runs in: a field became
 * six lines of `Object.defineProperty`, the global object a proxy, and where a runtime has no
 * `crypto` an old node is asked for it. All three are written back to what a browser needs, and the
 * page is more than a kilobyte lighter for it.
 */
const asWritten = {
  name: "as-written",
  setup(esbuild) {
    const lowered =
      /Object\.defineProperty\(this, "(\w+)", \{\s*enumerable: true,\s*configurable: true,\s*writable: true,\s*value: ([^\n]*)\n\s*\}\);/g;
    // What a library says of an error nobody is shown: the page speaks its own words.
    const messages = /\bnew (\w*Error)\((?:`[^`]*`|"[^"]*"|'[^']*')\)/g;
    esbuild.onLoad({ filter: /[\\/]node_modules[\\/](@hpke|@noble|mlkem)[\\/].*\.js$/ }, ({ path }) => ({
      contents: path.endsWith("_dnt.shims.js")
        ? "export const dntGlobalThis = globalThis;"
        : readFileSync(path, "utf8")
            .replace(lowered, "this.$1 = $2;")
            .replace(/await import\("crypto"\)/g, "{}")
            .replace(messages, "new $1()"),
    }));
  },
};

/**
 * The libraries declare that their files have no side effects, but in a package.json that another
 * one, inside them, hides from the bundler. Said here again, so that what nobody uses stays out.
 */
const noSideEffects = {
  name: "no-side-effects",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^(\.|@hpke\/|mlkem$)/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      if (pluginData === "resolving") return undefined;
      const found = await esbuild.resolve(path, { importer, resolveDir, kind, pluginData: "resolving" });
      const declared = /[\\/]node_modules[\\/](@hpke|mlkem)[\\/]/.test(found.path);
      return declared ? { path: found.path, sideEffects: false } : undefined;
    });
  },
};

/**
 * Names that may be shortened: private members of this folder's classes, which end in an underscore,
 * those of the libraries, which begin with one, and fields of their and our own records whose names
 * no browser object uses. Never a name that is also read from outside (a `data-` attribute, JSON).
 */
const OWN_NAMES = [
  "[a-z]\\w*_", "_[a-z]\\w*", "acknowledged", "cellsPerEpoch", "clocksApart", "consents", "conversation", "deskSignatures",
  "epochSeconds", "firstDay", "firstPeriod", "followUp", "generation", "graceDays", "intakeKey", "lastDay",
  "narrative", "newestManifest", "periodDays", "perpetrators", "relayKey", "replyKey", "replyKeyHash", "replySeed",
  "rootSignature", "signingKey", "signingSeed", "spoken", "unsent", "voices",
  // Of the libraries.
  "buildLabeledInfo", "clearCofactor", "deserializePrivateKey", "deserializePublicKey", "exporterSecret",
  "extractAndExpand", "fromBytes", "generateKeyPairDerand", "hashSize", "isSmallOrder", "labeledExpand",
  "labeledExtract", "nonceSize", "outputLen", "pointBytes", "posOut", "privateKeySize", "publicKeySize",
  "serializePrivateKey", "serializePublicKey", "state32", "toAffine", "toBytes", "updateUnsafe", "writeIntoUnsafe",
];

/** Options for esbuild. */
export const bundle = {
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  mangleProps: new RegExp(`^(${OWN_NAMES.join("|")})$`),
  plugins: [nativeHkdf, asWritten, noSideEffects],
  // Browsers of 2021 have these, although the language standard of that year did not.
  supported: { "class-field": true, "class-static-field": true },
};

/** The kit is the page with another office behind it: nothing is fetched, a folder is read. */
const kitOffice = {
  name: "kit-office",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\/office\.ts$/ }, () => ({ path: `${here}src/kit-office.ts` }));
  },
};

/** Options for esbuild, for the kit. */
export const kitBundle = { ...bundle, plugins: [kitOffice, ...bundle.plugins] };
