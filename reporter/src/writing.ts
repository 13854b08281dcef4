// Writing a letter: the steps of the form, the words, sealing, sending until the relay has signed.
//
// A letter counts as sent when its receipt has been verified, never earlier. Until then the very
// same sealed bytes are offered again.

import { signAsync } from "@noble/ed25519";
import type { Tools } from "./attach.ts";
import { type Bytes, join } from "./bytes.ts";
import type { CborMap } from "./cbor.ts";
import type { Crowd } from "./crowd.ts";
import { $, arrive, button, dated, el, fetchScript, input, language, on, reach, say, show, status, tell } from "./dom.ts";
import { CLASSES, checkReceipt, dateOf, dayOf, leafOf, RECEIPT_BYTES, Refused, room } from "./envelope.ts";
import { type Address, insideLength, type Posting, posting, sealInside, sealLetter, type Spoken } from "./letter.ts";
import { addressOf, ask, bytesOf, carrier, SEALED_BY, type Office, Unreachable } from "./office.ts";
import { type Consent, encodeReport, type Report } from "./report.ts";
import { type Conversation, conversationFrom, conversationKey, draw, type ListNumber, mailboxName, type WordList, wordsIn } from "./words.ts";
import { WordBox } from "./wordbox.ts";

const STEPS = ["story", "what", "who", "writer", "uses", "words", "send"] as const;
const WORDS_STEP = STEPS.indexOf("words");

/** Steps a child is not asked through. */
const CHILDS: readonly string[] = ["what", "who", "uses"];

/** A conversation that goes on: its words were typed while reading. */
export interface Continued {
  /** The person fears that others have the words. */
  exposed?: boolean;
  conversation: Conversation;
  generation: number;
  acknowledged?: number;
  name: string;
  /** From the newest answer: lets one letter past a flood. */
  token?: Bytes;
}

/** What both halves of the page share. */
export interface Around {
  list: ListNumber;
  mailbox: Bytes;
  /** The word list, fetched once and shared. */
  words: (number: ListNumber) => Promise<WordList>;
  /** The office, believed; a fresh look when asked. */
  office: (fresh: boolean) => Promise<Office>;
  explain: (problem: unknown) => string;
}

/** What the second script, fetched only by those who need it, hands back; and what it is lent. */
export const shared = document as unknown as {
  files?: { announced: () => CborMap[]; waiting: () => boolean; send: () => void; wipe: () => void };
  tools?: Tools;
  /** For the script that changes the words of a conversation; it takes this away. */
  lent?: Lent | undefined;
  /** The second script's answer to a crowded relay. */
  crowd?: Crowd;
};

/** In this order: a name for each would weigh more than all of them. */
export type Lent = [Tools, Around, Continued, typeof WordBox, typeof conversationFrom, typeof conversationKey, typeof mailboxName, typeof sealLetter, typeof signAsync];

type Kept = "learn" | "hide" | "none";

/** The next epoch lists a letter, or one of the two after it. (protocol §4.2) */
const tooFar = (epoch: number, { newest }: Office): boolean => epoch > 2 + (newest ? newest.epoch + 1 : 0);

export class Writing {
  private step_ = -1;
  private sealed_: Posting | undefined;
  private office_: Office | undefined;
  private drawn_: number[] = [];
  private drawing_: Promise<void> | undefined;
  private conversation_: Conversation | undefined;
  private name_ = "";
  private wordsDone_ = false;
  private continued_: Continued | undefined;
  private counting_ = 0;
  private shownClass_: number = CLASSES[0];
  private waiting_ = 0;

  constructor(readonly around: Around) {
    fillCountries();
    copyChoices();
    $("letter").addEventListener("input", () => {
      clearTimeout(this.counting_);
      this.counting_ = setTimeout(() => this.count_(), 150);
      this.adapt_();
    });
    on("next", () => this.next_());
    on("back", () => this.show_(this.beside_(-1)));
    on("to-end", () => this.show_(WORDS_STEP));
    $("keep").addEventListener("change", () => void this.keep_());
    on("kept", () => this.kept_());
    on("rehearse", () => this.rehearse_());
    for (const id of ["show-again", "see-again"]) on(id, () => this.showWords_());
    on("add-files", () => this.addFiles_());
    on("seal", () => this.seal_());
    on("again", () => this.post_());
    this.adapt_();
  }

