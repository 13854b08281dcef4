//! The office speaks: signing its notice, and its requests to the relay. (protocol §7, §8)

use envelope::keys::DeskKey;
use envelope::notice::{self, NoticeBody};
use envelope::{MailboxId, Period, office_request};

use crate::{CredentialSecret, DeskSecret, RootSecret};

/// Signs a notice by the root and by desks, and joins it into the file the relay serves. Whether
/// enough desks signed is for whoever reads it to check.
#[must_use]
pub fn sign_notice(body: &NoticeBody, root: &RootSecret, desks: &[&DeskSecret]) -> Vec<u8> {
    let bytes = body.encode();
    let message = notice::desk_signed_bytes(&body.mailbox, body.sequence, &body.keys.encode());
    let desks: Vec<(DeskKey, [u8; 64])> = desks
        .iter()
        .map(|desk| (desk.public(), desk.sign(&message)))
        .collect();
    notice::to_file(
        &bytes,
        &root.sign(&notice::root_signed_bytes(&bytes)),
        &desks,
    )
}

/// The header value of one request to the relay.
#[must_use]
pub fn signed_request(
    credential: &CredentialSecret,
    period: Period,
    mailbox: &MailboxId,
    unix_seconds: u64,
    method: &str,
    path_and_query: &str,
    body: &[u8],
) -> String {
    let message = office_request::signed_bytes(mailbox, unix_seconds, method, path_and_query, body);
    office_request::header_value(period, unix_seconds, &credential.sign(&message))
}
