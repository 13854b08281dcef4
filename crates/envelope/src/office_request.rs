//! How an office shows its relay who asks: one header, by the credential of the period, never by a
//! person's key. (protocol §8)

use crate::keys::{BadSignature, CredentialKey, SIGNATURE_BYTES};
use crate::{MailboxId, Period, hash, hex, labels};

/// Name of the header.
pub const HEADER: &str = "temoin-office";
/// How far the two clocks may be apart, in seconds.
pub const CLOCK_TOLERANCE: u64 = 600;

/// What the credential signs.
#[must_use]
pub fn signed_bytes(
    mailbox: &MailboxId,
    seconds: u64,
    method: &str,
    path_and_query: &str,
    body: &[u8],
) -> Vec<u8> {
    let line = hash(format!("{method} {path_and_query}").as_bytes());
    [
        labels::OFFICE_REQUEST.as_bytes(),
        &mailbox.0,
        &seconds.to_be_bytes(),
        &line,
        &hash(body),
    ]
    .concat()
}

/// The header's value.
#[must_use]
pub fn header_value(period: Period, seconds: u64, signature: &[u8; SIGNATURE_BYTES]) -> String {
    format!("{}.{seconds}.{}", period.number(), hex::of(signature))
}

/// A header, read but not yet believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// Whose credential it says it is.
    pub period: Period,
    seconds: u64,
    signature: [u8; SIGNATURE_BYTES],
}

impl Claimed {
    /// Reads a header's value; `None` for anything else, a second form of the same value included.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split('.');
        let (period, seconds, digits) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let signature = hex::parse(digits)?;
        Some(Self {
            period: Period::from_number(number(period)?),
            seconds: number(seconds)?,
            signature,
        })
    }

    /// Believes the header if the credential signed this very request about now.
    ///
    /// # Errors
    /// [`BadSignature`], whatever was wrong: a prober learns nothing.
    pub fn verify(
        &self,
        credential: &CredentialKey,
        mailbox: &MailboxId,
        now: u64,
        method: &str,
        path_and_query: &str,
        body: &[u8],
    ) -> Result<(), BadSignature> {
        if now.abs_diff(self.seconds) > CLOCK_TOLERANCE {
            return Err(BadSignature);
        }
        let message = signed_bytes(mailbox, self.seconds, method, path_and_query, body);
        credential.verify(&message, &self.signature)
    }
}

/// A decimal number in its only form: no sign, no zeros before it.
fn number<N: std::str::FromStr + ToString>(text: &str) -> Option<N> {
    let number: N = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use ed25519_dalek::{Signer, SigningKey};

    #[test]
    fn a_request_holds_for_its_path_its_body_and_ten_minutes() {
        let key = SigningKey::from_bytes(&[5; 32]);
        let (mailbox, credential) = (
            MailboxId([1; 16]),
            CredentialKey(key.verifying_key().to_bytes()),
        );
        let signature = key.sign(&signed_bytes(
            &mailbox,
            1_000,
            "GET",
            "/office/letters?after=0",
            b"",
        ));
        let value = header_value(Period::Week(9), 1_000, &signature.to_bytes());
        let claimed = Claimed::parse(&value).unwrap();
        assert_eq!(claimed.period, Period::Week(9));
        let holds = |now, path: &str, body: &[u8]| {
            claimed
                .verify(&credential, &mailbox, now, "GET", path, body)
                .is_ok()
        };
        assert!(holds(1_600, "/office/letters?after=0", b""));
        assert!(!holds(1_601, "/office/letters?after=0", b""));
        assert!(!holds(1_000, "/office/letters?after=1", b""));
        assert!(!holds(1_000, "/office/letters?after=0", b"x"));
    }

    #[test]
    fn anything_else_is_no_header() {
        for value in [
            "",
            ".",
            "1.2",
            "1.2.zz",
            "1.2.3.4",
            &format!("1.2.{}", "é".repeat(64)),
            &format!("1.2.{}", "AB".repeat(64)),
            &format!("1.2.{}", "+1".repeat(64)),
            &format!("+1.2.{}", "ab".repeat(64)),
            &format!("1.02.{}", "ab".repeat(64)),
        ] {
            assert_eq!(Claimed::parse(value), None, "{value:?}");
        }
    }
}
