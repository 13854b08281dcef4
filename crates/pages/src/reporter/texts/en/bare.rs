//! English: what the script says that brings cryptography to a browser without any.

use super::super::Bare;

pub(super) const BARE: Bare = Bare {
    pure_warning: "This address is not protected. Whoever stands on the line between this device and the server could change this page, and read what you type, without your seeing it. Better: an address that begins with https, Tor Browser, or the office’s kit below. If you have none of these, and the network is one you trust, you can go on here.",
    pure_go_on: "Go on here all the same",
};
