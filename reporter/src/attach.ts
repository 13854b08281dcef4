// Files with a letter: chosen, cleaned, announced in it, and sent in pieces once it has arrived.
// A script of its own, fetched only by those who add files or meet a crowded relay (crowd.ts), so
// that the first one stays small.
//
// A file is never held whole unless a picture must be cleaned; a piece counts as arrived when its
// receipt was verified; until then the very same sealed bytes are posted again.

import { type Bytes, hash, random } from "./bytes.ts";
import { type CborMap, encode } from "./cbor.ts";
import { type Crowd, through } from "./crowd.ts";
import { $, button, el, input, say, show, status } from "./dom.ts";
import { announced, type Attachment, CHUNK, chunkBytes, contentOf, fullPieces, kindOf, MOST_FILES, paddedCount, pieceBody } from "./pieces.ts";
import { CLEANED, cleaned, NotCleaned } from "./pictures.ts";
import { hush, Taking } from "./taken.ts";

/** What the page's first script lends to this one. */
export interface Tools {
  /** Where a letter goes; looked up anew when asked. Nobody but `seal` looks inside. */
  address: (fresh: boolean) => Promise<unknown>;
  seal: (address: unknown, cbor: Bytes) => Promise<Bytes>;
  /** A number when the relay has signed, otherwise its answer; throws when there was none. */
  post: (nonce: Bytes, letter: Bytes) => Promise<number | Response>;
}

/** The largest picture that is held in memory to be cleaned. */
const MOST_CLEANED = 64 * 1_024 * 1_024;
/** Seconds between two tries, doubling to the last. */
const [SHORTEST, LONGEST] = [2, 60];

/** What the office takes with one letter, in units of 2^20 bytes: written into the page. */
const MOST_MB = Number(button("add-files").dataset.most);

interface Added {
  from: Blob;
  as: Attachment;
}

class Files {
  private added_: Added[] = [];
  private left_ = 0;
  private wake_: (() => void) | undefined;

  /** Files that are being read. */
  private reading_ = 0;
  /** Goes up when the page is left: what is still read then is not added. */
  private turn_ = 0;
  private taking_ = new Taking(
    (file, shown) => this.add_([file], "files_taken", shown),
    () => this.hold_(),
    () => this.free_(),
    () => MOST_MB * 1_048_576 - this.bytes_(),
  );

  constructor(readonly tools: Tools) {
    const choose = el("input", { type: "file", multiple: true, id: "file-choose" });
    const original = el("input", { type: "checkbox", id: "file-original" });
    const label = el("label", {}, say("files_choose"));
    label.htmlFor = choose.id;
    $("files").replaceChildren(
      el("p", {}, say("files_lead")),
      el("p", { id: "file-limit" }, say("files_limit", { n: MOST_MB })),
      el("div", { className: "field" }, label, choose),
      el("label", { className: "tick" }, original, el("span", {}, say("files_original"))),
      el("p", { className: "care" }, say("files_stay")),
      ...this.taking_.shown(),
      el("ul", { id: "file-list", "aria-live": "polite" }),
      el("p", { id: "file-status", role: "status" }),
    );
    choose.addEventListener("change", () => {
      const chosen = [...(choose.files ?? [])];
      // The same file may be chosen again later.
      choose.value = "";
      if (!this.sealing_()) void this.add_(chosen);
    });
    $("add-files").hidden = true;
    choose.focus();
    addEventListener("online", () => this.wake_?.());
  }

  // --- Choosing ------------------------------------------------------------------------------

