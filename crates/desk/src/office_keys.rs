//! The office's keys over time: drawn ahead, named in a notice, destroyed when due.
//!
//! What signs a notice (the root) is handed in for the moment and kept nowhere here.

use envelope::board::EpochShape;
use envelope::keys::{RootKey, VoiceKey};
use envelope::notice::{KeyList, Notice, NoticeBody, VoiceSpan};
use envelope::{Day, MailboxId, Period};
use open::lifetimes::Terms;
use open::{CredentialSecret, DeskSecret, IntakeSecret, RootSecret, VoiceSecret};
use rand_core::CryptoRng;
use seal::{ConversationKey, ReplyKey};
use vault::{Failed, LetterState, Reading, Role, Secret, Writing};
use zeroize::Zeroizing;

use crate::settings::OfficeSettings;

/// Week periods whose keys are drawn ahead.
const WEEKS_AHEAD: u32 = 12;
/// Carry quarters whose keys are drawn ahead.
const QUARTERS_AHEAD: u32 = 4;
/// Days a notice holds, at most what the protocol allows.
const NOTICE_DAYS: u32 = envelope::notice::MOST_DAYS;
/// Days readers look back for answers: the voice of those days stays in the notice.
const ANSWER_DAYS: u32 = 100;

/// What an office is, for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Its mailbox.
    pub mailbox: MailboxId,
    /// Its root.
    pub root: RootKey,
    /// The hash of the root to come.
    pub next_root: [u8; 32],
    /// The period in which it was founded.
    pub first_period: u32,
}

impl Identity {
    pub(crate) fn keep(&self, w: &Writing<'_>) -> Result<(), Failed> {
        w.set("mailbox", &self.mailbox.0)?;
        w.set("root", &self.root.0)?;
        w.set("next-root", &self.next_root)?;
        w.set("first-period", &self.first_period.to_be_bytes())
    }

    pub(crate) fn read(r: &Reading<'_>) -> Result<Self, Failed> {
        Ok(Self {
            mailbox: MailboxId(fixed(r, "mailbox")?),
            root: RootKey(fixed(r, "root")?),
            next_root: fixed(r, "next-root")?,
            first_period: u32::from_be_bytes(fixed(r, "first-period")?),
        })
    }
}

/// A setting of a fixed length; anything else is damage.
pub(crate) fn fixed<const N: usize>(r: &Reading<'_>, name: &str) -> Result<[u8; N], Failed> {
    r.setting(name)?
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(Failed::Damaged)
}

/// A number that is 0 while nobody set it.
pub(crate) fn counter(r: &Reading<'_>, name: &str) -> Result<Option<u64>, Failed> {
    match r.setting(name)? {
        None => Ok(None),
        Some(bytes) => {
            let bytes = bytes.try_into().map_err(|_| Failed::Damaged)?;
            Ok(Some(u64::from_be_bytes(bytes)))
        }
    }
}

pub(crate) fn terms(settings: &OfficeSettings) -> Terms {
    Terms {
        period_days: settings.period_days,
        grace_days: settings.grace_days,
        carry_grace_days: settings.carry_grace_days,
        hold_days: settings.hold_days,
    }
}

/// Draws every key that is missing for today and the time ahead.
pub(crate) fn draw_ahead(
    w: &Writing<'_>,
    settings: &OfficeSettings,
    today: Day,
    rng: &mut impl CryptoRng,
) -> Result<(), Failed> {
    let terms = terms(settings);
    let (Period::Week(week), Period::Carry(quarter)) = (
        Period::of(today, settings.period_days),
        Period::carry_of(today),
    ) else {
        return Err(Failed::Refused);
    };
    let weeks = (week..=week.saturating_add(WEEKS_AHEAD)).map(Period::Week);
    let quarters = (quarter..=quarter.saturating_add(QUARTERS_AHEAD)).map(Period::Carry);
    let held = numbers(w, Role::Intake)?;
    for period in weeks.clone().chain(quarters) {
        if !held.contains(&period.number()) {
            let secret = IntakeSecret::draw(period, rng);
            put(
                w,
                Role::Intake,
                period.number(),
                terms.last_day_of_key(period),
                secret.seed(),
            )?;
        }
    }
    let (credentials, voices) = (numbers(w, Role::Credential)?, numbers(w, Role::Voice)?);
    for period in weeks {
        let (first, last) = (
            period.first_day(settings.period_days),
            period.last_day(settings.period_days),
        );
        if !credentials.contains(&period.number()) {
            let secret = CredentialSecret::draw(rng);
            put(w, Role::Credential, period.number(), last, &secret.seed())?;
        }
        if !voices.contains(&first.0) {
            let secret = VoiceSecret::draw(rng);
            put(w, Role::Voice, first.0, last, &secret.seed())?;
            remember_voice(w, secret.public(), first, last, today)?;
        }
    }
    if numbers(w, Role::Desk)?.is_empty() {
        put(
            w,
            Role::Desk,
            0,
            Day(u32::MAX),
            &DeskSecret::draw(rng).seed(),
        )?;
    }
    Ok(())
}