  /** Begins, or goes on where the person already types. */
  begin(continued?: Continued, quietly = false): void {
    this.continued_ = continued;
    show("new-words", !continued);
    show("same-words", !!continued);
    if (continued) $("same-mailbox").textContent = continued.name;
    show("exposed-note", !!continued?.exposed);
    this.show_(0, quietly);
    this.count_();
  }

  /** Whether leaving would lose something. */
  get unsent(): boolean {
    return !!this.sealed_ || !!shared.files?.waiting() || isAnswered(this.report_());
  }

  end(): void {
    this.step_ = -1;
    show("letter", false);
  }

  // --- Steps --------------------------------------------------------------------------------

  private show_(step: number, quietly = false): void {
    if (step < 0) {
      this.end();
      show("start");
      return;
    }
    this.step_ = step;
    show("reading", false);
    show("start", quietly);
    show("letter");
    STEPS.forEach((id, i) => show(id, i === step));
    show("steps");
    const stage = this.continued_ ? undefined : (["drawn", "rehearsal"] as const).find((id) => !$(id).hidden);
    this.stage_(stage);
    show("to-end", step < WORDS_STEP);
    const place = $("place");
    const asked = STEPS.filter((id) => this.asked_(id));
    place.textContent = (place.dataset.text ?? "").replace("{n}", String(asked.indexOf(STEPS[step]!) + 1)).replace("{of}", String(asked.length));
    if (!quietly) arrive(STEPS[step]!);
    if (step === STEPS.length - 1) void this.beforeSending_();
  }

  private next_(): void {
    if (this.step_ === WORDS_STEP && !this.wordsReady_()) return;
    this.show_(this.beside_(1));
  }

  /** The next step or the one before, past those that are not asked. */
  private beside_(by: 1 | -1): number {
    let step = this.step_ + by;
    while (STEPS[step] && !this.asked_(STEPS[step]!)) step += by;
    return step;
  }

  private asked_ = (id: string): boolean => !("skip" in $(id).dataset || (input("age").checked && CHILDS.includes(id)));

  /** Shows a question only where an earlier answer calls for it. */
  private adapt_(): void {
    const relation = chosen("relation");
    const other = relation !== undefined && relation !== "self";
    const child = input("age").checked;
    for (const id of ["contact", "code"]) $(id).parentElement!.hidden = child;
    $("relation").hidden = child;
    const many = Number(input("count").value) > 1 || !!$("groups").querySelector(":is([value=cso],[value=womens-org],[value=community]):checked");
    $("speaks").parentElement!.hidden = !many;
    show("knows", other && !child);
    show("knows-note", other && !child);
    show("none-wish", !child && !!this.report_().consents?.length);
    for (const pair of $("consents").querySelectorAll<HTMLElement>("[data-purpose]")) {
      const [answer, identity] = pair.querySelectorAll("select");
      if (identity) identity.hidden = answer!.value !== "yes";
    }
  }

  // --- What was written ----------------------------------------------------------------------

  private report_(): Report {
    const day = input("day").value;
    const dayKnown = /^\d{4}-\d{2}-\d{2}$/.test(day);
    const told = input("when").value;
    const count = input("count").value;
    const consents: Consent[] = [];
    for (const pair of $("consents").querySelectorAll<HTMLElement>("[data-purpose]")) {
      const [answer, identity] = [...pair.querySelectorAll("select")].map((s) => s.value);
      if (answer) consents.push({ purpose: pair.dataset.purpose!, answer, identity: answer === "yes" && identity ? identity : "" });
    }
    return {
      language,
      narrative: input("narrative").value,
      when: {
        told: dayKnown || day === "" ? told : `${told} ${day}`,
        first: dayKnown ? day : "",
        last: dayKnown ? day : "",
        precision: dayKnown ? "day" : "",
      },
      where: { told: input("where").value, country: input("country").value },
      acts: ticked("acts"),
      victims: {
        told: input("victims").value,
        groups: ticked("groups"),
        best: /^\d{1,9}$/.test(count) ? Number(count) : undefined,
        speaks: typed("speaks"),
      },
      perpetrators: { told: input("perpetrators").value, codes: ticked("kinds") },
      relation: $("relation").hidden ? undefined : chosen("relation"),
      knows: $("knows").hidden ? undefined : chosen("knows"),
      consents,
      safety: input("safety").value,
      contact: typed("contact"),
      urgency: chosen("urgency"),
      channel: SEALED_BY === undefined ? "page" : "kit",
      age: input("age").checked ? input("age").value : "",
      code: typed("code"),
      words: this.continued_?.exposed ? "exposed" : "",
      asked: [...$("own").querySelectorAll("textarea")].map((e) => ({ question: e.dataset.id!, told: e.value })).filter((a) => a.told.trim()),
    };
  }

