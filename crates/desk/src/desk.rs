//! A desk: its vault, and the office as the log tells it. Joins the rooms and decides nothing.

use std::collections::BTreeMap;
use std::path::Path;

use casework::{Author, Case, CaseId, Entry, Moment, Office, Stamp};
use envelope::notice::{Notice, NoticeRefused, fingerprint};
use envelope::{Day, Period};
use open::RootSecret;
use open::lifetimes::Terms;
use rand_core::CryptoRng;
use record::Language;
use vault::{
    BrokenChain, CannotCreate, CannotOpen, Cost, Failed, Passphrase, Role, Vault, Writing,
};

use crate::alarm::Alarm;
use crate::office_keys::{self, Identity};
use crate::settings::OfficeSettings;
use crate::{drafts, saved};

/// The most cases that a search by words finds.
pub(crate) const MOST_FOUND: u32 = 200;

/// A desk at work.
pub struct Desk {
    pub(crate) vault: Vault,
    pub(crate) ledger: Ledger,
    /// Alarms of the last visit that end with their cause.
    pub(crate) passing: Vec<Alarm>,
    pub(crate) unreachable_since: Option<u64>,
    pub(crate) last_visit: Option<u64>,
    broken: Option<BrokenChain>,
}

/// What the vault says, in memory. Apart from the vault, so that a change of the vault can be
/// written while this is looked at.
pub(crate) struct Ledger {
    pub(crate) settings: OfficeSettings,
    pub(crate) identity: Identity,
    pub(crate) office: Office,
    pub(crate) author: Author,
    pub(crate) notice: Option<Notice>,
    pub(crate) cases: Cases,
}

/// The cases by the number a person says: the order in which they were opened.
#[derive(Default)]
pub(crate) struct Cases {
    ids: Vec<CaseId>,
    numbers: BTreeMap<CaseId, u64>,
}

impl Cases {
    fn of(office: &Office) -> Self {
        let mut opened: Vec<(u64, CaseId)> = office
            .cases()
            .map(|case| (case.first_place(), case.id()))
            .collect();
        opened.sort_unstable();
        let mut cases = Self::default();
        for (_, id) in opened {
            cases.add(id);
        }
        cases
    }

    fn add(&mut self, id: CaseId) -> u64 {
        if let Some(number) = self.numbers.get(&id) {
            return *number;
        }
        self.ids.push(id);
        let number = self.ids.len() as u64;
        self.numbers.insert(id, number);
        number
    }
}

/// What founding an office leaves to be kept apart.
pub struct Founded {
    /// The desk, at work.
    pub desk: Desk,
    /// Signs notices. To be locked away, on a stick, in a safe.
    pub root: RootSecret,
    /// Takes over when the root must be changed. To be kept where the root is not.
    pub next_root: RootSecret,
}

/// Why an office was not founded.
#[derive(Debug)]
#[non_exhaustive]
pub enum CannotFound {
    /// The vault was not made.
    Vault(CannotCreate),
    /// It could not be written.
    Store(Failed),
    /// Person or desk have no short code.
    NoShortCode,
}

/// Why a desk stays closed.
#[derive(Debug)]
#[non_exhaustive]
pub enum CannotUnlock {
    /// The vault stays closed.
    Vault(CannotOpen),
    /// It could not be read.
    Store(Failed),
    /// It was opened by a program of another release: update this one.
    TooNew,
    /// Its settings cannot be read: restore a backup.
    Damaged,
}

/// Why a decision was not recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotDecide {
    /// There is no case of this number.
    NoSuchCase,
    /// Casework refuses, and says what to do first.
    Refused {
        /// In English.
        en: &'static str,
        /// In French.
        fr: &'static str,
    },
    /// The vault could not be written.
    Store(Failed),
}

impl std::fmt::Display for CannotFound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Vault(e) => e.fmt(f),
            Self::Store(e) => e.fmt(f),
            Self::NoShortCode => f.write_str(
                "`person` and `desk` in the settings need short codes: 1 to 24 lower-case letters, digits or hyphens",
            ),
        }
    }
}

