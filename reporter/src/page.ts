// The page to write and to read on: joins its parts, and says in words what cannot be done here.
//
// It stores nothing: no storage, no cookie, no worker. Everything lives in this window and is
// emptied when the window goes.

import { fromHex } from "./bytes.ts";
import { $, button, dated, fetchScript, on, say, show, status } from "./dom.ts";
import { Answers } from "./answers.ts";
import { dateOf, Refused, type Reason } from "./envelope.ts";
import { leave, watchLeaving } from "./leave.ts";
import { ask, fetchList, meet, type Office, type Pinned, Unreachable } from "./office.ts";
import type { ListNumber, WordList } from "./words.ts";
import { type Around, shared, Writing } from "./writing.ts";

const { root, mailbox, list } = document.body.dataset;
const pinned: Pinned = { root: fromHex(root ?? ""), mailbox: fromHex(mailbox ?? "") };
const ownList = Number(list) as ListNumber;

let known: Promise<Office> | undefined;

function office(fresh: boolean): Promise<Office> {
  if (fresh || !known) {
    known = meet(pinned, Date.now());
    // A failure is not remembered: the next one who asks tries again.
    known.catch(() => (known = undefined));
  }
  return known;
}

const lists: Partial<Record<ListNumber, Promise<WordList>>> = {};

function words(number: ListNumber): Promise<WordList> {
  const fetched = (lists[number] ??= fetchList(number));
  fetched.catch(() => delete lists[number]);
  return fetched;
}

const REFUSALS: Partial<Record<Reason, string>> = {
  "other-root": "other_notice",
  "other-office": "other_notice",
  expired: "old_notice",
  "not-yet": "early_notice",
  "too-new": "newer",
  "no-key": "trouble_no_key",
  lists: "lists_refused",
  "too-large": "trouble_refused",
};

/** What to tell a person about a problem with the office's keys or the line. */
function explain(problem: unknown): string {
  if (problem instanceof Unreachable) return say("no_notice");
  if (problem instanceof Refused) return say(REFUSALS[problem.reason] ?? "bad_notice", { date: dated(dateOf(problem.day)) });
  throw problem;
}

function wipe(): void {
  shared.files?.wipe();
  writing.wipe();
  answers.wipe();
}

let leaving = false;

const around: Around = { list: ownList, mailbox: pinned.mailbox, words, office, explain };
const writing = new Writing(around);
const answers = new Answers(around, (continued, by) => (by === "change" ? writing.change(continued) : writing.begin(continued)));

export function goAway(): void {
  leaving = true;
  leave(() => {
    wipe();
    // The browser forgets what this site left in its cache; nobody waits for that. It heeds only an
    // answer that could have set a cookie.
    void ask("leave", { keepalive: true, credentials: "same-origin" }).catch(() => undefined);
  });
}

watchLeaving(goAway);
on("sent-leave", goAway);
// The list of the page's language is fetched by everyone alike who begins to write or to read.
const begun = (): void => void words(ownList).catch(() => undefined);
on("write", () => (begun(), writing.begin()));
on("read", () => (begun(), answers.begin()));
addEventListener("beforeunload", (event) => {
  if (leaving || !writing.unsent) return;
  event.preventDefault();
  event.returnValue = say("unsaved");
});
addEventListener("pagehide", () => leaving || wipe());

/**
 * A browser without WebCrypto fetches a script that brings it along, and never goes elsewhere by
 * itself. The kit has it inside.
 */
async function bring(): Promise<boolean | undefined> {
  const from = $("trouble").dataset;
  if (from.src) await fetchScript(from);
  return (document as unknown as { pure?: Promise<boolean> }).pure;
}

/** Nobody is let type a letter that cannot leave. */
function forbid(): void {
  document.documentElement.dataset.ready = "no";
  show("loading", false);
  for (const id of ["write", "read"]) button(id).disabled = true;
  if (!writing.unsent) writing.end();
}

async function begin(): Promise<void> {
  // Somebody who already types is left in peace.
  const typing = $("story").contains(document.activeElement) || ($("narrative") as HTMLTextAreaElement).value !== "";
  if (typing) writing.begin(undefined, true);
  else writing.end();
  if (!globalThis.crypto?.subtle && !(await bring())) {
    status("trouble", say("cannot_seal"), "care");
    show("trouble");
    // The kit itself has no other to offer.
    if (document.getElementById("kit")) show("kit");
    return forbid();
  }
  for (const id of ["write", "read"]) button(id).disabled = false;
  document.documentElement.dataset.ready = "yes";
  show("loading", false);
  try {
    await office(false);
  } catch (problem) {
    status("trouble", explain(problem), "care");
    show("trouble");
    // Keys that cannot be believed stay so; a line that broke may come back.
    if (problem instanceof Refused) forbid();
  }
}

void begin();
