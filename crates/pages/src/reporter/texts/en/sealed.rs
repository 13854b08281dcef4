//! English: handing in a letter that was sealed elsewhere.

use super::super::Sealed;

pub(super) const SEALED: Sealed = Sealed {
    link: "Send a letter that is already sealed",
    heading: "Send a sealed letter",
    lead: "This way works without script, and the letter stays sealed from end to end: it was sealed elsewhere, and here it is only handed over.",
    how_heading: "How to seal one",
    how_kit: "On another device, in a browser that runs script: open the office’s kit and save the letter as a file.",
    how_program: "On a computer: with the program temoin-report.",
    how_carry: "Bring the file here, on a stick or a memory card. Its name ends in .BIN.",
    files: "Sealed letters (files ending in .BIN)",
    files_hint: "Up to sixteen at once. Their names do not matter.",
    send: "Send",
    after: "The next page says of each file whether it has arrived. A file that was sent twice counts once.",
    stays: "The file stays where it lies on this device: among the downloads, in the list of recent files, in the bin after you delete it. Nobody here can open it, but it shows that you meant to send something.",
};
