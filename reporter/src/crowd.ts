// A relay under a flood: it is answered with a token, or with work, and the person is told; a code that
// an office handed out can be typed where the letter waits. (protocol §8)

import { type Bytes, hex } from "./bytes.ts";
import { $, el, say, status } from "./dom.ts";
import { demanded, solve, tokenOf } from "./puzzle.ts";

/** Puzzles that are worked on for one letter; after them it waits. */
const MOST_PUZZLES = 3;

/** A letter that was refused, and what its page lends. */
export interface Held {
  mailbox: Bytes;
  leaf: Bytes;
  /** From the newest answer. */
  token?: Bytes | undefined;
  /** Posts the same bytes once more, with these headers beside them. */
  post: (beside: Record<string, string>) => Promise<Response>;
  /** A code was typed while the letter waits. */
  ready: () => void;
}

/** Takes the relay's answer, gives back a better one, or its last. */
export type Crowd = (held: Held, answer: Response) => Promise<Response>;

/** Tokens that were sent: each serves one letter, whatever came of it. */
const spent = new Set<string>();
let typed: Bytes | undefined;

/**
 * Answers a relay that is crowded: with a token if there is one, otherwise by working. In quiet times
 * neither is sent, and no letter is told from another.
 */
export const through: Crowd = async (held, answer) => {
  askCode(held.ready);
  const token = (): string | undefined => [typed, held.token].map((t) => t && hex(t)).find((t) => t && !spent.has(t));
  for (let puzzles = 0; answer.status === 429; ) {
    const bits = demanded(answer.headers.get("temoin-puzzle"));
    const known = token();
    if (known) {
      spent.add(known);
      answer = await held.post({ "temoin-token": known });
    } else if (bits && puzzles++ < MOST_PUZZLES) {
      status("sending", say("working"));
      const solved = await solve(held.mailbox, held.leaf, bits, () => !!token());
      if (solved) answer = await held.post({ "temoin-puzzle": solved });
    } else break;
  }
  return answer;
};

/** Offers a place for an introduction code, once, where the letter waits. */
function askCode(ready: () => void): void {
  if (document.getElementById("introduction")) return;
  const field = el("input", { id: "introduction", autocomplete: "off", spellcheck: false, dir: "ltr" });
  const label = el("label", {}, say("code_label"));
  label.htmlFor = field.id;
  $("sending").after(el("div", { id: "crowd", className: "field" }, label, field, el("p", { id: "introduction-status", role: "status" })));
  field.addEventListener("input", async () => {
    const now = field.value;
    const token = await tokenOf(now);
    if (now !== field.value) return;
    typed = token;
    const wrong = now.replace(/[^0-9a-z]/gi, "").length >= 28;
    if (token) status("introduction-status", say("code_good"), "good");
    else status("introduction-status", wrong ? say("code_wrong") : "", "care");
    if (token) ready();
  });
}
