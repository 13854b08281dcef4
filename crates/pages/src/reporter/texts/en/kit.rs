//! The kit in English.

use super::super::{Kit, KitSpoken};

pub(super) const KIT: Kit = Kit {
    lead: "This file works without a network. It seals your letter on this device. Then you carry the sealed letter: as a file, from this screen to a camera, or as lines of text.",
    good_until: "Good until {date}. After that day it seals nothing more: take a new kit from {office}.",
    openable_longer: "A letter sealed here may be on its way for months. That is why the office keeps the key for it for about a year longer than for a letter sent from its page.",
    needs_script: "Save this file on the device and open it from there, in a browser that runs script: sealing takes script.",
    seal: "Seal",
    seal_1: "When you press “Seal”, this device seals your letter. From then on nobody can open it here, not even you. It leaves only when you carry it.",
    carried_heading: "Sealed. It has not left yet.",
    carried_1: "The sealed letter is in this window alone. Carry it in one of these ways, or in several: if it arrives twice, it counts once.",
    save: "Save it as a file",
    save_note: "Bring the file to a drop point or to a computer with a network. Who finds it cannot read it, but can see that it is there.",
    codes: "Show it to a camera",
    codes_note: "The code changes three times a second. If changing pictures harm you or somebody near you, use the still codes.",
    pause: "Pause",
    go_on: "Go on",
    slower: "Slower",
    still: "Still codes, all at once",
    hide_codes: "Hide the codes",
    lines: "Show it as text",
    lines_note: "Copy these lines into any message. Each line has its own check; order does not matter.",
    carried_close: "I have carried it: empty this window",
    board_label: "Folder of the copied board",
    board_hint: "Choose the folder on the stick that holds “board” and “office”. Nothing of it leaves this device.",
    change: "To take new words, use the office’s page.",
    sheet_heading: "The kit of {office}",
    sheet_1: "This is the office’s fingerprint, as text and as a code. It must be the same in the kit.",
    sheet_digest: "SHA-256 of the kit’s file, to compare before it is used",
};

pub(super) const SPOKEN: KitSpoken = KitSpoken {
    clock: "This device says {here}; this kit was made on {there}. So the clock of this device is wrong. Set it, or go on if you know that it is.",
    no_notice: "Choose the folder of the copied board first. If you did, files are missing from it: make the copy again.",
    old_notice: "This kit ended on {date}. It seals nothing more: take a new one from the office.",
    sending: "Sealing …",
    kit_over: "This kit ended on {date}. It seals nothing more: take a new one from the office. You can still read an answer here.",
    board_taken: "The newest seen in this copy is of {date}. What came later is not in it.",
    board_nothing: "In this folder there is no board of this office. Choose the folder that holds “board” and “office”.",
    saved: "The browser saved it as {name}. Look whether it is there before you close this window.",
    code: "Code {n}. The letter has {of}; any few more are enough.",
};
