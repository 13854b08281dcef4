// The script for browsers without WebCrypto, fetched by those alone: it brings the cryptography
// along. Where the address is the reason, it first says what that means. (decision 0039)

import { $, el, say, show } from "./dom.ts";
import { standIn } from "./subtle.ts";

/**
 * On an address without TLS whoever stands on the line can change this very script. An onion is its
 * own proof, whatever a browser thinks of it.
 */
const guarded = (): boolean => isSecureContext || location.hostname.endsWith(".onion");

/** Whether the page may go on: once the person has said so, where it must be asked. */
async function mayGoOn(): Promise<boolean> {
  if (typeof globalThis.crypto?.getRandomValues !== "function") return false;
  if (!guarded()) {
    const go = el("button", { type: "button", id: "go-on", className: "quiet" }, say("pure_go_on"));
    $("trouble").className = "care";
    $("trouble").replaceChildren(el("p", {}, say("pure_warning")), go);
    for (const id of ["trouble", "kit"]) show(id);
    show("loading", false);
    await new Promise((said) => go.addEventListener("click", said));
    show("trouble", false);
  }
  return standIn();
}

(document as unknown as { pure: Promise<boolean> }).pure = mayGoOn();
