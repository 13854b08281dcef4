// What a browser left behind: files of its profile that hold a word.

import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Files below a folder that hold a word, as bytes of UTF-8 or of UTF-16. */
export function traces(folder, word) {
  const found = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath ?? entry.path, entry.name);
    let bytes;
    try {
      if (!entry.isFile() || statSync(file).size > 50_000_000) continue;
      bytes = readFileSync(file);
    } catch {
      // A running browser takes its files away while one looks.
      continue;
    }
    if (bytes.includes(word) || bytes.includes(Buffer.from(word, "utf16le"))) found.push(file.slice(folder.length));
  }
  return found;
}