/// Whether a letter may still wait for the key of a period whose grace is over or nearly so: the
/// relay was not visited since, it owes a letter that it listed in that time, or one was collected
/// that only a newer release reads. (protocol §3)
pub(crate) fn is_waited_for(
    r: &Reading<'_>,
    period: Period,
    terms: &Terms,
) -> Result<bool, Failed> {
    let last = terms.last_day_of_key(period);
    let visited = Day::of_unix_seconds(counter(r, "visited")?.unwrap_or(0));
    if visited <= last {
        return Ok(true);
    }
    if matches!(period, Period::Week(_)) {
        let first = period.first_day(terms.period_days);
        let owed = r.letters(LetterState::Lost)?;
        if owed.iter().any(|l| (first.0..=last.0).contains(&l.day)) {
            return Ok(true);
        }
    }
    let number = period.number().to_be_bytes();
    let newer = casework::Unreadable::TooNew.code();
    Ok(r.letters(LetterState::Unreadable)?.iter().any(|letter| {
        let bytes = letter.bytes.as_deref().unwrap_or_default();
        letter.reason == newer && bytes.get(1..5) == Some(number.as_slice())
    }))
}

/// Sets the last day of every key whose grace is over: today, for keys that a letter may wait for
/// and what hangs on them, up to the hard limit; its own day for all others. What is then past is
/// destroyed.
pub(crate) fn hold(w: &Writing<'_>, terms: &Terms, today: Day) -> Result<(), Failed> {
    let mut held = Vec::new();
    for number in w.numbers(Role::Intake)? {
        let period = Period::from_number(number);
        let planned = terms.last_day_of_key(period);
        if planned >= today {
            continue;
        }
        let waits = today <= terms.latest_day_of_key(period) && is_waited_for(w, period, terms)?;
        if waits {
            held.push(period);
        }
        let last = if waits { today } else { planned };
        w.set_last_day(Role::Intake, number, last.0)?;
    }
    for number in w.numbers(Role::Conversation)? {
        let period = Period::from_number(number);
        let planned = terms.last_day_of_key(period);
        if planned >= today {
            continue;
        }
        let waits = held.iter().any(|key| Terms::is_held_with(period, *key));
        let last = if waits { today } else { planned };
        w.set_last_day(Role::Conversation, number, last.0)?;
    }
    Ok(())
}

/// Replaces the voice from today on: a desk was lost, or somebody left.
pub(crate) fn new_voice(
    w: &Writing<'_>,
    settings: &OfficeSettings,
    today: Day,
    rng: &mut impl CryptoRng,
) -> Result<(), Failed> {
    let mut spans = voices(w)?;
    for span in &mut spans {
        if span.last_day >= today && span.first_day <= today {
            span.last_day = today.minus(1);
        }
    }
    // Spans that had not begun are gone: their keys may be in other hands.
    spans.retain(|span| span.last_day >= span.first_day && span.first_day < today);
    keep_voices(w, &spans)?;
    for secret in w.secrets(Role::Voice, 0)? {
        let period = Period::of(Day(secret.number), settings.period_days);
        let last = period.last_day(settings.period_days);
        if last >= today {
            let first = Day(secret.number).max(today);
            let drawn = VoiceSecret::draw(rng);
            put(w, Role::Voice, secret.number, last, &drawn.seed())?;
            remember_voice(w, drawn.public(), first, last, today)?;
        }
    }
    Ok(())
}

fn numbers(w: &Reading<'_>, role: Role) -> Result<Vec<u32>, Failed> {
    Ok(w.secrets(role, 0)?.iter().map(|s| s.number).collect())
}

fn put(
    w: &Writing<'_>,
    role: Role,
    number: u32,
    last_day: Day,
    seed: &[u8; 32],
) -> Result<(), Failed> {
    w.put_secret(&Secret {
        role,
        owner: 0,
        number,
        last_day: last_day.0,
        bytes: Zeroizing::new(seed.to_vec()),
    })
}

fn seed(secret: &Secret) -> Result<[u8; 32], Failed> {
    secret
        .bytes
        .as_slice()
        .try_into()
        .map_err(|_| Failed::Damaged)
}