impl std::fmt::Display for CannotUnlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Vault(e) => e.fmt(f),
            Self::Store(e) => e.fmt(f),
            Self::TooNew => f.write_str(
                "the log holds entries of a newer release; update first; nothing was changed",
            ),
            Self::Damaged => {
                f.write_str("the vault's settings or its log cannot be read; restore a backup")
            }
        }
    }
}

impl CannotDecide {
    /// The sentence for the caseworker.
    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        match (self, language) {
            (Self::NoSuchCase, Language::English) => "there is no case of this number".to_owned(),
            (Self::NoSuchCase, Language::French) => "aucun dossier ne porte ce numéro".to_owned(),
            (Self::Refused { en, .. }, Language::English) => en.to_owned(),
            (Self::Refused { fr, .. }, Language::French) => fr.to_owned(),
            (Self::Store(failed), Language::English) => failed.to_string(),
            (Self::Store(Failed::DiskFull), Language::French) => "le disque est plein ; libérez de la place et recommencez ; rien n’a été écrit à moitié".to_owned(),
            (Self::Store(_), Language::French) => "le coffre n’a pas pu être écrit ; rien n’a été changé".to_owned(),
        }
    }
}

impl std::fmt::Display for CannotDecide {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.sentence(Language::English))
    }
}

impl std::error::Error for CannotFound {}
impl std::error::Error for CannotUnlock {}
impl std::error::Error for CannotDecide {}

impl From<Failed> for CannotFound {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}
impl From<Failed> for CannotUnlock {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}
impl From<Failed> for CannotDecide {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}

/// Every refusal of casework says what to do, in both languages.
macro_rules! refusals {
    ($($refusal:ident)*) => {
        $(
            impl From<casework::$refusal> for CannotDecide {
                fn from(refusal: casework::$refusal) -> Self {
                    Self::Refused {
                        en: refusal.sentence(Language::English),
                        fr: refusal.sentence(Language::French),
                    }
                }
            }
        )*
    };
}
refusals! {
    CannotAssess CannotReview CannotVerify CannotRecord CannotWithdraw CannotDescribe CannotTakeIn
    CannotChoose CannotSecond CannotReach CannotResolve CannotSend CannotFollow CannotPublish
    CannotForesee CannotNoteReceipt CannotExcept BelowGrade CannotAssign CannotRecuse CannotTask CannotSetGrade
    CannotTranslate CannotReviewTranslation
    CannotMove CannotNote CannotTriage CannotReply CannotStop CannotCommunicate NotCovered
}