  private wordsOf_(): "first" | "later" | "none" {
    if (this.continued_) return "later";
    return chosen("keep") === "none" ? "none" : "first";
  }

  /** Says how much still fits, in characters like those written so far. */
  private count_(): void {
    const narrative = input("narrative").value;
    const place = [$("room"), $("room-at-end")];
    // Beyond the largest class by far: no need to encode megabytes at every key.
    const report = narrative.length > 300_000 ? undefined : encodeReport(this.report_());
    const length = report ? insideLength(report, this.wordsOf_()) : narrative.length;
    const size = CLASSES.find((c) => length <= room(c));
    const perCharacter = narrative === "" ? 1 : Math.max(1, new TextEncoder().encode(narrative.slice(-500)).length / Math.min(500, narrative.length));
    const inCharacters = (bytes: number): number => Math.floor(bytes / perCharacter);
    const text = size === undefined
      ? say("too_large", { n: inCharacters(length - room(CLASSES[3])) + 1 })
      : say(size === CLASSES[0] ? "fits" : "fits_next", { n: inCharacters(room(size) - length), size: size / 1_024 });
    for (const element of place) element.textContent = text;
    // Read aloud only when something changes for the person, not at every key.
    if ((size ?? 0) !== this.shownClass_) $("spoken").textContent = text;
    this.shownClass_ = size ?? 0;
  }

  // --- Words ---------------------------------------------------------------------------------

  private wordsReady_(): boolean {
    if (this.continued_ || chosen("keep") === "none") return true;
    if (chosen("keep") === undefined) status("words-status", say("choose_words"), "care");
    else if (!this.wordsDone_) status("words-status", say("finish_words"), "care");
    return this.wordsDone_;
  }

  private async keep_(): Promise<void> {
    const kept = chosen("keep") as Kept;
    status("words-status");
    this.wordsDone_ = false;
    this.stage_();
    this.count_();
    if (kept === "none") return;
    const proceed = button("kept");
    proceed.textContent = proceed.dataset[kept]!;
    try {
      await (this.drawing_ ??= this.draw_());
      if (chosen("keep") === kept) this.stage_("drawn");
    } catch {
      this.drawing_ = undefined;
      status("words-status", say("words_failed"), "care");
    }
  }

  /** Shows one stage of the words, or none. While there is one, the only way on is through it. */
  private stage_(stage?: "drawn" | "rehearsal"): void {
    const appear = stage === "drawn" && $(stage).hidden;
    for (const id of ["drawn", "rehearsal"]) show(id, id === stage);
    // On a small screen they come below what was pressed. Who goes through the choices by keyboard
    // stays among them.
    if (appear && !$("keep").querySelector(":focus-visible")) reach("drawn-heading");
    show("see-again", this.wordsDone_ && !stage);
    show("next", this.step_ < STEPS.length - 1 && !(stage && this.step_ === WORDS_STEP));
  }

  /** Draws the words once; choosing again shows the same ones, since they are drawn, not chosen. */
  private async draw_(): Promise<void> {
    status("words-status", say("words_loading"));
    const list = await this.around.words(this.around.list);
    this.drawn_ = draw(list.number, (into) => crypto.getRandomValues(into as Uint32Array<ArrayBuffer>));
    $("drawn-words").replaceChildren(...this.drawn_.map((i) => el("li", { className: "code" }, list.words[i]!)));
    status("words-status", say("deriving"));
    if (chosen("keep") !== "none") this.stage_("drawn");
    // Let the browser show the words before the long computation.
    await new Promise((done) => setTimeout(done, 50));
    const conversation = await conversationFrom(list.number, this.drawn_, this.around.mailbox);
    this.name_ = await mailboxName(conversation, list);
    this.conversation_ = conversation;
    $("mailbox").textContent = this.name_;
    status("words-status");
  }

  private showWords_(): void {
    this.wordsDone_ = false;
    status("words-status");
    this.stage_("drawn");
    $("rehearsal-words").replaceChildren();
  }

  private async kept_(): Promise<void> {
    // The words are shown before their keys are worked out.
    await this.drawing_;
    if (chosen("keep") === "hide") return this.wordsKept_("words_away");
    const list = await this.around.words(this.around.list);
    this.box_ = new WordBox($("rehearsal-words"), list);
    this.stage_("rehearsal");
    this.box_.focus();
  }

