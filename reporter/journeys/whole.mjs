// The whole journey of a testimony, as people walk it: write, add files, seal, collect, open, save
// the files, reply, read the reply with the words, follow up, consent, verify, publish.

import { PATIENCE, click, journey, pause, seen, stage, text, throughTor, visible } from "./browser.mjs";
import { answer, enter, fill, lock, openCase, unlock } from "./desk.mjs";
import { Files, PLANTED } from "./files.mjs";
import { traces } from "./traces.mjs";
import { arrive, fill as fillForm, keepWords, readAnswer, send, takeNewWords } from "./reporter.mjs";

/** Words that stand in no dictionary a browser brings along: what it keeps of them, it kept of this walk. */
const RARE = { told: "quixotrous", typed: "zeugmatical", sent: "marmaladed" };
const TOLD = `Sample: walked by the journey. On Thursday the meeting room was locked by people who said the building was theirs now; they wrote down who came. ${RARE.told}`;
const ANSWER = `Sample answer: thank you. We read it. Is everyone who was written down safe tonight? ${RARE.sent}`;
const LATER = "Sample answer: this goes to your new words alone.";
const FOLLOW_UP = "Sample: yes, everyone is safe. You may count it.";

await journey(async (told, start) => {
  const files = new Files();
  process.on("exit", () => files.remove());
  // Over Tor the reporter's address is an onion, trusted as Tor Browser trusts one.
  const tor = stage.socks ? throughTor(stage.socks) : {};
  const b = await start(stage.browser, { preferences: { ...files.preferences, ...tor } });

  const reporter = await told.must("a reporter opens the form; nothing alarms", async () => {
    const page = await arrive(b, stage.reporter);
    if (await visible(page, "#trouble")) throw new Error(await text(page, "#trouble"));
    return page;
  });
  await told.must("write: a letter is written, step by step", () =>
    fillForm(reporter, {
      narrative: TOLD, when: "last Thursday", day: "2026-05-21", where: "the house where we meet", country: "AQ",
      acts: ["premises-raid"], victims: "the people of our meeting", perpetrators: "people who showed no paper",
      own: "a grey lorry", consents: { statistics: "yes" },
    }));
  const words = await told.must("the words are drawn, learnt and rehearsed once", async () => {
    const drawn = await keepWords(reporter, "learn");
    if (drawn.length !== 9) throw new Error(`${drawn.length} words`);
    return drawn;
  });
  await told.must("a picture and a longer file are added; the page says which was cleaned", async () => {
    await click(reporter, "#add-files");
    const choose = await reporter.waitForSelector("#file-choose");
    await choose.uploadFile(...files.taken);
    await seen(reporter, "#file-list li:nth-child(1)", /camera wrote into it is taken out/);
    await seen(reporter, "#file-list li:nth-child(2)", /sent as it is/);
  });
  const epoch = await told.must("seal: the letter is sealed on this device, posted, its receipt checked", () => send(reporter));
  await told.see("the page says where it will be listed, and shows the mailbox name", async () => {
    if (!/\d/.test(epoch)) throw new Error(epoch);
    if ((await text(reporter, "#sent-mailbox")).split(" ").length !== 2) throw new Error(await text(reporter, "#sent-mailbox"));
  });
  await told.must("every piece of both files has its checked receipt", () =>
    seen(reporter, "#files-sent", new RegExp(`All pieces have arrived: ${files.pieces}\\.`)));
  await told.see("nothing that was typed is left in the page", async () => {
    const left = await reporter.evaluate(() => [...document.querySelectorAll("input,textarea")].map((e) => e.value).join(" "));
    if (left.includes("Thursday")) throw new Error("the report still stands in a field");
  });
  await reporter.close();

  const desk = await told.must("a caseworker enters by the one-time link", () => enter(b, stage.desk));
  await told.see("the link lets nobody in a second time", async () => {
    const stranger = await fetch(stage.desk, { redirect: "manual" });
    if (stranger.status !== 404) throw new Error(`status ${stranger.status}`);
  });
  const address = await told.must("collect, open: the letter has become a case", () => openCase(desk, /walked by the journey/));
  await told.see("the case shows what was told, signed by the reporter’s words", async () => {
    await seen(desk, "#letters", /they wrote down who came/);
    await seen(desk, "#letters", /signed by the reporter/);
    await seen(desk, "#letters", /Was there a vehicle\?\s+a grey lorry/);
  });
  await told.must("both files stand with the letter, complete", async () => {
    for (let tries = 0; tries < 60; tries++) {
      await desk.goto(new URL(address, desk.url()).href, { waitUntil: "load" });
      const shown = await desk.$$eval("#files-1 li", (all) => all.map((e) => e.innerText));
      if (shown.length === 2 && shown.every((one) => /complete/.test(one))) return;
      await pause(500);
    }
    throw new Error(`the desk says: ${await text(desk, "#letters")}`);
  });
  await told.see("the longer file, saved from the desk, is the one that was chosen, byte for byte", async () => {
    const { bytes } = await files.save(b, desk, "#file-2 a");
    if (!bytes.equals(files.left[1])) throw new Error(`${bytes.length} bytes, not the ${files.left[1].length} that were chosen`);
  });
  await told.see("the picture, saved from the desk, lost what the camera wrote and can still be drawn", async () => {
    const { name, bytes } = await files.save(b, desk, "#file-1 a");
    if (bytes.includes(PLANTED)) throw new Error("what was planted is in it");
    if (bytes.includes(Buffer.from([0xff, 0xe1]))) throw new Error("it has an APP1 segment");
    if (!bytes.equals(files.left[0])) throw new Error("something else of it changed");
    if (!/\.jpg$/.test(name)) throw new Error(`saved as ${name}`);
    const wide = await desk.evaluate(async (all) => {
      const drawn = await createImageBitmap(new Blob([Uint8Array.from(all)], { type: "image/jpeg" }));
      return drawn.width;
    }, [...bytes]);
    if (wide !== 1) throw new Error(`${wide} wide`);
  });
  await told.must("reply: an answer is sealed", async () => {
    await answer(desk, ANSWER);
    await seen(desk, "#conversation", /everyone who was written down safe/);
  });
  await told.see("an answered case waits for its reporter, not for the office", async () => {
    const listed = async (which) => {
      await desk.goto(new URL(which, desk.url()).href, { waitUntil: "load" });
      return /walked by the journey/.test(await text(desk, "main"));
    };
    if (await listed("/")) throw new Error("it stands among those that wait for the office");
    if (!(await listed("/?show=answered"))) throw new Error("it stands nowhere");
  });

  const back = await told.must("the reporter comes back on another device and types the words", () => arrive(b, stage.reporter));
  await told.must("read: the words find “opened”, sent by itself, and the answer", async () => {
    const shown = await readAnswer(back, words, /safe tonight/, PATIENCE + 4_000 * stage.epochSeconds);
    if (!/opened/i.test(shown)) throw new Error(`no sign that the letter was opened: ${shown}`);
  });
  await told.must("the reporter answers with the same words", async () => {
    await back.evaluate(() => document.querySelector("#follow-up").click());
    await seen(back, "#story :is(h1, h2)");
    await back.focus("#narrative");
    await back.keyboard.type(FOLLOW_UP);
    await back.evaluate(() => document.querySelector("#to-end").click());
    await seen(back, "#same-mailbox");
    await back.evaluate(() => document.querySelector("#next").click());
    await send(back);
  });
  await back.close();

  await told.must("the second letter joins its case", async () => {
    for (let tries = 0; tries < 60; tries++) {
      await desk.goto(new URL(address, desk.url()).href, { waitUntil: "load" });
      if (/everyone is safe/.test(await text(desk, "#letters"))) return;
      await pause(500);
    }
    throw new Error("it did not arrive");
  });
  const changed = await told.must("the reporter takes new words; they are changed once the relay has signed", async () => {
    const page = await arrive(b, stage.reporter);
    const drawn = await takeNewWords(page, words);
    await page.close();
    if (drawn.length !== 9 || drawn.join() === words.join()) throw new Error(drawn.join());
    return drawn;
  });
  await told.must("the case goes on under the new words, and says what nobody can know about it", async () => {
    for (let tries = 0; tries < 60; tries++) {
      await desk.goto(new URL(address, desk.url()).href, { waitUntil: "load" });
      if (await visible(desk, "#words-changed")) return seen(desk, "#words-changed", /does not show who did it/);
      await pause(500);
    }
    throw new Error("the desk does not say it");
  });
  await told.must("the next answer is found with the new words, and not with the old ones", async () => {
    await answer(desk, LATER);
    const page = await arrive(b, stage.reporter);
    await readAnswer(page, changed, /new words alone/, PATIENCE + 4_000 * stage.epochSeconds);
    await page.close();
    const old = await arrive(b, stage.reporter);
    if (/new words alone/.test(await readAnswer(old, words, /safe tonight/))) throw new Error("the old words read it too");
    await old.close();
    await desk.goto(new URL(address, desk.url()).href, { waitUntil: "load" });
  });
  await told.must("consent: what the signed letter says is recorded", async () => {
    await fill(desk, "told-1-1", {});
    await seen(desk, "#counted", /may be counted/);
  });
  await told.must("a source and the act are set out", async () => {
    await fill(desk, "source", { kind: "colleague", reliability: "b", name: "Sample: who wrote the letter", found: "Sample: the letter of this case" });
    await fill(desk, "source", { kind: "witness", reliability: "b", name: "Sample neighbour", says: `Sample: saw the lock being changed. ${RARE.typed}` });
    await fill(desk, "code", {
      kind: "premises-raid", first: "2026-05-21", country: "AQ", admin1: "North Sample", group: "hrd", best: "4",
      stage: "completed", sphere: "offline",
      narrative: "Sample: a meeting room taken over, those who came written down.",
    });
  });
  await told.must("an assessment with reasons is recorded and reviewed", async () => {
    await fill(desk, "assess", {
      act: "1", standard: "grounds-to-believe", corroboration: "c2", credibility: "2",
      reasons: "Sample: letter and neighbour do not know each other and agree.",
    });
    await fill(desk, "review-1", { agrees: "yes" });
  });
  await told.must("verify: the act is marked verified", async () => {
    await fill(desk, "form-verify-1", {});
    await seen(desk, "#act-1", /verified/);
  });
  await told.must("consent to a letter to the UN is recorded, with what was said before it", () =>
    fill(desk, "consent", {
      purpose: "un-special-procedures", answer: "yes", identity: "none", giver: "self", form: "oral-noted",
      beyond_recall: "Sample: what they have read.", who_will_know: "Sample: the mandate and the State.",
      likely_reaction: "Sample: questions at the door.", risk_reviewed: "2026-05-22",
    }));
  await told.must("a letter leaves only after it was read over, and when it is said how", async () => {
    await fill(desk, "write", { kind: "allegation-letter", to: "Sample mandate", identity: "none", body: "Sample: a meeting room was taken over and those who came were written down." });
    await seen(desk, "#letter", /written down/);
    await seen(desk, "#rests-on", /special procedures/);
    await fill(desk, "weigh", { known_by: "Sample: the neighbour.", reaction: "Sample: a visit.", warned: "Sample: those who came, by voice." });
    await fill(desk, "dispatch", { dispatch: "portal", receipt: "Sample 17" });
    await seen(desk, "#sent-1", /Sample 17/);
  });
  await told.must("the State's answer is entered word for word, and stands under the letter", async () => {
    await fill(desk, "response", { by: "Sample ministry", way: "note-verbale", text: "Sample: the room was sealed for fire safety.", kinds: "alternative-explanation", authenticity: "not-checked" });
    await seen(desk, "#answer-1", /sealed for fire safety/);
  });
  await told.must("a step and a remedy are recorded, the remedy with what the victims think of it", async () => {
    await fill(desk, "step", { kind: "investigation", by: "Sample prosecutor", prompt: "no", grounds: "Sample: begun after a month." });
    await fill(desk, "remedy", { kind: "restitution", status: "delivered", asked: "yes", own_view: "Sample: we have the room, and not our list." });
    await seen(desk, "#remedy-of-1", /not our list/);
  });
  await told.must("a colleague takes the case over with its task", async () => {
    await fill(desk, "take", {});
    await fill(desk, "task", { what: "Sample: ask for the list", who: "bo", by: "2026-05-30" });
    await fill(desk, "hand-over", { who: "bo", told: "Sample: they are at home in the evening." });
    await seen(desk, "#lead", /bo/);
    await seen(desk, "#todo-1", /ask for the list/);
  });
  await told.see("who decided what stands in the history", () => seen(desk, "#history", /./));

  await told.must("publish: the desk shows the tables first, then writes them", async () => {
    await desk.goto(new URL("/figures", desk.url()).href, { waitUntil: "load" });
    await seen(desk, "#tables", /./);
    await fill(desk, "figures", { release: "journey", to: stage.figures }, "#publish");
    await seen(desk, "#said", /Published/);
  });
  await told.must("a wrong passphrase is refused in words, and the right one opens the locked desk", async () => {
    await lock(desk);
    await unlock(desk, "not the passphrase");
    await seen(desk, '.care, [role="alert"]', /./);
    await unlock(desk, stage.passphrase);
    await seen(desk, "h1");
    await seen(desk, "#cases, #no-cases");
  });
  // The vault opens for one program at a time; the figures are put beside the pages meanwhile.
  await told.must("the desk is locked", () => lock(desk));
  await told.see("nothing alarmed on the browser’s console", async () => {
    const noise = b.noise.filter((line) => !/favicon/.test(line));
    // The refused passphrase is answered with 403, which browsers note.
    const loud = noise.filter((line) => !/403/.test(line));
    if (loud.length > 0) throw new Error(loud.slice(0, 5).join("\n"));
  });
  await b.browser.close();
  await told.see("the desk locked and the browser closed, its profile holds nothing that was read, typed or sent", async () => {
    const left = Object.values(RARE).flatMap((word) => traces(b.profile, word).map((file) => `${word}: ${file}`));
    if (left.length > 0) throw new Error(left.join("\n"));
  });
});
