//! Publishing: a new notice under the root, and the keys it vouches for, put to the relay.

use envelope::notice::Notice;
use envelope::{Day, Period};
use open::RootSecret;
use rand_core::CryptoRng;
use vault::Failed;

use crate::desk::Desk;
use crate::office_keys::{self, SignedNotice, counter};
use crate::post::{Post, Request};
use crate::round::CannotCollect;

/// Why nothing was published.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotPublish {
    /// This root is not the office's.
    OtherRoot,
    /// By the settings the list of a day is longer than anybody reads: no notice of them is believed.
    DayTooLong,
    /// The notice was not taken; what the relay says.
    Refused {
        /// The status it answered.
        status: u16,
        /// Its words.
        why: String,
    },
    /// The relay was not reached, or cannot answer.
    Relay(CannotCollect),
    /// The vault could not be read or written.
    Store(Failed),
}

impl std::fmt::Display for CannotPublish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::OtherRoot => {
                f.write_str("this root key is not this office's; put the right file in place")
            }
            Self::DayTooLong => f.write_str(
                "with these settings the list of one day has more than 16 MiB, and nobody believes such a notice: raise `epoch_seconds` or lower `cells_per_epoch` in office.toml, and take it over with `temoin office settings`; nothing was published",
            ),
            Self::Refused { status, why } => {
                write!(f, "the relay refused the notice ({status}): {why}")
            }
            Self::Relay(e) => e.fmt(f),
            Self::Store(e) => e.fmt(f),
        }
    }
}

impl std::error::Error for CannotPublish {}

impl From<Failed> for CannotPublish {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The notice's number.
    pub sequence: u64,
    /// The last day it holds.
    pub last_day: Day,
    /// How many keys stand in it.
    pub keys: usize,
    /// The notice's bytes, for mirrors and kits.
    pub notice: Vec<u8>,
}

/// What a kit carries of the office: the last notice, and the carry keys it vouches for that are in
/// force today or later. (protocol §11.6)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The notice's bytes.
    pub notice: Vec<u8>,
    /// Quarter and public key, ascending.
    pub keys: Vec<(Period, Vec<u8>)>,
    /// Last day of the last quarter.
    pub until: Day,
}

impl Desk {
    /// What a kit made today carries; `None` before the first notice was published.
    ///
    /// # Errors
    /// [`Failed`] if the vault cannot be read.
    pub fn carried(&self, now: u64) -> Result<Option<Carried>, Failed> {
        let r = self.vault().read();
        let (Some(notice), Some(file)) = (self.notice(), r.setting("notice")?) else {
            return Ok(None);
        };
        let now = Period::carry_of(Day::of_unix_seconds(now));
        let days = notice.body().period_days;
        let mut keys: Vec<(Period, Vec<u8>)> = office_keys::intake(&r)?
            .into_iter()
            .map(|secret| (secret.period(), secret.public().to_vec()))
            .filter(|(period, key)| {
                matches!(period, Period::Carry(_))
                    && *period >= now
                    && notice.intake_key(*period, key).is_ok()
            })
            .collect();
        keys.sort_unstable();
        let until = keys.last().map(|(period, _)| period.last_day(days));
        Ok(until.map(|until| Carried {
            notice: file,
            keys,
            until,
        }))
    }

    /// Signs the next notice and puts it to the relay, with its keys.
    ///
    /// The notice is kept before it is sent: if the relay took it and the answer was lost, the
    /// next one has a higher number all the same.
    ///
    /// # Errors
    /// [`CannotPublish`].
    pub fn publish(
        &mut self,
        root: &RootSecret,
        site: Option<[u8; 32]>,
        new_voice: bool,
        now: u64,
        post: &mut impl Post,
        rng: &mut impl CryptoRng,
    ) -> Result<Published, CannotPublish> {
        if root.public() != self.ledger.identity.root {
            return Err(CannotPublish::OtherRoot);
        }
        if self.ledger.settings.day_is_too_long() {
            return Err(CannotPublish::DayTooLong);
        }
        self.keep_house(now, rng)?;
        let today = Day::of_unix_seconds(now);
        let (signed, sequence) = self.change(|ledger, w| {
            if new_voice {
                office_keys::new_voice(w, &ledger.settings, today, rng)?;
            }
            let sequence = counter(w, "sequence")?.unwrap_or(0) + 1;
            if let Some(site) = site {
                w.set("site", &site)?;
            }
            let site = w.setting("site")?.and_then(|s| s.try_into().ok());
            let (settings, identity) = (&ledger.settings, &ledger.identity);
            let site = site.unwrap_or([0; 32]);
            let signed =
                office_keys::sign_notice(w, settings, identity, sequence, site, root, today)?;
            w.set("sequence", &sequence.to_be_bytes())?;
            Ok((signed, sequence))
        })?;
        let SignedNotice { file, keys } = signed;
        put(post, "/office/notice".to_owned(), file.clone())?;
        let notice = Notice::verify_any_day(&file, &self.ledger.identity.root)
            .map_err(|_| CannotPublish::Store(Failed::Refused))?;
        let last_day = notice.body().last_day;
        self.change(|ledger, w| {
            w.set("notice", &file)?;
            ledger.notice = Some(notice);
            Ok(())
        })?;
        for (period, key) in &keys {
            put(
                post,
                format!("/office/keys/{}", period.number()),
                key.clone(),
            )?;
        }
        Ok(Published {
            sequence,
            last_day,
            keys: keys.len(),
            notice: file,
        })
    }
}

fn put(post: &mut impl Post, path: String, body: Vec<u8>) -> Result<(), CannotPublish> {
    let request = Request {
        method: "PUT",
        path,
        signed: None,
        body,
    };
    let response = post
        .ask(&request)
        .map_err(|e| CannotPublish::Relay(e.into()))?;
    match response.status {
        200..=299 => Ok(()),
        status => Err(CannotPublish::Refused {
            status,
            why: record::text::line(&String::from_utf8_lossy(&response.body), 300),
        }),
    }
}