  private async add_(chosen: File[], taken?: string, shown = (): Node[] => []): Promise<void> {
    const turn = this.turn_;
    for (const file of chosen) {
      const n = this.added_.length + 1;
      if (n > MOST_FILES) return status("file-status", say("files_too_many", { n: MOST_FILES }), "care");
      // What an office does not take is told before it is read, and never sent.
      if (this.bytes_() + file.size > MOST_MB * 1_048_576) return this.over_();
      this.reading_++;
      this.hold_();
      try {
        const { from, told, kind } = await this.clean_(file, !taken && input("file-original").checked);
        const as = { content: await this.content_(from, n), size: from.size, file: random(16), kind };
        // The page was left while it was read: it goes into no later letter.
        if (turn !== this.turn_) return;
        this.added_.push({ from, as });
        this.list_(file.name, from.size, taken ?? told, as, shown());
        status("file-status");
      } catch (problem) {
        const why = problem instanceof NotCleaned ? "files_not_cleaned" : file.size === 0 ? "files_empty" : "files_unreadable";
        return status("file-status", say(why), "care");
      } finally {
        this.reading_--;
        this.hold_();
      }
    }
  }

  private bytes_ = (): number => this.added_.reduce((sum, { as }) => sum + as.size, 0);

  private over_ = (): void => status("file-status", say("files_over", { n: MOST_MB }), "care");

  private held_ = (): boolean => this.reading_ > 0 || this.taking_.on;

  /** The first script is sealing: what is announced is on its way. */
  private sealing_ = (): boolean => button("seal").disabled && !this.held_();

  /** Nothing is sealed while a file is read or something is taken, and nobody walks away from a camera. */
  private hold_(): void {
    button("seal").disabled = this.held_();
    button("back").disabled = this.taking_.on;
  }

  /** Whether something may be taken now; there must be room for a short voice. */
  private free_(): boolean {
    if (this.sealing_()) return false;
    if (this.added_.length < MOST_FILES && this.bytes_() + 200_000 <= MOST_MB * 1_048_576) return true;
    this.over_();
    return false;
  }

  private async clean_(file: File, original: boolean): Promise<{ from: Blob; told: string; kind?: string }> {
    const kind = kindOf(new Uint8Array(await file.slice(0, 16).arrayBuffer()));
    if (!kind || !CLEANED.test(kind) || original) return { from: file, told: "files_as_is", kind };
    if (file.size > MOST_CLEANED) throw new NotCleaned();
    const picture = cleaned(kind, new Uint8Array(await file.arrayBuffer()));
    return { from: new Blob([picture]), told: "files_cleaned", kind };
  }

  private async content_(from: Blob, n: number): Promise<Bytes> {
    const hashes: Bytes[] = [];
    // An empty file has no count.
    paddedCount(from.size);
    for (let at = 0; at < from.size; at += CHUNK) {
      status("file-status", say("files_reading", { n, percent: Math.floor((100 * at) / from.size) }));
      hashes.push(await hash(new Uint8Array(await from.slice(at, at + CHUNK).arrayBuffer())));
    }
    return contentOf(hashes);
  }

  private list_(name: string, size: number, told: string, as: Attachment, shown: Node[]): void {
    const remove = el("button", { type: "button", className: "plain" }, say("files_remove"));
    const row = el("li", {}, ...shown.map((one) => el("div", {}, one)), el("bdi", {}, name), ` · ${say("files_size", { n: Math.ceil(size / 1_000) })} · ${say(told)} `, remove);
    remove.addEventListener("click", () => {
      if (this.sealing_()) return;
      this.added_ = this.added_.filter((one) => one.as !== as);
      hush(row);
      row.remove();
      input("file-choose").focus();
    });
    $("file-list").append(row);
  }

  // --- Sending -------------------------------------------------------------------------------

  /** As the letter announces them. From here on nothing is added or taken away. */
  announced(): CborMap[] {
    this.taking_.stop();
    hush($("files"));
    $("files").hidden = true;
    return this.added_.map(({ as }) => announced(as));
  }

  /** Whether leaving would lose something: a piece on its way, or a file, picture or voice without a word. */
  waiting = (): boolean => this.left_ + this.added_.length > 0 || this.held_();