impl Desk {
    /// Founds an office: its mailbox, its roots, its first desk and the keys for the time ahead.
    ///
    /// # Errors
    /// [`CannotFound`]; nothing that was there is touched.
    pub fn create(
        folder: &Path,
        settings_text: &str,
        settings: OfficeSettings,
        passphrase: &Passphrase,
        cost: Cost,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Founded, CannotFound> {
        let author =
            Author::new(&settings.person, &settings.desk).ok_or(CannotFound::NoShortCode)?;
        let mut vault = Vault::create(folder, passphrase, cost, rng).map_err(CannotFound::Vault)?;
        let today = Day::of_unix_seconds(now);
        let (root, next_root) = (RootSecret::draw(rng), RootSecret::draw(rng));
        let mut mailbox = [0; 16];
        rng.fill_bytes(&mut mailbox);
        let identity = Identity {
            mailbox: envelope::MailboxId(mailbox),
            root: root.public(),
            next_root: envelope::notice::next_root_hash(&next_root.public()),
            first_period: Period::of(today, settings.period_days).number(),
        };
        vault.write(|w| {
            identity.keep(w)?;
            w.set("settings", settings_text.as_bytes())?;
            office_keys::draw_ahead(w, &settings, today, rng)
        })?;
        let desk = Self {
            vault,
            ledger: Ledger {
                settings,
                identity,
                office: Office::default(),
                author,
                notice: None,
                cases: Cases::default(),
            },
            passing: Vec::new(),
            unreachable_since: None,
            last_visit: None,
            broken: None,
        };
        Ok(Founded {
            desk,
            root,
            next_root,
        })
    }

    /// Opens the desk of a folder: the vault, the log, everything that follows from it.
    ///
    /// # Errors
    /// [`CannotUnlock`].
    pub fn unlock(folder: &Path, passphrase: &Passphrase) -> Result<Self, CannotUnlock> {
        let vault = Vault::open(folder, passphrase).map_err(CannotUnlock::Vault)?;
        Self::over(vault)
    }

    /// The desk over a vault that is open, such as one just restored.
    ///
    /// # Errors
    /// [`CannotUnlock`].
    pub fn over(vault: Vault) -> Result<Self, CannotUnlock> {
        let r = vault.read();
        let text = r.setting("settings")?.ok_or(CannotUnlock::Damaged)?;
        let text = String::from_utf8(text).map_err(|_| CannotUnlock::Damaged)?;
        let settings = OfficeSettings::read_stored(&text).map_err(|_| CannotUnlock::Damaged)?;
        let author = Author::new(&settings.person, &settings.desk).ok_or(CannotUnlock::Damaged)?;
        let identity = Identity::read(&r)?;
        let notice = match r.setting("notice")? {
            Some(file) => Notice::verify_any_day(&file, &identity.root).ok(),
            None => None,
        };
        let mut broken = r.check_chain()?.err();
        let unindexed = r.index_is_empty()?;
        let office = fold(&vault)?;
        // Content that is gone without an erasing that names it was taken by somebody else.
        let gone = r.erased_entries()?;
        if let Some(position) = gone.into_iter().find(|place| !office.was_erased(*place)) {
            broken.get_or_insert(BrokenChain { position });
        }
        let mut desk = Self {
            vault,
            ledger: Ledger {
                cases: Cases::of(&office),
                settings,
                identity,
                office,
                author,
                notice,
            },
            passing: Vec::new(),
            unreachable_since: None,
            last_visit: None,
            broken,
        };
        if unindexed {
            desk.index_again()?;
        }
        Ok(desk)
    }

    /// Builds the index for searching anew from the log: it is derived, and nothing hangs on it.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn index_again(&mut self) -> Result<(), Failed> {
        let Self { vault, ledger, .. } = self;
        vault.write(|w| {
            w.forget_index()?;
            for (position, bytes) in w.entries(0)? {
                let Ok(entry) = Entry::decode(&bytes) else {
                    continue;
                };
                let number = entry.case().and_then(|id| ledger.cases.numbers.get(&id));
                if let (Some(number), Some(text)) = (number, indexed(&entry)) {
                    w.index(*number, &format!("entry-{position}"), &text)?;
                }
            }
            Ok(())
        })
    }

    /// The office as the log tells it.
    #[must_use]
    pub fn office(&self) -> &Office {
        &self.ledger.office
    }

    /// The office's settings.
    #[must_use]
    pub fn settings(&self) -> &OfficeSettings {
        &self.ledger.settings
    }

