//! Every label of the protocol, once. (protocol §1.1)
//!
//! A label keeps two uses of one key apart. Two equal labels, or one that begins another, would
//! let bytes made for one use pass in the other: the test below keeps that impossible.

/// HPKE info of a letter.
pub const LETTER: &str = "temoin/1/letter/";
/// The reporter's signature inside a letter.
pub const LETTER_SIGNATURE: &str = "temoin/1/letter-signature";
/// The new words' signature in a letter that changes the words.
pub const HANDOVER: &str = "temoin/1/handover";
/// HPKE info of a cell.
pub const CELL: &str = "temoin/1/cell/";
/// The psk of a cell, from the conversation key; also its `psk_id`.
pub const CELL_PSK: &str = "temoin/1/cell-psk";
/// The tag key of a cell, from the conversation key.
pub const CELL_TAG: &str = "temoin/1/cell-tag";
/// The office's signature inside a cell.
pub const CELL_SIGNATURE: &str = "temoin/1/cell-signature";
/// Seed of the reply key, from the master.
pub const REPLY_KEY: &str = "temoin/1/reply-key";
/// Seed of the reporter's signing key, from the master.
pub const SIGNING_KEY: &str = "temoin/1/signing-key";
/// First conversation key of a generation, from the master.
pub const CONVERSATION: &str = "temoin/1/conversation";
/// Conversation key of a carry quarter, from the master.
pub const BY_CARRY: &str = "temoin/1/by-carry";
/// The next period's conversation key.
pub const NEXT: &str = "temoin/1/next-conversation";
/// The two words of the mailbox name, from the master.
pub const MAILBOX_NAME: &str = "temoin/1/mailbox-name";
/// Which page a reader fetches when nothing was found, from the master.
pub const PAGE_WITHOUT_HIT: &str = "temoin/1/page-without-hit";
/// The root's signature of a notice.
pub const NOTICE: &str = "temoin/1/notice";
/// A desk's signature of a key list.
pub const KEY_LIST: &str = "temoin/1/key-list";
/// Hash of the next root key.
pub const NEXT_ROOT: &str = "temoin/1/root-to-come";
/// The relay's signature of a receipt.
pub const RECEIPT: &str = "temoin/1/receipt";
/// The relay's signature of a manifest.
pub const MANIFEST: &str = "temoin/1/manifest";
/// What the day files have come to, in a manifest.
pub const DAYS: &str = "temoin/1/days";
/// The office's signature of a request to its relay.
pub const OFFICE_REQUEST: &str = "temoin/1/office-request";

/// Hash of a posting token, as the relay is told.
pub const TOKEN: &str = "temoin/1/token";
/// What a relay under a flood asks for.
pub const PUZZLE: &str = "temoin/1/puzzle";

/// The team's id, from its founding.
pub const TEAM_FOUNDING: &str = "temoin/1/team-founding";
/// The commitment of an item or a content to its key and position.
pub const TEAM_COMMIT: &str = "temoin/1/team-commit";
/// The key of an item, from the team key.
pub const TEAM_ITEM: &str = "temoin/1/team-item";
/// The key of a content, from a case or circle key.
pub const TEAM_CONTENT: &str = "temoin/1/team-content";
/// A desk's signature of an entry.
pub const TEAM_SIGNATURE: &str = "temoin/1/team-signature";
/// The chain over the items of a team's log.
pub const TEAM_HEAD: &str = "temoin/1/team-head";
/// The four words of a head.
pub const TEAM_WORDS: &str = "temoin/1/team-words";
/// HPKE info of a team or circle key on its way to a desk.
pub const TEAM_WRAP: &str = "temoin/1/team-wrap";
/// What a wrapped case key is bound to.
pub const TEAM_CASE_KEY: &str = "temoin/1/team-case-key";
/// The circle of a role.
pub const TEAM_ROLE: &str = "temoin/1/team-role";
/// What is left of a team key that was destroyed in force.
pub const TEAM_BRIDGE: &str = "temoin/1/team-bridge";
/// The randomness of one wrap of a new key, from that key.
pub const TEAM_COINS: &str = "temoin/1/team-coins";
/// With which a person's desk vouches for their next one.
pub const TEAM_DESK: &str = "temoin/1/team-desk";
/// A desk's signature of a snapshot.
pub const TEAM_SNAPSHOT: &str = "temoin/1/team-snapshot";

/// All of them, for the test and for whoever adds one.
pub const ALL: [&str; 37] = [
    LETTER,
    LETTER_SIGNATURE,
    HANDOVER,
    CELL,
    CELL_PSK,
    CELL_TAG,
    CELL_SIGNATURE,
    REPLY_KEY,
    SIGNING_KEY,
    CONVERSATION,
    BY_CARRY,
    NEXT,
    MAILBOX_NAME,
    PAGE_WITHOUT_HIT,
    NOTICE,
    KEY_LIST,
    NEXT_ROOT,
    RECEIPT,
    MANIFEST,
    DAYS,
    OFFICE_REQUEST,
    TOKEN,
    PUZZLE,
    TEAM_FOUNDING,
    TEAM_COMMIT,
    TEAM_ITEM,
    TEAM_CONTENT,
    TEAM_SIGNATURE,
    TEAM_HEAD,
    TEAM_WORDS,
    TEAM_WRAP,
    TEAM_CASE_KEY,
    TEAM_ROLE,
    TEAM_SNAPSHOT,
    TEAM_BRIDGE,
    TEAM_DESK,
    TEAM_COINS,
];

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn no_label_equals_or_begins_another() {
        for (i, a) in ALL.iter().enumerate() {
            for (j, b) in ALL.iter().enumerate() {
                assert!(i == j || !b.starts_with(a), "{a} begins {b}");
            }
        }
    }

    #[test]
    fn every_label_stands_in_the_protocol_text() {
        let text = include_str!("../../../docs/protocol.md");
        for label in ALL {
            assert!(
                text.contains(&format!("| `{label}` |")),
                "{label} is not in docs/protocol.md §1.1"
            );
        }
    }
}