/// The private keys that open letters.
pub(crate) fn intake(r: &Reading<'_>) -> Result<Vec<IntakeSecret>, Failed> {
    r.secrets(Role::Intake, 0)?
        .iter()
        .map(|s| {
            Ok(IntakeSecret::from_seed(
                Period::from_number(s.number),
                &seed(s)?,
            ))
        })
        .collect()
}

/// The voice of today, if the last notice names it: what nobody can check is not said.
pub(crate) fn voice(
    r: &Reading<'_>,
    notice: Option<&Notice>,
    today: Day,
) -> Result<Option<VoiceSecret>, Failed> {
    let Some(named) = notice.and_then(|notice| notice.voice_on(today)) else {
        return Ok(None);
    };
    for secret in r.secrets(Role::Voice, 0)? {
        let voice = VoiceSecret::from_seed(&seed(&secret)?);
        if voice.public() == named {
            return Ok(Some(voice));
        }
    }
    Ok(None)
}

/// The credential to show the relay today: one the last notice names.
pub(crate) fn credential(
    r: &Reading<'_>,
    notice: Option<&Notice>,
    today: Day,
    period_days: u32,
) -> Result<Option<(Period, CredentialSecret)>, Failed> {
    let Some(notice) = notice else {
        return Ok(None);
    };
    let listed = &notice.body().keys.credentials;
    let now = Period::of(today, period_days);
    let mut found = None;
    for secret in r.secrets(Role::Credential, 0)? {
        let period = Period::from_number(secret.number);
        let credential = CredentialSecret::from_seed(&seed(&secret)?);
        if listed.contains(&(period, credential.public())) && (period <= now || found.is_none()) {
            found = Some((period, credential));
        }
    }
    Ok(found)
}

// Public halves of the voices, kept beyond their secrets: 32 bytes key, first day, last day.

fn remember_voice(
    w: &Writing<'_>,
    key: VoiceKey,
    first_day: Day,
    last_day: Day,
    today: Day,
) -> Result<(), Failed> {
    let mut spans = voices(w)?;
    spans.retain(|span| span.last_day >= today.minus(ANSWER_DAYS));
    spans.push(VoiceSpan {
        key,
        first_day,
        last_day,
    });
    keep_voices(w, &spans)
}

fn keep_voices(w: &Writing<'_>, spans: &[VoiceSpan]) -> Result<(), Failed> {
    let bytes: Vec<u8> = spans
        .iter()
        .flat_map(|span| {
            let (first, last) = (
                span.first_day.0.to_be_bytes(),
                span.last_day.0.to_be_bytes(),
            );
            span.key.0.into_iter().chain(first).chain(last)
        })
        .collect();
    w.set("voices", &bytes)
}

fn voices(r: &Reading<'_>) -> Result<Vec<VoiceSpan>, Failed> {
    let bytes = r.setting("voices")?.unwrap_or_default();
    let (spans, rest) = bytes.as_chunks::<40>();
    if !rest.is_empty() {
        return Err(Failed::Damaged);
    }
    spans
        .iter()
        .map(|span| {
            let (key, days) = span.split_first_chunk::<32>().ok_or(Failed::Damaged)?;
            let (first, last) = days.split_first_chunk::<4>().ok_or(Failed::Damaged)?;
            let last: [u8; 4] = last.try_into().map_err(|_| Failed::Damaged)?;
            Ok(VoiceSpan {
                key: VoiceKey(*key),
                first_day: Day(u32::from_be_bytes(*first)),
                last_day: Day(u32::from_be_bytes(last)),
            })
        })
        .collect()
}

/// A notice, and the public keys it vouches for.
pub(crate) struct SignedNotice {
    pub(crate) file: Vec<u8>,
    pub(crate) keys: Vec<(Period, Vec<u8>)>,
}

