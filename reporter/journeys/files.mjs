// Two files of a sample letter: a picture with something planted where a camera writes, and a text
// of more than one piece. Made here, kept in a folder of their own, which also takes what the desk
// hands out.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { click, pause } from "./browser.mjs";

/** Stands in the picture as it was taken, and must stand in nothing that left the device. */
export const PLANTED = "SAMPLE-CAMERA-OF-THE-JOURNEY";

/** More than one piece carries; of no kind that anything is taken out of. */
const LONG = Buffer.from(Array.from({ length: 6_000 }, (_, n) => `Sample line ${String(n).padStart(5, "0")}: who came and when, è 时 ش.\n`).join(""));

/** A segment of a JPEG: marker, length, body. */
function segment(code, ...body) {
  const bytes = Buffer.concat(body.map((part) => Buffer.from(part)));
  const length = bytes.length + 2;
  return Buffer.concat([Buffer.from([0xff, code, length >> 8, length & 0xff]), bytes]);
}

/** One grey point, drawn by any reader of JPEG; `exif` adds the note of a camera. */
function picture(exif) {
  // One code of one bit, for nothing: no difference, end of block.
  const codes = (table) => segment(0xc4, [table, 1, ...Array(15).fill(0), 0]);
  const description = Buffer.from(`${PLANTED}\0`);
  const entry = Buffer.alloc(12);
  entry.writeUInt16LE(0x010e, 0); // ImageDescription
  entry.writeUInt16LE(2, 2); // ASCII
  entry.writeUInt32LE(description.length, 4);
  entry.writeUInt32LE(26, 8); // behind header 8, count 2, entry 12 and the end of entries 4
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    ...(exif ? [segment(0xe1, "Exif\0\0", "II*\0", [8, 0, 0, 0], [1, 0], entry, [0, 0, 0, 0], description)] : []),
    segment(0xdb, [0, ...Array(64).fill(1)]),
    segment(0xc0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
    codes(0x00),
    codes(0x10),
    segment(0xda, [1, 1, 0, 0, 63, 0]),
    Buffer.from([0x3f, 0xff, 0xd9]),
  ]);
}

/** Firefox saves there without asking. */
export const savesInto = (folder) => ({
  "browser.download.folderList": 2,
  "browser.download.dir": folder,
  "browser.download.useDownloadDir": true,
  "browser.download.always_ask_before_handling_new_types": false,
  "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream",
});

export class Files {
  /** The picture without the camera's note, and the text. */
  left = [picture(false), LONG];
  /** One of the picture, two of the text. */
  pieces = 3;

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), "temoin-files-"));
    this.saved = join(this.folder, "saved");
    mkdirSync(this.saved);
    this.taken = [join(this.folder, "picture.jpg"), join(this.folder, "list.sample")];
    writeFileSync(this.taken[0], picture(true));
    writeFileSync(this.taken[1], LONG);
    if (!readFileSync(this.taken[0]).includes(PLANTED)) throw new Error("nothing is planted");
  }

  get preferences() {
    return savesInto(this.saved);
  }

  /** Clicks what saves a file and waits until the browser has it whole. */
  async save(b, page, link) {
    if (!b.firefox) {
      const session = await page.createCDPSession();
      await session.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: this.saved });
    }
    const before = new Set(readdirSync(this.saved));
    await click(page, link);
    for (let tries = 0; tries < 300; tries++) {
      const now = readdirSync(this.saved).filter((name) => !before.has(name));
      if (now.length === 1 && !/\.(part|crdownload|tmp)$/.test(now[0])) {
        const bytes = readFileSync(join(this.saved, now[0]));
        if (bytes.length > 0) return { name: now[0], bytes };
      }
      await pause(100);
    }
    throw new Error(`not saved; there is: ${readdirSync(this.saved).join(", ")}`);
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