    /// The office's identity.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.ledger.identity
    }

    /// The office's fingerprint, as printed on cards.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.ledger.identity.root)
    }

    /// Who decides at this desk.
    #[must_use]
    pub fn author(&self) -> &Author {
        &self.ledger.author
    }

    /// The last notice that was published.
    #[must_use]
    pub fn notice(&self) -> Option<&Notice> {
        self.ledger.notice.as_ref()
    }

    /// The vault, for what it alone can do: backups, search.
    #[must_use]
    pub fn vault(&self) -> &Vault {
        &self.vault
    }

    /// The terms of the office's keys.
    #[must_use]
    pub fn terms(&self) -> Terms {
        office_keys::terms(&self.ledger.settings)
    }

    /// A case by the number a person says, from 1.
    #[must_use]
    pub fn case(&self, number: u64) -> Option<&Case> {
        self.ledger.case(number)
    }

    /// Whether the case of this number was erased; `None` if there is none of this number.
    #[must_use]
    pub fn is_erased(&self, number: u64) -> Option<bool> {
        self.case(number)
            .map(|case| case.state() == casework::State::Erased)
    }

    /// The number of a case.
    #[must_use]
    pub fn number_of(&self, case: CaseId) -> Option<u64> {
        self.ledger.cases.numbers.get(&case).copied()
    }

    /// The cases with their numbers, in the order they were opened.
    pub fn cases(&self) -> impl DoubleEndedIterator<Item = (u64, &Case)> {
        (1..)
            .zip(&self.ledger.cases.ids)
            .map(|(number, id)| (number, *id))
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|(number, id)| Some((number, self.ledger.office.case(id)?)))
    }

    /// Numbers of the cases in which every typed word stands.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn search(&self, typed: &str) -> Result<Vec<u64>, Failed> {
        self.vault.read().search(typed, MOST_FOUND)
    }

    /// Records a decision of the person at this desk about a case.
    ///
    /// # Errors
    /// [`CannotDecide`].
    pub fn decide<E: Into<CannotDecide>>(
        &mut self,
        number: u64,
        now: u64,
        decision: impl FnOnce(&Case, Stamp) -> Result<Entry, E>,
    ) -> Result<(), CannotDecide> {
        self.decide_among(number, now, |_, case, stamp| decision(case, stamp))
    }

    /// Whether a decision would be recorded, without recording it.
    ///
    /// # Errors
    /// What [`decide`](Self::decide) would refuse with.
    pub fn would_decide<E: Into<CannotDecide>>(
        &self,
        number: u64,
        now: u64,
        decision: impl FnOnce(&Case, Stamp) -> Result<Entry, E>,
    ) -> Result<(), CannotDecide> {
        let stamp = self.ledger.stamp(now);
        let case = self.ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
        decision(case, stamp).map(drop).map_err(Into::into)
    }

    /// The same for a decision that looks at other cases as well.
    ///
    /// # Errors
    /// [`CannotDecide`].
    pub fn decide_among<E: Into<CannotDecide>>(
        &mut self,
        number: u64,
        now: u64,
        decision: impl FnOnce(&Office, &Case, Stamp) -> Result<Entry, E>,
    ) -> Result<(), CannotDecide> {
        let stamp = self.ledger.stamp(now);
        let case = self.ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
        let entry = decision(&self.ledger.office, case, stamp).map_err(Into::into)?;
        self.change(|ledger, w| ledger.enter(w, entry).map(drop))?;
        Ok(())
    }

    /// Records a decision about the whole office, or one about each of several cases: all of it, or
    /// nothing.
    ///
    /// # Errors
    /// [`CannotDecide`].
    pub fn decide_for_all<E: Into<CannotDecide>>(
        &mut self,
        now: u64,
        decision: impl FnOnce(&Office, Stamp) -> Result<Vec<Entry>, E>,
    ) -> Result<(), CannotDecide> {
        let stamp = self.ledger.stamp(now);
        let entries = decision(&self.ledger.office, stamp).map_err(Into::into)?;
        self.change(|ledger, w| {
            for entry in entries {
                ledger.enter(w, entry)?;
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Records decisions that stand or fall together: `decision` is asked for step 0, 1, 2 … until
    /// it has no more, each time with the case as the steps before left it.
    ///
    /// # Errors
    /// [`CannotDecide`]: nothing of it was recorded.
    pub fn decide_each<E: Into<CannotDecide>>(
        &mut self,
        number: u64,
        now: u64,
        mut decision: impl FnMut(usize, &Case, Stamp) -> Option<Result<Entry, E>>,
    ) -> Result<(), CannotDecide> {
        let Self { vault, ledger, .. } = self;
        let done = vault.write(|w| {
            for step in 0.. {
                let stamp = ledger.stamp(now);
                let case = ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
                match decision(step, case, stamp) {
                    Some(entry) => ledger.enter(w, entry.map_err(Into::into)?)?,
                    None => break,
                };
            }
            Ok(())
        });
        if done.is_err() {
            self.reload()?;
        }
        done
    }

    /// Erases the content of a case and of those whose words speak in it now: every entry of them
    /// but the ones that say so, their places in the index, the conversations' keys and cells; and
    /// changes the vault's key, so that no copy of the old file keeps it. Backups end with their
    /// sheets; what was sent or posted stays.
    ///
    /// # Errors
    /// [`CannotDecide`].
    pub fn erase(
        &mut self,
        number: u64,
        reason: &str,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), CannotDecide> {
        let case = self.ledger.case(number).ok_or(CannotDecide::NoSuchCase)?;
        let mut goes = self.ledger.office.joined_with(case.id());
        goes.push(case.id());
        let (mut places, mut numbers, mut conversations) = (Vec::new(), Vec::new(), Vec::new());
        for id in &goes {
            let Some(case) = self.ledger.office.case(*id) else {
                continue;
            };
            places.extend(case.history().iter().map(|line| line.position));
            numbers.extend(self.number_of(*id));
            // Those in force and those that were given up.
            let former = case.former_words().iter().map(|words| words.conversation);
            // Those a letter of the case named, if nobody has spoken with them.
            let named = case.letters().iter().filter_map(|letter| letter.hands_over);
            let spoken = |words: &_| self.ledger.office.case_of_conversation(*words).is_some();
            let named = named.filter(|words| !spoken(words));
            for words in case.conversation().into_iter().chain(former).chain(named) {
                conversations.extend(self.vault.read().conversation_of(&words.0)?);
            }
        }
        let today = Day::of_unix_seconds(now).0;
        let telling = self.searches_for(&numbers)?;
        let Self { vault, ledger, .. } = self;
        let done = vault.erase(&places, &numbers, &conversations, today, rng, |w| {
            for id in goes {
                let case = ledger.office.case(id).ok_or(CannotDecide::NoSuchCase)?;
                let entry = casework::erase(case, reason, ledger.stamp(now))?;
                ledger.enter(w, entry)?;
                drafts::forget(w, id)?;
            }
            saved::forget(w, &telling)?;
            Ok::<(), CannotDecide>(())
        });
        // What was folded holds what is gone, or what was not kept: read the log anew.
        self.reload()?;
        done
    }

    /// The second at which the relay was last visited since this desk was opened.
    #[must_use]
    pub fn last_visit(&self) -> Option<u64> {
        self.last_visit
    }

    /// One change of the vault and of what is folded from it: both, or neither.
    pub(crate) fn change<T>(
        &mut self,
        change: impl FnOnce(&mut Ledger, &Writing<'_>) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let Self { vault, ledger, .. } = self;
        let done = vault.write(|w| change(ledger, w));
        if done.is_err() {
            // What was folded in advance does not stand in the log: read it anew.
            self.reload()?;
        }
        done
    }

    /// Everything to be said aloud now: first what was kept, then what holds at this moment.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn alarms(&self, now: u64) -> Result<Vec<Alarm>, Failed> {
        let today = Day::of_unix_seconds(now);
        let mut alarms = Vec::new();
        if let Some(BrokenChain { position }) = self.broken {
            alarms.push(Alarm::BrokenLog { position });
        }
        alarms.extend(self.kept_alarms()?);
        if !self.ledger.office.misfits().is_empty() {
            alarms.push(Alarm::Misfits {
                count: self.ledger.office.misfits().len() as u64,
            });
        }
        alarms.extend(self.passing.iter().copied());
        let settings = &self.ledger.settings;
        let too_long = settings.day_is_too_long();
        if too_long {
            alarms.push(Alarm::DayTooLong {
                seconds: settings.epoch_seconds,
                cells: settings.cells_per_epoch,
            });
        }
        match &self.ledger.notice {
            // One was published perhaps, and is not believed for the same reason.
            None if too_long => {}
            None => alarms.push(Alarm::NoNotice),
            Some(notice) => {
                let days = notice.body().last_day.plus(1).0.saturating_sub(today.0);
                if days <= 7 {
                    alarms.push(Alarm::NoticeEnds { days });
                }
            }
        }
        if let Some(since) = self.unreachable_since {
            alarms.push(Alarm::Unreachable { since });
        }
        alarms.extend(self.key_due(now)?);
        Ok(alarms)
    }

    /// Takes note that a person has seen an alarm that was kept.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn seen(&mut self, alarm: Alarm) -> Result<(), Failed> {
        let left: Vec<Alarm> = self
            .kept_alarms()?
            .into_iter()
            .filter(|kept| *kept != alarm)
            .collect();
        self.vault.write(|w| keep_alarms(w, &left))
    }

    /// The passphrase is typed anew for this: a sealed backup to a new file.
    ///
    /// # Errors
    /// [`vault::CannotBackUp`].
    pub fn back_up(
        &self,
        to: &Path,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<vault::Sealed, vault::CannotBackUp> {
        self.vault.back_up(to, Day::of_unix_seconds(now).0, rng)
    }

    /// Takes other settings over; the relay and the lengths of time stay as they were founded.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn change_settings(&mut self, text: &str, settings: OfficeSettings) -> Result<(), Failed> {
        self.vault.write(|w| w.set("settings", text.as_bytes()))?;
        if let Some(author) = Author::new(&settings.person, &settings.desk) {
            self.ledger.author = author;
        }
        self.ledger.settings = settings;
        Ok(())
    }

    /// A key within two weeks of its very end while a letter may wait for it.
    fn key_due(&self, now: u64) -> Result<Option<Alarm>, Failed> {
        let (today, terms) = (Day::of_unix_seconds(now), self.terms());
        let r = self.vault.read();
        let visited = office_keys::counter(&r, "visited")?.unwrap_or(0);
        let visited = Day::of_unix_seconds(visited);
        for secret in r.secrets(Role::Intake, 0)? {
            let period = Period::from_number(secret.number);
            let latest = terms.latest_day_of_key(period);
            let days = latest.0.saturating_sub(today.0).saturating_add(1);
            let over = period.last_day(terms.period_days);
            if !matches!(period, Period::Week(_)) || over >= today || days > 14 {
                continue;
            }
            let held = terms.last_day_of_key(period) < today;
            if visited <= over || (held && office_keys::is_waited_for(&r, period, &terms)?) {
                return Ok(Some(Alarm::KeyDue { days }));
            }
        }
        Ok(None)
    }

    fn kept_alarms(&self) -> Result<Vec<Alarm>, Failed> {
        read_alarms(&self.vault.read())
    }

    /// Reads the log anew, after a change that was not kept.
    pub(crate) fn reload(&mut self) -> Result<(), Failed> {
        self.ledger.office = fold(&self.vault).map_err(|_| Failed::Damaged)?;
        self.ledger.cases = Cases::of(&self.ledger.office);
        Ok(())
    }
}

impl Ledger {
    pub(crate) fn case(&self, number: u64) -> Option<&Case> {
        let at = usize::try_from(number.checked_sub(1)?).ok()?;
        self.office.case(*self.cases.ids.get(at)?)
    }

    /// The stamp of a decision made now at this desk.
    pub(crate) fn stamp(&self, now: u64) -> Stamp {
        self.office.stamp(moment(now), self.author.clone())
    }

    /// Takes an entry that stands in the log; the number of its case comes back.
    pub(crate) fn take(&mut self, entry: Entry) -> Option<u64> {
        let case = entry.case();
        self.office.apply(entry);
        case.filter(|id| self.office.case(*id).is_some())
            .map(|id| self.cases.add(id))
    }

    /// Writes an entry down and takes it, in this order: what is folded stands in the log.
    pub(crate) fn enter(&mut self, w: &Writing<'_>, entry: Entry) -> Result<Option<u64>, Failed> {
        append(w, &entry)?;
        if let casework::What::Erased(erased) = entry.what() {
            for leaf in &erased.leaves {
                w.forget_attachments(&leaf.0)?;
            }
        }
        let (text, position) = (indexed(&entry), entry.position());
        let number = self.take(entry);
        if let (Some(number), Some(text)) = (number, text) {
            w.index(number, &format!("entry-{position}"), &text)?;
        }
        Ok(number)
    }
}

fn fold(vault: &Vault) -> Result<Office, CannotUnlock> {
    let mut office = Office::default();
    for (_, bytes) in vault.read().entries(0)? {
        match Entry::decode(&bytes) {
            Ok(entry) => office.apply(entry),
            Err(casework::NotAnEntry::TooNew { .. }) => return Err(CannotUnlock::TooNew),
            Err(casework::NotAnEntry::Damaged) => return Err(CannotUnlock::Damaged),
        }
    }
    Ok(office)
}

pub(crate) fn moment(now: u64) -> Moment {
    let day = Day::of_unix_seconds(now);
    Moment {
        day: day.0,
        second: u32::try_from(now.saturating_sub(day.first_second())).unwrap_or(0),
    }
}

/// Appends an entry at the place it was made for.
pub(crate) fn append(w: &Writing<'_>, entry: &Entry) -> Result<(), Failed> {
    if w.append(entry.encode())? == entry.position() {
        Ok(())
    } else {
        Err(Failed::Refused)
    }
}

pub(crate) fn read_alarms(r: &vault::Reading<'_>) -> Result<Vec<Alarm>, Failed> {
    let kept = r.setting("alarms")?.unwrap_or_default();
    let kept = String::from_utf8(kept).map_err(|_| Failed::Damaged)?;
    Ok(kept.lines().filter_map(Alarm::of_line).collect())
}

pub(crate) fn keep_alarms(w: &Writing<'_>, alarms: &[Alarm]) -> Result<(), Failed> {
    let lines: Vec<String> = alarms.iter().filter_map(|alarm| alarm.line()).collect();
    w.set("alarms", lines.join("\n").as_bytes())
}

/// Adds an alarm, once.
pub(crate) fn raise(w: &Writing<'_>, alarm: Alarm) -> Result<(), Failed> {
    let mut alarms = read_alarms(w)?;
    if alarms.contains(&alarm) {
        return Ok(());
    }
    alarms.push(alarm);
    keep_alarms(w, &alarms)
}

/// What of an entry is worth finding again.
pub(crate) fn indexed(entry: &Entry) -> Option<String> {
    use casework::What;
    let text = match entry.what() {
        What::CaseOpened(opened) => report_text(&opened.letter.report.report().ok()?),
        What::LetterAdded(added) => report_text(&added.letter.report.report().ok()?),
        What::TakenDown(taken) => {
            let told = report_text(&taken.letter.report.report().ok()?);
            format!("{told} {} {}", taken.by.as_str(), taken.note.as_str())
        }
        What::Translated(translated) => {
            let doubts = translated.doubts.as_str();
            format!("{} {doubts}", translated.text.as_str())
        }
        What::Replied(replied) => replied.text.as_str().to_owned(),
        What::Communicated(sent) => [&sent.to, &sent.body, &sent.receipt]
            .map(|text| text.as_str())
            .join(" "),
        What::NoteAdded(noted) => noted.text.as_str().to_owned(),
        What::PersonRecorded(recorded) => {
            let person = &recorded.person;
            format!("{} {}", person.names.join(" "), person.note)
        }
        What::EventCoded(coded) => {
            let event = &coded.event;
            let place = &event.place;
            [
                &event.title,
                &event.narrative,
                &place.told,
                &place.admin1,
                &place.admin2,
            ]
            .map(String::as_str)
            .join(" ")
        }
        What::SourceRecorded(recorded) => {
            let source = &recorded.source;
            format!("{} {} {}", source.name, source.found, source.says)
        }
        What::Assessed(assessed) => assessed.assessment.reasons.clone(),
        What::HandedOver(handed) => handed.told.as_str().to_owned(),
        What::TaskSet(task) => task.what.as_str().to_owned(),
        What::TaskDone(task) => task.how.as_str().to_owned(),
        What::ResponseRecorded(recorded) => {
            let response = &recorded.response;
            [&response.by, &response.text, &response.new_facts]
                .map(String::as_str)
                .join(" ")
        }
        What::StepRecorded(recorded) => {
            let step = &recorded.step;
            [&step.by, &step.outcome, &step.grounds]
                .map(String::as_str)
                .join(" ")
        }
        What::RemedyRecorded(recorded) => {
            let remedy = &recorded.remedy;
            [&remedy.by, &remedy.amount, &remedy.own_view, &remedy.note]
                .map(String::as_str)
                .join(" ")
        }
        What::HelpRecorded(recorded) => {
            let help = &recorded.help;
            format!("{} {}", help.provider, help.outcome)
        }
        What::CommitmentRecorded(recorded) => {
            let promise = &recorded.commitment;
            [&promise.by, &promise.text, &promise.source]
                .map(String::as_str)
                .join(" ")
        }
        What::LawRecorded(recorded) => {
            let law = &recorded.law;
            [&law.title, &law.articles, &law.says]
                .map(String::as_str)
                .join(" ")
        }
        What::CheckedIn(checked) => checked.found.as_str().to_owned(),
        What::ReceiptNoted(noted) => noted.receipt.as_str().to_owned(),
        What::Foreseen(foreseen) => [
            &foreseen.to,
            &foreseen.known_by,
            &foreseen.reaction,
            &foreseen.warned,
        ]
        .map(casework::Text::as_str)
        .join(" "),
        What::FollowedUp(followed) => followed.found.as_str().to_owned(),
        _ => return None,
    };
    Some(text)
}

fn report_text(report: &record::Report) -> String {
    let mut parts = vec![
        report.narrative.as_str(),
        &report.when.told,
        &report.place.told,
        &report.place.admin1,
        &report.place.admin2,
        &report.perpetrators.told,
        &report.safety,
        &report.contact,
        &report.origin.id,
    ];
    parts.extend(report.victims.iter().map(|victim| victim.told.as_str()));
    parts.extend(report.labels.iter().map(String::as_str));
    parts.join(" ")
}

/// Why a notice could not be taken for this office's.
pub(crate) fn is_ours(file: &[u8], identity: &Identity) -> Result<Notice, NoticeRefused> {
    Notice::verify_any_day(file, &identity.root)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_after_a_letter_is_found_by_its_words() {
        let entries = include_str!("../../casework/tests/entries.txt");
        let told: Vec<String> = entries
            .lines()
            .filter_map(|line| line.split_once(": "))
            .filter_map(|(_, hex)| {
                let pairs = hex.as_bytes().chunks(2);
                let bytes: Option<Vec<u8>> = pairs
                    .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                    .collect();
                indexed(&Entry::decode(&bytes?).ok()?)
            })
            .collect();
        for words in [
            "Never call after six.",
            "Call the lawyer.",
            "She calls back.",
            "The allegation is without merit.",
            "The prosecutor",
            "It came late.",
            "A partner",
            "An inquiry.",
            "On associations",
            "They came at night.",
            "Nothing new.",
            "She was calm.",
            "may be evening.",
        ] {
            assert!(told.iter().any(|told| told.contains(words)), "{words}");
        }
    }
}
