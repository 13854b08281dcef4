// Which of the kit's languages is shown. This runs before everything else: what comes after finds
// the page, its language and its sentences in place, as on a page of the site.

const tagOf = (template: HTMLTemplateElement): string => template.id.slice(3);

const templates = [...document.querySelectorAll("template")];
const wished = [location.hash.slice(1), ...navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase())];
const found = wished.map((tag) => templates.find((t) => tagOf(t) === tag)).find((t) => t);
const chosen = found ?? templates[0]!;

document.documentElement.lang = chosen.lang;
document.documentElement.dir = chosen.dir;
const { root, mailbox, list, says } = chosen.dataset;
Object.assign(document.body.dataset, { root, mailbox, list });
(document as unknown as { sentences: unknown }).sentences = JSON.parse(says ?? "{}");
document.body.spellcheck = false;
document.body.replaceChildren(chosen.content.cloneNode(true));

addEventListener("hashchange", () => {
  const asked = location.hash.slice(1);
  if (asked !== tagOf(chosen) && templates.some((t) => tagOf(t) === asked)) location.reload();
});
