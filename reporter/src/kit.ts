// The kit: the page's own script with another office behind it, and the ways to carry what was
// sealed. It runs from a file, with the network off, and asks for nothing.

import "./kit-language.ts";
import "./kit-cryptography.ts";
import { $, button, dated, el, on, say, show, status, arrive } from "./dom.ts";
import { dateOf, dayOf, LONGEST_MANIFEST } from "./envelope.ts";
import { carrier, file, lastDay, meet, takeFolder } from "./kit-office.ts";
import { type Bytes, fromHex, random } from "./bytes.ts";
import { Frames, lines, parcelName } from "./symbols.ts";
import { goAway } from "./page.ts";
import qrcode from "qrcode-generator";

/** Codes a second, fastest first: three is what may flash safely. (WCAG 2.3.1) */
const PACES = [333, 666, 1_000, 2_000];
/** Modules of white around a code. (ISO/IEC 18004) */
const QUIET = 4;
/** Still codes beyond those of the letter, for what a camera misses. */
const SPARE = 3;

let parcel: Bytes | undefined;
let frames: Frames | undefined;
let [seed, pace, timer] = [0, 0, 0];

function draw(canvas: HTMLCanvasElement, text: string): void {
  const code = qrcode(0, "M");
  code.addData(text, "Alphanumeric");
  code.make();
  const [modules, scale] = [code.getModuleCount(), 6];
  canvas.width = canvas.height = (modules + 2 * QUIET) * scale;
  const to = canvas.getContext("2d")!;
  to.fillStyle = "#fff";
  to.fillRect(0, 0, canvas.width, canvas.height);
  to.fillStyle = "#000";
  for (let y = 0; y < modules; y++)
    for (let x = 0; x < modules; x++)
      if (code.isDark(y, x)) to.fillRect((x + QUIET) * scale, (y + QUIET) * scale, scale, scale);
}

function next(): void {
  if (!frames) return;
  draw($<HTMLCanvasElement>("code-picture"), frames.frame(seed));
  $("code-number").textContent = say("code", { n: seed + 1, of: frames.count });
  seed++;
}

function run(): void {
  clearInterval(timer);
  timer = setInterval(next, PACES[pace]);
  button("pause").textContent = pauseText;
}

const pauseText = button("pause").textContent ?? "";

function stop(): void {
  clearInterval(timer);
  timer = 0;
}

carrier.take = async (posting, name) => {
  parcel = posting;
  frames = await Frames.of(posting);
  $("carried-mailbox").textContent = name;
  show("carried-words", name !== "");
  show("carried-none", name === "");
  arrive("carried");
};

on("save", () => {
  if (!parcel) return;
  const name = parcelName(random(8));
  const address = URL.createObjectURL(new Blob([parcel], { type: "application/octet-stream" }));
  const link = el("a", { href: address, download: name });
  link.click();
  // The browser has its own copy once it began to write.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  status("save-status", say("saved", { name }), "note");
});

on("codes", () => {
  show("showing");
  seed = 0;
  pace = 0;
  next();
  run();
  button("pause").focus();
});

on("pause", () => {
  if (timer === 0) return run();
  stop();
  button("pause").textContent = button("pause").dataset.goOn ?? "";
});

on("slower", () => {
  pace = Math.min(pace + 1, PACES.length - 1);
  run();
});

on("hide-codes", () => {
  stop();
  show("showing", false);
  button("codes").focus();
});

on("still", () => {
  if (!frames) return;
  const all = Array.from({ length: frames.count + SPARE }, (_, n) => {
    const canvas = el("canvas", { role: "img", "aria-label": say("code", { n: n + 1, of: frames!.count }) });
    draw(canvas, frames!.frame(n));
    return el("figure", {}, canvas, el("figcaption", {}, String(n + 1)));
  });
  $("grid").replaceChildren(...all);
  show("grid");
});

on("lines", async () => {
  if (!parcel) return;
  const area = $<HTMLTextAreaElement>("text-lines");
  area.value = (await lines(parcel)).join("\n");
  area.hidden = false;
  area.focus();
  area.select();
});

function empty(): void {
  stop();
  parcel?.fill(0);
  parcel = frames = undefined;
  for (const id of ["grid", "save-status", "carried-mailbox", "code-number"]) $(id).replaceChildren();
  $<HTMLTextAreaElement>("text-lines").value = "";
  $<HTMLCanvasElement>("code-picture").width = 0;
}

on("carried-close", () => {
  empty();
  goAway();
});
addEventListener("pagehide", empty);
addEventListener("beforeunload", (event) => {
  if (!parcel) return;
  event.preventDefault();
  event.returnValue = say("unsaved");
});

const { root, mailbox } = document.body.dataset;

$<HTMLInputElement>("board").addEventListener("change", async (event) => {
  takeFolder((event.target as HTMLInputElement).files ?? []);
  const place = "board-status";
  try {
    const newest = await file("board/newest", LONGEST_MANIFEST);
    if (!newest) return status(place, say("board_nothing"), "care");
    const office = await meet({ root: fromHex(root ?? ""), mailbox: fromHex(mailbox ?? "") }, Date.now());
    status(place, say("board_taken", { date: dated(dateOf(office.newest!.day)) }), "note");
  } catch {
    status(place, say("board_nothing"), "care");
  }
});

// Nobody is let write a letter that this kit will not seal; an answer can still be read.
if (dayOf(Date.now()) > lastDay()) {
  status("trouble", say("kit_over", { date: dated(dateOf(lastDay())) }), "care");
  show("trouble");
  button("write").disabled = true;
}
