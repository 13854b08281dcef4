// Leaving at once: the page is emptied before anything else happens, then another site takes its
// place in the tab, so that "back" does not return here. History elsewhere is out of reach, and
// the page says so.

import { $, say } from "./dom.ts";

const PATIENCE = 5_000;
const PRESSES = 3;

export function leave(wipe: () => void): void {
  const address = $<HTMLAnchorElement>("leave").href;
  wipe();
  document.title = "";
  document.body.replaceChildren(say("left"));
  location.replace(address);
}

/** The button, and three presses of Shift alone. Escape is left to browsers and screen readers. */
export function watchLeaving(now: () => void): void {
  $("leave").addEventListener("click", (event) => {
    event.preventDefault();
    now();
  });
  let [pressed, alone, timer] = [0, false, 0];
  addEventListener("keydown", (event) => {
    alone = event.key === "Shift";
    if (!alone) pressed = 0;
  });
  addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !alone) return;
    alone = false;
    pressed++;
    clearTimeout(timer);
    timer = setTimeout(() => (pressed = 0), PATIENCE);
    if (pressed === PRESSES) now();
    else $("spoken").textContent = say("leave_press", { n: pressed });
  });
}
