//! What the script for new words says, in English.

use super::super::NewWords;

pub(super) const NEW_WORDS: NewWords = NewWords {
    new_1: "The old words keep opening what was sent before: the answers you had, and any that is already on its way. Nobody can take that back.",
    new_2: "Once the office has opened this change and accepted it, everything it sends goes to the new words, and only to them.",
    new_3: "If somebody watches this device, it does not help: they see the new words too. Then take them on another device.",
    new_4: "The office is told that the words were changed. It cannot see who did it: if somebody else has changed them before you, it may ask.",
    new_draw: "Draw new words",
    new_not: "Keep the old words",
    new_shown: "Your new words, in this order",
    new_keep: "Keep the old words too. Cross them out only after the office’s first sign has come to the new words. That can take days; until then, look with both.",
    new_box: "Mailbox name of the new words, to compare",
    new_learned: "I know the new words",
    new_rehearsal: "The new words once, from memory",
    new_known: "All right: these are your new words.",
    new_see: "Show the new words again",
    new_ready: "Last step: the office is told, in a sealed letter that the old and the new words sign. Until it has arrived, nothing has changed.",
    new_seal: "Change the words now",
    new_no_keys: "The office’s keys could not be fetched. Try again when the line is better.",
    new_not_yet: "Keep both, the old words and the new ones.",
    new_done: "Your change of words has arrived",
    new_done_1: "The office’s server has signed for it. Once the office has opened and accepted it, answers go to the new words only.",
};
