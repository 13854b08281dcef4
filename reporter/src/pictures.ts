// Pictures without what a camera wrote into them: kept is what it takes to show the picture,
// everything else goes, known or not. Segment by segment and not by painting the picture anew:
// browsers made against tracking give a canvas back as noise, and a painted picture is a worse one.
// The same rules as in crates/report/src/pictures.rs; check/claims.ts tries both kinds of hiding.

import { type Bytes, join, readUint } from "./bytes.ts";

/** The picture cannot be cleaned: it is cut, or not what its first bytes say. */
export class NotCleaned extends Error {}

export const CLEANED = /^image\//;

/** What of a picture of this kind is the picture. */
export function cleaned(kind: string, picture: Bytes): Bytes {
  if (kind === "image/jpeg") return jpeg(picture);
  return kind === "image/png" ? png(picture) : webp(picture);
}

const need = (ok: boolean): void => {
  if (!ok) throw new NotCleaned();
};

/** To the end of the image and no further: after it, phones append whole second pictures and films. */
function jpeg(p: Bytes): Bytes {
  need(p[0] === 0xff && p[1] === 0xd8);
  const kept: Uint8Array[] = [p.subarray(0, 2)];
  for (let at = 2; ; ) {
    need(p[at] === 0xff);
    // Fill bytes before a marker are allowed.
    while (p[at + 1] === 0xff) at++;
    const code = p[at + 1] ?? 0;
    need(code !== 0 && code !== 0xd8);
    if (code === 0xd9) return join(...kept, p.subarray(at, at + 2));
    if (code === 1 || (code >= 0xd0 && code <= 0xd7)) {
      kept.push(p.subarray(at, at + 2));
      at += 2;
      continue;
    }
    const end = at + 2 + Math.max(2, readUint(p, at + 2, 2));
    need(end <= p.length);
    // Frames, tables, scans, and Adobe's note on how colours were turned.
    if (code < 0xe0 || code === 0xee) kept.push(p.subarray(at, end));
    at = end;
    if (code !== 0xda) continue;
    const marker = (n: number): boolean => n !== 0 && n !== 0xff && !(n >= 0xd0 && n <= 0xd7);
    while (at + 1 < p.length && !(p[at] === 0xff && marker(p[at + 1]!))) at++;
    kept.push(p.subarray(end, at));
  }
}

const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function png(p: Bytes): Bytes {
  need(text(p.subarray(0, 8)) === "\x89PNG\r\n\x1a\n");
  const kept: Uint8Array[] = [p.subarray(0, 8)];
  for (let at = 8; ; ) {
    need(at + 12 <= p.length);
    const [end, kind] = [at + 12 + readUint(p, at, 4), text(p.subarray(at + 4, at + 8))];
    need(end <= p.length);
    if (/^(IHDR|PLTE|IDAT|IEND|tRNS|gAMA|cHRM|sRGB|sBIT|acTL|fcTL|fdAT)$/.test(kind)) kept.push(p.subarray(at, end));
    if (kind === "IEND") return join(...kept);
    at = end;
  }
}

function webp(p: Bytes): Bytes {
  need(text(p.subarray(0, 4)) === "RIFF" && text(p.subarray(8, 12)) === "WEBP");
  const little = (at: number): number => readUint(p.slice(at, at + 4).reverse(), 0, 4);
  const whole = 8 + little(4);
  need(whole <= p.length);
  const kept: Bytes[] = [];
  for (let at = 12; at < whole; ) {
    need(at + 8 <= whole);
    const length = little(at + 4);
    const [end, kind] = [at + 8 + length + (length % 2), text(p.subarray(at, at + 4))];
    need(end <= whole);
    if (/^(VP8[ LX]|ALPH|ANIM|ANMF)$/.test(kind)) {
      const chunk = p.slice(at, end);
      // The flags that promise a colour profile, EXIF and XMP.
      if (kind === "VP8X") chunk[8]! &= ~0b0010_1100;
      kept.push(chunk);
    }
    at = end;
  }
  const body = join("WEBP", ...kept);
  const size = body.length;
  return join("RIFF", Uint8Array.of(size, size >> 8, size >> 16, size >> 24), body);
}