  private box_: WordBox | undefined;

  private rehearse_(): void {
    const typed = this.box_?.indices();
    if (!typed) return;
    const wrong = typed.findIndex((index, i) => index !== this.drawn_[i]);
    if (wrong < 0) {
      this.box_?.clear();
      return this.wordsKept_("rehearsed");
    }
    status("words-status");
    this.box_?.focus(wrong, say("rehearse_wrong", { n: wrong + 1 }));
  }

  private wordsKept_(how: string): void {
    this.wordsDone_ = true;
    this.stage_();
    status("words-status", say(how), "good");
    button("next").focus();
  }

  // --- Sending -------------------------------------------------------------------------------

  private async beforeSending_(): Promise<void> {
    this.count_();
    const inside = $("words-inside");
    inside.hidden = true;
    if (this.drawn_.length > 0 && chosen("keep") !== "none") {
      const list = await this.around.words(this.around.list);
      const count = wordsIn(allText(this.report_()), list, this.drawn_);
      // Two words may be chance; three of nine hardly are.
      if (count > 2) {
        inside.textContent = say("words_inside", { n: count });
        inside.hidden = false;
      }
    }
    try {
      this.office_ = await this.around.office(false);
      this.showClock_(this.office_);
      // Whoever came so far will send: the key is here by then, one way there and back sooner.
      addressOf(this.office_, true).catch(() => undefined);
    } catch (problem) {
      status("sending", this.around.explain(problem), "care");
    }
  }

  private showClock_(office: Office): void {
    // What a browser keeps over a reload, or was said of other dates, is no answer.
    if ($("clock").hidden) input("clock-accept").checked = false;
    show("clock", office.clocksApart);
    if (!office.clocksApart) return;
    const [here, there] = [dated(dateOf(dayOf(Date.now()))), dated(dateOf(office.day))];
    $("clock-dates").textContent = say("clock", { here, there });
  }

  private async seal_(): Promise<void> {
    const place = "sending";
    if (this.sealed_) return this.post_();
    // A voice or a picture alone is a letter: not everybody can write.
    if (!this.unsent) return status(place, say("empty_letter"), "care");
    if (!this.wordsReady_()) {
      this.show_(WORDS_STEP);
      return;
    }
    if (this.shownClass_ === 0) return status(place, $("room-at-end").textContent ?? "", "care");
    this.busy_(true);
    try {
      // The page may have been open for long: look again before sealing.
      this.office_ = await this.around.office(true);
      this.showClock_(this.office_);
      await this.sealFor_(this.office_, say("sealing"));
    } catch (problem) {
      this.busy_(false);
      if (clocksApart(problem)) return this.askClock_();
      return status(place, this.around.explain(problem), "care");
    }
    await this.post_();
  }

  /** The dates and the question about them stand on the page; nothing is sealed before its answer. */
  private askClock_(): void {
    status("sending");
    $("clock").scrollIntoView();
    input("clock-accept").focus();
  }

  private async sealFor_(office: Office, saying: string): Promise<void> {
    status("sending", saying);
    const address = await addressOf(office, input("clock-accept").checked);
    const letter = await sealLetter(address, {
      report: encodeReport(this.report_()),
      spoken: this.spoken_(),
      newestManifest: office.newest?.hash,
      acknowledged: this.continued_?.acknowledged,
      sealedBy: SEALED_BY,
      files: shared.files?.announced(),
    });
    this.sealed_ = posting(letter);
  }

  private spoken_(): Spoken | undefined {
    if (this.continued_) {
      const { conversation, generation } = this.continued_;
      return { conversation, generation, first: false };
    }
    if (chosen("keep") === "none" || !this.conversation_) return undefined;
    return { conversation: this.conversation_, generation: 0, first: true };
  }

