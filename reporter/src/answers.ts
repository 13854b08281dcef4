// Coming back: the words are typed, the board is searched, what the office said is shown.

import { $, arrive, button, dated, el, on, reach, say, show, status, tell } from "./dom.ts";
import type { Bytes } from "./bytes.ts";
import { type Answer, answersFrom, KEPT, type Said, type Span, span, WINDOW } from "./cell.ts";
import { dateOf, dayBytes, dayOf } from "./envelope.ts";
import type { Office } from "./office.ts";
import { type Found, opened, search } from "./reading.ts";
import { type Conversation, conversationFrom, type ListNumber, mailboxName } from "./words.ts";
import { WordBox } from "./wordbox.ts";
import type { Around, Continued } from "./writing.ts";

/** Ways on in a conversation, by the ids of their buttons. */
const FOLLOWING = ["follow-up", "exposed", "change"];

/** Typed words and what they unlock. */
interface Known {
  conversation: Conversation;
  name: string;
  indices: string;
}

export class Answers {
  private box_: WordBox | undefined;
  private known_: Known | undefined;
  private found_: Found | undefined;
  private working_ = false;

  constructor(readonly around: Around, readonly followUp: (continued: Continued, by: string) => unknown) {
    const list = $<HTMLSelectElement>("list");
    list.value = String(around.list);
    list.addEventListener("change", () => void this.fields_());
    on("look", () => this.look_(WINDOW));
    on("further", () => this.look_(KEPT));
    for (const id of FOLLOWING) on(id, () => this.followUp_(id));
    button("reading-back").addEventListener("click", () => {
      this.wipe();
      show("reading", false);
      show("start");
    });
  }

  begin(): void {
    show("start", false);
    arrive("reading");
    void this.fields_();
  }

  private async fields_(): Promise<void> {
    const number = Number($<HTMLSelectElement>("list").value) as ListNumber;
    if (this.box_?.list.number === number) return;
    status("reading-status", say("words_loading"));
    try {
      this.box_ = new WordBox($("typed-words"), await this.around.words(number));
      status("reading-status");
    } catch {
      status("reading-status", say("words_failed"), "care");
    }
  }

  /** The conversation of the words as typed now; they are worked out again only if they changed. */
  private async conversation_(office: Office): Promise<Known | undefined> {
    if ($("typing").hidden) return this.known_;
    if (!this.box_) await this.fields_();
    const box = this.box_;
    const typed = box?.indices();
    if (!box || !typed) return undefined;
    const indices = [box.list.number, ...typed].join();
    if (this.known_?.indices === indices) return this.known_;
    tell("reading-status", say("deriving"));
    await new Promise((done) => setTimeout(done, 50));
    const conversation = await conversationFrom(box.list.number, typed, office.notice.mailbox);
    this.found_ = undefined;
    this.known_ = { conversation, name: await mailboxName(conversation, box.list), indices };
    return this.known_;
  }

  private async work_(job: (office: Office) => Promise<void>): Promise<void> {
    if (this.working_) return;
    this.working_ = true;
    const hold = (on: boolean): void => ["look", "further", ...FOLLOWING].forEach((id) => (button(id).disabled = on));
    hold(true);
    try {
      await job(await this.around.office(true));
    } catch (problem) {
      tell("reading-status", this.around.explain(problem) || say("read_failed"), "care");
    } finally {
      hold(false);
      this.working_ = false;
    }
  }

  private look_(days: number): Promise<void> {
    return this.work_(async (office) => {
      const known = await this.conversation_(office);
      if (!known) return;
      $("found-mailbox").textContent = known.name;
      $("answers").replaceChildren();
      show("found");
      show("further", false);
      const window = office.newest ? span(office.newest, days, office.notice) : { first: office.day, last: office.day };
      this.found_ = await search(office, known.conversation, window, (n, of) => {
        if (n % 10 === 0 || n === of) status("reading-status", say("looking", { n, of }));
      });
      status("reading-status");
      this.tell_(this.found_, window, office);
    });
  }

  private tell_(found: Found, window: Span, office: Office): void {
    const place = $("answers");
    const answers = answersFrom(found.said);
    const [from, to] = [dated(dateOf(window.first)), dated(dateOf(window.last))];
    const line = (text: string, className: string): void => void place.append(el("p", { className }, text));
    // An old board, or one that is dated ahead, is not today's: "nothing" there says nothing.
    if (office.clocksApart) line(say("clock", { here: dated(dateOf(dayOf(Date.now()))), there: dated(dateOf(office.day)) }), "care");
    for (const day of opened(found.said)) line(`${dated(dateOf(day))}: ${say("office_opened")}`, "note");
    for (const answer of answers) place.append(article(answer));
    // Words that brought an answer back are the right ones: they need not stay on the screen.
    if (answers.length > 0) {
      this.box_?.clear();
      show("typing", false);
    } else line(say("nothing", { from, to }), "note");
    for (const why of ["forged", "damaged"] as const) {
      const n = found.refused[why];
      if (n) line(say(why, { n }), "care");
    }
    line(say("fetched", { n: found.pages }), "hint");

    const wider = office.newest ? span(office.newest, KEPT, office.notice) : window;
    const more = window.first - wider.first;
    show("further", more > 0);
    if (more > 0) {
      const kilobytes = Math.ceil((dayBytes(office.notice) * more) / 1_024);
      $("further").textContent = say("further_cost", { from: dated(dateOf(wider.first)), n: kilobytes });
    } else line(say("since_start"), "hint");
    // Read from the mailbox name on: whether the words are right comes before what was said.
    reach("found");
  }

  private followUp_(by: string): Promise<void> {
    return this.work_(async (office) => {
      const known = await this.conversation_(office);
      if (!known) return;
      status("reading-status");
      const read = answersFrom(this.found_?.said ?? []).filter((a) => !a.parts.includes(null)).map((a) => a.day);
      await this.followUp({
        conversation: known.conversation,
        generation: this.found_?.generation ?? 0,
        acknowledged: read.length > 0 ? Math.max(...read) : undefined,
        name: known.name,
        token: newestToken(this.found_?.said ?? []),
        exposed: by === "exposed",
      }, by);
    });
  }

  wipe(): void {
    this.box_?.clear();
    show("typing");
    for (const id of ["answers", "found-mailbox", "reading-status"]) $(id).replaceChildren();
    show("found", false);
    this.known_ = this.found_ = undefined;
  }
}

/** The token of the newest day: an answer that was posted again brought another. */
const newestToken = (said: Said[]): Bytes | undefined =>
  said.filter((s) => s.token).reduce<Said | undefined>((a, b) => (a && a.day >= b.day ? a : b), undefined)?.token;

function article(answer: Answer): HTMLElement {
  const heading = el("h2", {}, `${say("answer", { n: answer.number })} · ${dated(dateOf(answer.day))}`);
  const text = answer.parts.map((part) => part ?? ` ${say("part_missing")} `).join("");
  return el("article", { className: "good" }, heading, el("p", { className: "said", dir: "auto" }, text));
}