  /** Sends every piece; the letter has arrived. */
  async send(): Promise<void> {
    const of = this.added_.reduce((n, { as }) => n + paddedCount(as.size), 0);
    if (of === 0) return;
    const again = el("button", { type: "button", id: "files-again", hidden: true }, say("files_again"));
    again.addEventListener("click", () => this.wake_?.());
    $("sent-files").replaceChildren(el("h2", {}, say("files_heading")), el("p", { id: "files-sent", role: "status" }), again);
    this.left_ = of;
    this.tell_(of);
    // Nobody is told to close the window while it is still needed.
    show("sent-device", false);
    let address = await this.address_(false);
    for (const { from, as } of this.added_) {
      for (let number = 0; number < paddedCount(as.size); number++) {
        const at = number * CHUNK;
        // Padding is an empty piece, sent like the others.
        const blob = number < fullPieces(as.size) ? from.slice(at, at + chunkBytes(as.size, number)) : new Blob();
        let chunk: Bytes;
        try {
          chunk = new Uint8Array(await blob.arrayBuffer());
        } catch {
          return this.end_("files_gone", { n: of - this.left_, of }, "care");
        }
        const cbor = encode([pieceBody(as, number, chunk), null]);
        address = await this.deliver_(address, cbor, of);
        this.left_--;
        this.tell_(of);
      }
    }
    this.end_("files_all", { n: of }, "good");
  }

  private end_(name: string, gaps: Record<string, number>, look: string): void {
    this.added_ = [];
    this.left_ = 0;
    status("files-sent", say(name, gaps), look);
    show("sent-device");
  }

  private tell_(of: number): void {
    status("files-sent", say("files_arrived", { n: of - this.left_, of }));
  }

  private async address_(fresh: boolean): Promise<unknown> {
    for (let pause = SHORTEST; ; pause = Math.min(LONGEST, 2 * pause)) {
      try {
        return await this.tools.address(fresh);
      } catch {
        await this.pause_(pause);
      }
    }
  }

  /** Posts one piece until the relay has signed for it; where the next one goes comes back. */
  private async deliver_(address: unknown, cbor: Bytes, of: number): Promise<unknown> {
    const nonce = random(16);
    let letter = await this.tools.seal(address, cbor);
    for (let pause = SHORTEST; ; pause = Math.min(LONGEST, 2 * pause)) {
      // A line that breaks is tried again, and so is a receipt that does not hold.
      const answer = await this.tools.post(nonce, letter).catch(() => undefined);
      if (typeof answer === "number") return address;
      if (answer?.status === 410) {
        // The period's key is gone, and nobody took these bytes: sealed to the newest one.
        address = await this.address_(true);
        letter = await this.tools.seal(address, cbor);
      }
      const asked = Number(answer?.headers.get("retry-after")) || 0;
      status("files-sent", say("files_held", { n: of - this.left_, of }), "care");
      await this.pause_(Math.min(3_600, Math.max(asked, pause)));
      this.tell_(of);
    }
  }

  /** Ends by itself, with the line's return, or when the person asks. */
  private async pause_(seconds: number): Promise<void> {
    const again = button("files-again");
    again.hidden = false;
    await new Promise<void>((done) => {
      const timer = setTimeout(done, 1_000 * seconds);
      this.wake_ = () => {
        clearTimeout(timer);
        done();
      };
    });
    this.wake_ = undefined;
    again.hidden = true;
  }

  wipe(): void {
    this.turn_++;
    this.taking_.wipe();
    hush($("files"));
    this.added_ = [];
    this.left_ = 0;
    show("sent-device");
    for (const id of ["files", "sent-files"]) $(id).replaceChildren();
  }
}

const shared = document as unknown as { tools?: Tools; files?: Files; crowd: Crowd };
shared.crowd = through;
// Fetched for a crowded relay alone, it offers no files. An impatient hand fetches it twice; it begins once.
if (shared.tools) shared.files ??= new Files(shared.tools);
