// Writes a report whose texts stand nowhere else in the world, for `xtask` to look for afterwards.

import { journey, stage } from "./browser.mjs";
import { arrive, readAnswer, writeLetter } from "./reporter.mjs";

await journey(async (told, start) => {
  const b = await start("chromium");
  const page = await arrive(b, stage.reporter);
  const [narrative, place, people, contact] = stage.planted;
  const { words } = await told.must("a report with planted words is sent", () =>
    writeLetter(page, { narrative, where: place, victims: people, safety: narrative, contact }, "learn"));
  console.log(`words ${words.join(" ")}`);
  // Reading back types the words once more, in a page of its own.
  const again = await arrive(b, stage.reporter);
  await told.must("the words are typed to look for an answer", () => readAnswer(again, words, /./s));
});