  /** Posts the sealed bytes; whatever happens, they stay the same until the relay has signed. */
  private async post_(renewed = false): Promise<void> {
    const place = "sending";
    if (!this.sealed_) return;
    const { nonce, letter } = this.sealed_;
    if (carrier?.take) return this.handOver_(carrier.take, join(nonce, letter));
    clearInterval(this.waiting_);
    this.busy_(true);
    status(place, say("sending"));
    try {
      const answer = await this.deliver_(nonce, letter);
      if (typeof answer === "number") return this.arrived_(answer);
      if (answer.status === 410 && !renewed) {
        // The period's key is gone: these bytes nobody could open. Seal again with the newest notice.
        this.office_ = await this.around.office(true);
        this.showClock_(this.office_);
        await this.sealFor_(this.office_, say("sealing_again"));
        return await this.post_(true);
      }
      const known: Record<number, string> = { 410: "trouble_no_key", 429: "trouble_busy", 503: "trouble_full" };
      this.trouble_(say(known[answer.status] ?? "trouble_refused"), Number(answer.headers.get("retry-after")) || 0);
    } catch (problem) {
      if (problem instanceof Unreachable) this.trouble_(say("trouble_line"));
      else if (clocksApart(problem)) {
        this.trouble_("");
        this.askClock_();
      } else if (problem instanceof Refused) this.trouble_(say("trouble_receipt"));
      else throw problem;
    }
  }

  /** The epoch that will list the letter, once the relay has signed; otherwise what it answered. */
  private async deliver_(nonce: Bytes, letter: Bytes): Promise<number | Response> {
    const answer = await this.offer_(nonce, letter);
    if (answer.status >> 1 !== 100) return answer;
    status("sending", say("checking"));
    const receipt = await bytesOf(answer, RECEIPT_BYTES);
    const office = this.office_!;
    const { mailbox, relayKey } = office.notice;
    const epoch = await checkReceipt(receipt, await leafOf(letter, nonce), mailbox, relayKey);
    // A promise for the far future is none; after long writing or sending the board may have moved on.
    if (tooFar(epoch, office) && tooFar(epoch, (this.office_ = await this.around.office(true)))) throw new Refused("unsigned");
    return epoch;
  }

  /** Posts the bytes; a relay that is crowded is answered by the second script. (protocol §8) */
  private async offer_(nonce: Bytes, letter: Bytes): Promise<Response> {
    const post = (beside?: Record<string, string>): Promise<Response> => {
      const headers = { "content-type": "application/octet-stream", ...beside };
      return ask("letters", { method: "POST", headers, body: join(nonce, letter), cache: "no-store" });
    };
    const answer = await post();
    if (answer.status !== 429) return answer;
    if (!shared.crowd) await fetchScript(button("add-files").dataset);
    const held = { mailbox: this.around.mailbox, leaf: await leafOf(letter, nonce), token: this.continued_?.token, post, ready: () => this.ready_() };
    return shared.crowd ? shared.crowd(held, answer) : answer;
  }

  private lend_(): Tools {
    return {
      address: async (fresh) => addressOf((this.office_ = await this.around.office(fresh)), input("clock-accept").checked),
      seal: (address, cbor) => sealInside(address as Address, cbor, CLASSES[3]),
      post: (nonce, letter) => this.deliver_(nonce, letter),
    };
  }

  /** Fetches the script for files; it takes the button away once it runs. */
  private addFiles_(): void {
    shared.tools = this.lend_();
    void fetchScript(button("add-files").dataset);
  }

  /** Fetches the script that changes the words of a conversation; whether it came. */
  async change(continued: Continued): Promise<void> {
    // Its token lets the letter past a flood.
    this.continued_ = continued;
    shared.lent = [this.lend_(), this.around, continued, WordBox, conversationFrom, conversationKey, mailboxName, sealLetter, signAsync];
    await fetchScript(button("change").dataset);
    if (shared.lent) tell("reading-status", say("read_failed"), "care");
  }

  private trouble_(text: string, seconds = 0): void {
    this.busy_(false);
    status("sending", text, "care");
    const again = button("again");
    show("seal", false);
    again.hidden = false;
    const label = (again.dataset.text ??= again.textContent ?? "");
    let left = Math.min(Math.ceil(seconds), 3_600);
    const tick = (): void => {
      again.disabled = left > 0;
      again.textContent = left > 0 ? say("try_again_in", { n: left }) : label;
      if (left-- <= 0) clearInterval(this.waiting_);
    };
    clearInterval(this.waiting_);
    tick();
    if (left >= 0 && seconds > 0) this.waiting_ = setInterval(tick, 1_000);
    else again.focus();
  }

  /** A code is at hand: there is nothing to wait for. */
  private ready_(): void {
    const again = button("again");
    if (again.hidden) return;
    clearInterval(this.waiting_);
    again.disabled = false;
    again.textContent = again.dataset.text ?? "";
  }

