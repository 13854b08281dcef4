// A row of fields to type the words in: each finds its word after a few letters, picks it from a
// list by key or touch, and names the neighbours of a word that is not in the list.
//
// No field has a name, none may be completed, corrected or spell-checked by the browser, and
// nothing is ever put on the clipboard.

import { el, say } from "./dom.ts";
import { beginning, DIGITS, fold, LISTS, neighbours, pieces, type WordList } from "./words.ts";

const OFFERED = 6;

interface Field {
  input: HTMLInputElement;
  note: HTMLElement;
}

export class WordBox {
  private readonly fields_: Field[] = [];
  private readonly picks_: HTMLElement;
  private active_ = -1;
  private at_ = 0;

  constructor(readonly holder: HTMLElement, readonly list: WordList) {
    const id = holder.id;
    this.picks_ = el("ul", { id: `${id}-picks`, className: "picks", role: "listbox", "aria-label": say("pick"), hidden: true });
    const rows = el("ol", { className: "words" });
    for (let i = 0; i < LISTS[list.number].drawn; i++) rows.append(this.row_(`${id}-${i + 1}`, i));
    holder.replaceChildren(rows, this.picks_);
  }

  private row_(id: string, i: number): HTMLElement {
    const note = el("p", { id: `${id}-note`, className: "hint", role: "status" });
    const input = el("input", {
      id,
      type: "text",
      autocomplete: "off",
      spellcheck: false,
      autocapitalize: "none",
      role: "combobox",
      "aria-expanded": "false",
      "aria-autocomplete": "list",
      "aria-controls": this.picks_.id,
      "aria-describedby": note.id,
    });
    input.setAttribute("autocorrect", "off");
    if (this.list.number === DIGITS) input.inputMode = "numeric";
    input.addEventListener("input", (event) => this.typed_(i, (event as InputEvent).isComposing));
    input.addEventListener("compositionend", () => this.typed_(i));
    // What was said of this word stays until the word is changed.
    input.addEventListener("focus", () => this.found_(i));
    input.addEventListener("blur", () => this.left_(i));
    input.addEventListener("keydown", (event) => this.key_(event, i));
    input.addEventListener("paste", (event) => this.pasted_(event, i));
    this.fields_.push({ input, note });
    const label = el("label", { htmlFor: id }, say(this.list.number === DIGITS ? "group" : "word", { n: i + 1 }));
    return el("li", {}, label, input, note);
  }

  private typed_(i: number, composing = false): void {
    this.at_ = i;
    // What a writing system is still putting together is no word yet.
    if (composing) return;
    const { size } = LISTS[this.list.number];
    if (size && fold(this.fields_[i]!.input.value).length > size) return this.spread_(this.fields_[i]!.input.value, i);
    this.note_(i);
    this.found_(i);
  }

  /** Says beside a field what is wrong there, or that nothing is. */
  private note_(i: number, ...said: (Node | string)[]): void {
    const { input, note } = this.fields_[i]!;
    note.replaceChildren(...said);
    input.setAttribute("aria-invalid", String(said.length > 0));
  }

  /** Offers the words that begin like this one. */
  private found_(i: number): void {
    this.at_ = i;
    const { input } = this.fields_[i]!;
    // A check digit that the page fills in checks nothing.
    const offered = this.list.number === DIGITS ? [] : beginning(this.list, input.value, OFFERED);
    const done = offered.length === 1 && fold(offered[0]!) === fold(input.value);
    this.offer_(done ? [] : offered);
  }

  private offer_(words: string[]): void {
    const { input } = this.fields_[this.at_]!;
    this.active_ = -1;
    input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-expanded", String(words.length > 0));
    this.picks_.hidden = words.length === 0;
    this.picks_.replaceChildren(...words.map((word, n) => {
      const option = el("li", { id: `${this.picks_.id}-${n}`, role: "option", "aria-selected": "false" }, word);
      // Before the field loses its focus, and without taking it.
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        this.pick_(word);
      });
      return option;
    }));
    input.after(this.picks_);
  }

  private pick_(word: string): void {
    const { input } = this.fields_[this.at_]!;
    input.value = word;
    this.note_(this.at_);
    this.offer_([]);
    this.fields_[this.at_ + 1]?.input.focus();
  }

  private key_(event: KeyboardEvent, i: number): void {
    if (event.isComposing) return;
    const options = [...this.picks_.children] as HTMLElement[];
    const { input } = this.fields_[i]!;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (options.length === 0) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      this.active_ = (this.active_ + step + options.length + (this.active_ < 0 && step < 0 ? 1 : 0)) % options.length;
      options.forEach((option, n) => option.setAttribute("aria-selected", String(n === this.active_)));
      input.setAttribute("aria-activedescendant", options[this.active_]!.id);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      const chosen = options[this.active_] ?? (options.length === 1 ? options[0] : undefined);
      if (chosen) this.pick_(chosen.textContent ?? "");
      else if (this.list.index.has(fold(input.value))) this.offer_([]), this.fields_[i + 1]?.input.focus();
      else this.left_(i);
    } else if (event.key === "Escape" && options.length > 0) {
      event.preventDefault();
      this.offer_([]);
    }
  }

  /** All words pasted into one field are spread over the fields. */
  private pasted_(event: ClipboardEvent, i: number): void {
    const text = (event.clipboardData?.getData("text") ?? "").slice(0, 2_000);
    if (pieces(this.list.number, text).length < 2) return;
    event.preventDefault();
    this.spread_(text, i);
  }

  private spread_(text: string, i: number): void {
    const words = pieces(this.list.number, text).slice(0, this.fields_.length - i);
    words.forEach((word, n) => {
      this.fields_[i + n]!.input.value = word;
      this.note_(i + n);
      if (n < words.length - 1) this.left_(i + n);
    });
    const last = i + words.length - 1;
    this.fields_[last]!.input.focus();
    this.typed_(last);
  }

  /** Says of a word that is not in the list what stands near it. */
  private left_(i: number): void {
    const { value } = this.fields_[i]!.input;
    this.offer_([]);
    const word = value.trim();
    // What was said of it when it was compared stays until it is changed.
    if (word === "" || this.list.index.has(fold(value))) return;
    if (this.list.number === DIGITS) return this.note_(i, say("digits_wrong", { word }));
    const near = neighbours(this.list, value).map((word) => {
      const choice = el("button", { type: "button", className: "plain" }, word);
      choice.addEventListener("click", () => {
        this.at_ = i;
        this.pick_(word);
      });
      return choice;
    });
    this.note_(i, say("word_unknown", { word }), " ", say("word_near"), " ", ...near);
  }

  /** The indices typed, or nothing: then the first field that is not a word has the focus. */
  indices(): number[] | undefined {
    const indices = this.fields_.map(({ input }) => this.list.index.get(fold(input.value)));
    const wrong = indices.indexOf(undefined);
    if (wrong < 0) return indices as number[];
    // Every word that is none is named, not only the one the focus goes to.
    indices.forEach((_, i) => this.left_(i));
    this.focus(wrong, this.fields_[wrong]!.input.value.trim() ? "" : say("word_missing"));
    this.offer_([]);
    return undefined;
  }

  /** Goes to a field, and says beside it what is wrong there. */
  focus(i = 0, wrong = ""): void {
    this.fields_[i]!.input.focus();
    if (wrong) this.note_(i, wrong);
  }

  clear(): void {
    this.fields_.forEach(({ input }, i) => {
      input.value = "";
      this.note_(i);
    });
    this.offer_([]);
  }
}
