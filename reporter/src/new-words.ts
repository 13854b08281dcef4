// Takes new words for a conversation: drawn and typed back as for a first letter, then told to the
// office in one letter that the old and the new words sign. (protocol §4.4)
//
// A script of its own, fetched only by those who change their words. Nothing has changed before the
// relay signed for that letter; until then the very same sealed bytes are offered again, and the old
// words stay as good as they were. Nothing is stored.

import { random } from "./bytes.ts";
import { $, arrive, button, dated, el, input, language, on, reach, say, show, status, tell } from "./dom.ts";
import { dateOf, dayOf } from "./envelope.ts";
import { handover } from "./handover.ts";
import type { Address, Posting } from "./letter.ts";
import { encodeReport } from "./report.ts";
import { type Conversation, draw, type WordList } from "./words.ts";
import type { WordBox } from "./wordbox.ts";
import type { Lent } from "./writing.ts";

const PLACE = "change-words";
const STAGES = ["new-why", "new-drawn", "new-rehearsal", "new-last"];
const TROUBLE: Record<number, string> = { 410: "trouble_no_key", 429: "trouble_busy", 503: "trouble_full" };

function begin(lent: Lent): void {
  const [tools, around, continued, Box, conversationFrom, conversationKey, mailboxName, sealLetter, signAsync] = lent;
  const { conversation: old, generation, acknowledged } = continued;
  let list: WordList | undefined;
  let drawn: number[] = [];
  let next: Conversation | undefined;
  let box: WordBox | undefined;
  let sealed: Posting | undefined;
  let working: Promise<void> | undefined;
  let done = false;

  document.getElementById(PLACE)?.remove();
  const place = el("section", { id: PLACE });
  $("reading").after(place);
  const press = (id: string, text: string, className = ""): HTMLElement => el("button", { type: "button", id, className }, text);
  const row = (...buttons: Node[]): HTMLElement => el("div", { className: "row" }, ...buttons);
  const again = button("again");
  place.append(
    el("h1", { tabIndex: -1 }, $("change").textContent ?? ""),
    el(
      "div",
      { id: "new-why" },
      el("ul", {}, ...["new_1", "new_2", "new_3", "new_4"].map((name) => el("li", {}, say(name)))),
      row(press("new-draw", say("new_draw"))),
    ),
    copied("drawn", say("new_shown")),
    copied("rehearsal", say("new_rehearsal")),
    el(
      "div",
      { id: "new-last" },
      el("p", {}, say("new_ready")),
      row(press("new-seal", say("new_seal")), press("new-see-again", say("new_see"), "quiet")),
    ),
    el("p", { id: "new-status", role: "status" }),
    row(press("new-again", again.dataset.text ?? again.textContent ?? ""), press("new-not", say("new_not"), "plain")),
  );
  // The question about two clocks is the form's own: where a letter goes is asked there too.
  const clock = $("clock");
  const clockStood = clock.nextElementSibling!;
  $("new-last").append(clock);

  const stage = (shown?: string): void => STAGES.forEach((id) => show(id, id === shown));
  const waiting = (): boolean => place.isConnected && !done && drawn.length > 0;

  /** The words are on the screen before their keys are worked out. */
  async function drawWords(): Promise<void> {
    status("new-status", say("words_loading"));
    try {
      list = await around.words(around.list);
    } catch {
      working = undefined;
      return status("new-status", say("read_failed"), "care");
    }
    drawn = draw(list.number, (into) => crypto.getRandomValues(into as Uint32Array<ArrayBuffer>));
    showWords();
    status("new-status", say("deriving"));
    await new Promise((shown) => setTimeout(shown, 50));
    next = await conversationFrom(list.number, drawn, around.mailbox);
    $("new-mailbox").textContent = await mailboxName(next, list);
    status("new-status");
  }

  function showWords(): void {
    status("new-status");
    $("new-rehearsal-words").replaceChildren();
    $("new-drawn-words").replaceChildren(...drawn.map((i) => el("li", { className: "code" }, list!.words[i]!)));
    stage("new-drawn");
    reach("new-drawn-heading");
  }

  async function typeBack(): Promise<void> {
    await working;
    box = new Box($("new-rehearsal-words"), list!);
    stage("new-rehearsal");
    box.focus();
  }

  function compare(): void {
    const typed = box?.indices();
    if (!typed) return;
    const wrong = typed.findIndex((index, i) => index !== drawn[i]);
    if (wrong >= 0) {
      status("new-status");
      return box?.focus(wrong, say("rehearse_wrong", { n: wrong + 1 }));
    }
    box?.clear();
    $("new-drawn-words").replaceChildren();
    stage("new-last");
    status("new-status", say("new_known"));
    button("new-seal").focus();
  }

  async function seal(): Promise<void> {
    tell("new-status", say("sealing"));
    const office = await around.office(true);
    showClock(office.day, office.clocksApart);
    const address = (await tools.address(false)) as Address;
    const letter = await sealLetter(address, {
      report: encodeReport({ language, channel: "page" }),
      spoken: { conversation: old, generation, first: false },
      newestManifest: office.newest?.hash,
      acknowledged,
      handover: await handover(address, old, next!, { key: conversationKey, sign: signAsync }),
    });
    sealed = { nonce: random(16), letter };
  }

  function showClock(day: number, apart: boolean): void {
    if (clock.hidden) input("clock-accept").checked = false;
    clock.hidden = !apart;
    $("clock-dates").textContent = apart ? say("clock", { here: dated(dateOf(dayOf(Date.now()))), there: dated(dateOf(day)) }) : "";
  }

  const post = (): Promise<number | Response> => {
    tell("new-status", say("sending"));
    return tools.post(sealed!.nonce, sealed!.letter);
  };

  async function send(): Promise<void> {
    const held = ["new-seal", "new-see-again", "new-again"];
    for (const id of held) button(id).disabled = true;
    let seconds = 0;
    try {
      if (!sealed) await seal();
      let answer = await post();
      if (typeof answer !== "number" && answer.status === 410) {
        // The period's key is gone, and nobody took these bytes: sealed to the newest one.
        await seal();
        answer = await post();
      }
      if (typeof answer === "number") return changed();
      seconds = Math.min(3_600, Number(answer.headers.get("retry-after")) || 0);
      failed(say(TROUBLE[answer.status] ?? "trouble_refused"));
    } catch (problem) {
      const { reason } = problem as { reason?: string };
      if (reason === "clocks-apart") {
        status("new-status");
        input("clock-accept").focus();
      } else failed(sealed ? say(reason ? "trouble_receipt" : "trouble_line") : reason ? around.explain(problem) : say("new_no_keys"));
    }
    setTimeout(() => {
      for (const id of held) if (place.isConnected) button(id).disabled = false;
    }, 1_000 * seconds);
  }

  function failed(why: string): void {
    tell("new-status", `${why} ${say("new_not_yet")}`, "care");
    // What was sealed is what is sent again; there is nothing more to look at or to choose.
    if (sealed) stage();
    show("new-again", !!sealed);
    show("new-not", !sealed);
    // A crowded relay takes an introduction code: it is typed where the letter waits.
    const crowd = document.getElementById("crowd");
    if (crowd) $("new-status").after(crowd);
  }

  function changed(): void {
    done = true;
    const named = $("new-mailbox").parentElement!;
    forget();
    place.replaceChildren(
      el("h1", { tabIndex: -1 }, say("new_done")),
      el("div", { className: "good" }, el("p", {}, say("new_done_1"))),
      el("p", { className: "care" }, say("new_keep")),
      named,
      row(press("new-leave", $("sent-leave").textContent ?? "")),
    );
    on("new-leave", () => $("sent-leave").click());
    arrive(PLACE);
  }

  /** Forgets every secret of the new words; the old ones are not this script's. */
  function forget(): void {
    clockStood.before(clock);
    clock.hidden = true;
    box?.clear();
    drawn.fill(0);
    for (const secret of [next?.master, next?.replySeed, next?.signingSeed]) secret?.fill(0);
    drawn = [];
    next = sealed = undefined;
  }

  function giveUp(): void {
    forget();
    place.remove();
    show("reading");
    $("change").focus();
  }

  on("new-draw", () => (working ??= drawWords()));
  on("new-not", giveUp);
  on("new-kept", typeBack);
  on("new-rehearse", compare);
  for (const id of ["new-show-again", "new-see-again"]) on(id, showWords);
  for (const id of ["new-seal", "new-again"]) on(id, send);
  addEventListener("pagehide", () => (place.isConnected ? giveUp() : forget()));
  addEventListener("beforeunload", (event) => {
    if (!waiting()) return;
    event.preventDefault();
    event.returnValue = say("unsaved");
  });
  button("new-kept").textContent = say("new_learned");
  $("new-mailbox").parentElement!.firstChild!.textContent = say("new_box");
  $("new-drawn-words").after(el("p", { className: "care" }, say("new_keep")));
  $("new-show-again").textContent = say("new_see");
  show("new-again", false);
  stage("new-why");
  show("reading", false);
  arrive(PLACE);
}

/**
 * A part of the form once more, empty, under ids and a heading of its own: words are shown and asked for
 * in one way, and nobody takes the new ones for the old.
 */
function copied(id: string, heading: string): HTMLElement {
  const copy = $(id).cloneNode(true) as HTMLElement;
  for (const one of [copy, ...copy.querySelectorAll<HTMLElement>("[id]")]) one.id = `new-${one.id}`;
  for (const one of copy.querySelectorAll("[aria-labelledby]")) one.setAttribute("aria-labelledby", `new-${one.getAttribute("aria-labelledby")}`);
  for (const secret of ["drawn-words", "mailbox", "rehearsal-words"]) copy.querySelector(`#new-${secret}`)?.replaceChildren();
  copy.querySelector("h2")!.textContent = heading;
  return copy;
}

const shared = document as unknown as { lent?: Lent | undefined };
const { lent } = shared;
if (lent) {
  shared.lent = undefined;
  begin(lent);
}