  private busy_(busy: boolean): void {
    for (const id of ["seal", "again"]) button(id).disabled = busy;
    // What is sealed can no longer be changed: going back would only seem to change it.
    button("back").disabled = busy || !!this.sealed_;
  }

  /** In the kit: the letter leaves by hand, and nobody has signed for it yet. */
  private handOver_(take: (posting: Bytes, mailboxName: string) => void, posting: Bytes): void {
    const name = this.spoken_() ? (this.continued_?.name ?? this.name_) : "";
    this.wipe();
    this.end();
    take(posting, name);
  }

  private arrived_(epoch: number): void {
    const spoken = !!this.spoken_();
    const name = this.continued_?.name ?? this.name_;
    this.wipe();
    this.end();
    $("sent-epoch").textContent = say("sent_epoch", { n: epoch });
    show("sent-words", spoken);
    $("address").textContent = location.href;
    show("sent-none", !spoken);
    $("sent-mailbox").textContent = name;
    arrive("sent");
    shared.files?.send();
  }

  /** Empties every field and forgets every secret this page held. */
  wipe(): void {
    for (const field of $("letter").querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>("input,textarea,select")) {
      if (field instanceof HTMLInputElement && /radio|checkbox/.test(field.type)) field.checked = false;
      else field.value = "";
    }
    for (const id of ["drawn-words", "mailbox", "rehearsal-words", "same-mailbox", "words-status", "sending"]) $(id).replaceChildren();
    for (const id of ["drawn", "rehearsal", "again", "clock", "words-inside"]) show(id, false);
    show("seal");
    document.getElementById("crowd")?.remove();
    clearTimeout(this.counting_);
    clearInterval(this.waiting_);
    this.drawn_.fill(0);
    const { master, replySeed, signingSeed } = this.conversation_ ?? {};
    for (const secret of [master, replySeed, signingSeed]) secret?.fill(0);
    this.drawn_ = [];
    this.drawing_ = this.conversation_ = this.continued_ = this.sealed_ = this.box_ = undefined;
    this.wordsDone_ = false;
    this.name_ = "";
    this.busy_(false);
  }
}

const clocksApart = (problem: unknown): boolean => problem instanceof Refused && problem.reason === "clocks-apart";

const chosen = (id: string): string | undefined => $(id).querySelector<HTMLInputElement>("input:checked")?.value;

/** What stands in a field that is asked. */
const typed = (id: string): string => ($(id).parentElement!.hidden ? "" : input(id).value);

const ticked = (id: string): string[] =>
  [...$(id).querySelectorAll<HTMLInputElement>("input:checked")].map((box) => box.value);

/** Everything typed, to look for the words in it. */
const allText = (report: Report): string =>
  [report.narrative, report.when?.told, report.where?.told, report.victims?.told, report.perpetrators?.told, report.safety, report.contact, report.victims?.speaks, report.code, ...report.asked!.map((a) => a.told)].join(" ");

/** Whether a report says anything at all. */
const isAnswered = (report: Report): boolean =>
  encodeReport({ ...report, language: "", channel: "", age: "" }).length > encodeReport({}).length;

/** The choices about a use stand once in the page, under the first; every other use gets its own. */
function copyChoices(): void {
  const [first, ...others] = $("consents").querySelectorAll<HTMLElement>("[data-purpose]");
  const [answer, identity] = first!.querySelectorAll("select");
  for (const pair of others) pair.append(answer!.cloneNode(true), ...("nameless" in pair.dataset ? [] : [identity!.cloneNode(true)]));
}

/** Names of countries come from the browser; without them the question is not asked. */
function fillCountries(): void {
  const select = $<HTMLSelectElement>("country");
  // One bit for each of the 26 × 26 pairs of letters.
  const letters = [...Array(26).keys()].map((n) => String.fromCharCode(65 + n));
  const pairs = letters.flatMap((a) => letters.map((b) => a + b));
  const known = select.dataset.codes ?? "";
  const codes = pairs.filter((_, at) => (parseInt(known[at >> 2]!, 16) >> (3 - (at & 3))) & 1);
  try {
    const names = new Intl.DisplayNames([language], { type: "region" });
    const options = codes.map((code) => ({ code, name: names.of(code) ?? code }));
    options.sort((a, b) => a.name.localeCompare(b.name, language));
    select.append(...options.map(({ code, name }) => el("option", { value: code }, name)));
  } catch {
    select.parentElement!.hidden = true;
  }
}