/// The next notice, signed by the root and by this desk, and the public keys it vouches for.
pub(crate) fn sign_notice(
    r: &Reading<'_>,
    settings: &OfficeSettings,
    identity: &Identity,
    sequence: u64,
    site: [u8; 32],
    root: &RootSecret,
    today: Day,
) -> Result<SignedNotice, Failed> {
    let desk = r.secrets(Role::Desk, 0)?;
    let desk = DeskSecret::from_seed(&seed(desk.first().ok_or(Failed::Damaged)?)?);
    let (mut listed, mut keys) = (Vec::new(), Vec::new());
    for secret in intake(r)? {
        // A key that is only held opens what was sent in time; nobody seals to it any more.
        if terms(settings).last_day_of_key(secret.period()) < today {
            continue;
        }
        let public = secret.public();
        listed.push((secret.period(), envelope::hash(public.as_ref())));
        keys.push((secret.period(), public.to_vec()));
    }
    let mut credentials = Vec::new();
    for secret in r.secrets(Role::Credential, 0)? {
        let public = CredentialSecret::from_seed(&seed(&secret)?).public();
        credentials.push((Period::from_number(secret.number), public));
    }
    let mut voice = voices(r)?;
    voice.retain(|span| span.last_day >= today.minus(ANSWER_DAYS));
    let body = NoticeBody {
        sequence,
        mailbox: identity.mailbox,
        name: settings.name.clone(),
        languages: settings.languages.clone(),
        relays: settings.relays.clone(),
        root: identity.root,
        next_root: identity.next_root,
        first_day: today,
        last_day: today.plus(NOTICE_DAYS - 1),
        first_period: identity.first_period,
        period_days: settings.period_days,
        grace_days: settings.grace_days,
        relay_key: settings.relay_key,
        epoch_seconds: settings.epoch_seconds,
        shape: EpochShape {
            leaves: settings.leaves_per_epoch,
            cells: settings.cells_per_epoch,
        },
        keys: KeyList {
            intake: listed,
            voice,
            desks: vec![desk.public()],
            credentials,
        },
        site,
    };
    Ok(SignedNotice {
        file: open::sign_notice(&body, root, &[&desk]),
        keys,
    })
}

/// The line of conversation keys a desk holds for one conversation.
pub(crate) struct Line {
    pub(crate) key: ConversationKey,
    generation: u8,
    /// Order of arrival: the newest letter's key speaks.
    arrival: u64,
}

impl Line {
    fn read(secret: &Secret) -> Result<Self, Failed> {
        let (head, key) = secret
            .bytes
            .split_first_chunk::<9>()
            .ok_or(Failed::Damaged)?;
        let [generation, arrival @ ..] = *head;
        let key: [u8; 32] = key.try_into().map_err(|_| Failed::Damaged)?;
        Ok(Self {
            key: ConversationKey::from_letter(key, Period::from_number(secret.number)),
            generation,
            arrival: u64::from_be_bytes(arrival),
        })
    }
}

/// Keeps the conversation key of a letter that was just opened.
pub(crate) fn keep_conversation_key(
    w: &Writing<'_>,
    conversation: u64,
    key: &ConversationKey,
    generation: u8,
    arrival: u64,
    terms: &Terms,
) -> Result<(), Failed> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(41));
    bytes.push(generation);
    bytes.extend_from_slice(&arrival.to_be_bytes());
    bytes.extend_from_slice(key.bytes());
    w.put_secret(&Secret {
        role: Role::Conversation,
        owner: conversation,
        number: key.period().number(),
        last_day: terms.last_day_of_key(key.period()).0,
        bytes,
    })
}

/// The key the newest letter of a conversation brought, moved on or not.
pub(crate) fn newest_key(r: &Reading<'_>, conversation: u64) -> Result<Option<Line>, Failed> {
    let mut newest: Option<Line> = None;
    for secret in r.secrets(Role::Conversation, conversation)? {
        let line = Line::read(&secret)?;
        if newest.as_ref().is_none_or(|n| line.arrival >= n.arrival) {
            newest = Some(line);
        }
    }
    Ok(newest)
}

/// Moves a conversation's key on to this week, before the one it came with is destroyed.
pub(crate) fn move_on(
    w: &Writing<'_>,
    conversation: u64,
    today: Day,
    terms: &Terms,
) -> Result<(), Failed> {
    let (Some(line), Period::Week(now)) = (
        newest_key(w, conversation)?,
        Period::of(today, terms.period_days),
    ) else {
        return Ok(());
    };
    match line.key.period() {
        Period::Week(before) if before < now => {
            let moved = line.key.at(now);
            keep_conversation_key(
                w,
                conversation,
                &moved,
                line.generation,
                line.arrival,
                terms,
            )
        }
        _ => Ok(()),
    }
}

/// The pinned reply key, if it has arrived whole.
pub(crate) fn reply_key(r: &Reading<'_>, conversation: u64) -> Result<Option<ReplyKey>, Failed> {
    let Some(pinned) = r.pinned(conversation)? else {
        return Ok(None);
    };
    let whole: Result<Box<[u8; envelope::keys::SEALING_KEY_BYTES]>, _> =
        pinned.reply_key.into_boxed_slice().try_into();
    Ok(whole.ok().map(ReplyKey))
}
