// The page's elements by their ids, its sentences by their names. (reporter/README.md lists both)

/** An element the page is known to have: a test of `pages` compares the ids. */
export function $<E extends HTMLElement = HTMLElement>(id: string): E {
  return document.getElementById(id) as E;
}

export const input = (id: string): HTMLInputElement => $<HTMLInputElement>(id);
export const button = (id: string): HTMLButtonElement => $<HTMLButtonElement>(id);

export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> & { [attribute: `aria-${string}`]: string } = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, String(value));
    else (element as Record<string, unknown>)[name] = value;
  }
  element.append(...children);
  return element;
}

export const show = (id: string, shown = true): void => {
  $(id).hidden = !shown;
};

export const on = (id: string, work: () => unknown): void => $(id).addEventListener("click", () => void work());

/** Brings a part of the page to the top of the screen, with the focus: what follows is read next. */
export function reach(id: string): void {
  $(id).focus();
  $(id).scrollIntoView();
}

/** Shows a part of the page from its top and puts the focus on its heading. */
export function arrive(id: string): void {
  show(id);
  scrollTo(0, 0);
  $(id).querySelector("h1")?.focus({ preventScroll: true });
}

export const language = document.documentElement.lang;

/** Set by the script of the page's language, which runs before this one. */
const { sentences } = document as unknown as { sentences: Record<string, string> };

/** A sentence of the page's language, its gaps filled. */
export function say(name: string, gaps: Record<string, string | number> = {}): string {
  let text = sentences[name] ?? name;
  for (const [gap, value] of Object.entries(gaps)) {
    text = text.replace(`{${gap}}`, typeof value === "number" ? value.toLocaleString(language) : value);
  }
  return text;
}

/** A day in words, as UTC has it: the protocol knows no other. */
export const dated = (date: Date): string =>
  date.toLocaleDateString(language, { dateStyle: "long", timeZone: "UTC" } as Intl.DateTimeFormatOptions);

/** Puts a text where it is read aloud; "care" and "good" also change how it looks. */
export function status(id: string, text = "", look = ""): void {
  const element = $(id);
  element.textContent = text;
  element.className = look;
}

/** Fetches one more script of the page, by the address and the hash the page has for it; ends either way. */
export const fetchScript = (from: DOMStringMap): Promise<unknown> =>
  new Promise((done) => document.head.append(Object.assign(el("script"), from, { onload: done, onerror: done })));

/** The same, where it may stand below the screen: it is brought into view, and the focus stays. */
export function tell(id: string, text: string, look = ""): void {
  status(id, text, look);
  $(id).scrollIntoView({ block: "nearest" });
}
