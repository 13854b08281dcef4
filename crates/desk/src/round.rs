//! A visit to the relay: look at its notice and its board, collect and open what came, check that
//! nothing listed was kept back, and post one epoch's worth of cells.
//!
//! The visit asks one question at a time and holds nothing while the answer travels, so that a
//! slow network never stops the person at the desk. [`Desk::collect`] runs it over a [`Post`].

use std::collections::{BTreeMap, VecDeque};

use envelope::board::{
    self, CELLS_PER_PAGE, MOST_CELLS, Opening, Restart, Restarts, SignedManifest,
};
use envelope::notice::Notice;
use envelope::{CELL_BYTES, Cell, Day, Epoch, Leaf};
use rand_core::CryptoRng;
use vault::{Failed, LetterState, OutboxCell, Reading, StoredLetter};

use crate::alarm::Alarm;
use crate::desk::{Desk, Ledger, is_ours, raise};
use crate::intake::{Became, handed, untold};
use crate::lists::{self, DayFiles, Needs, ShownDays, Standing, Tags};
use crate::office_keys::{self, counter};
use crate::post::{Post, Request, Response, Unreachable};
use crate::tokens;

/// Epochs looked at in one visit; the rest waits for the next.
const EPOCHS_A_VISIT: u64 = 240;
/// An epoch may close while cells are on their way to it: they are missed only so many later.
const EPOCHS_OF_PATIENCE: u64 = 2;
/// So many epochs without a new one, and the board is said to stand still.
const EPOCHS_OF_STILLNESS: u64 = 8;
/// Answers that a relay may give to "what else came" in one visit.
const BATCHES_A_VISIT: u32 = 1_000;

/// What a visit brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// Cases opened.
    pub new_cases: u32,
    /// Letters that joined a case.
    pub joined: u32,
    /// Pieces of files.
    pub pieces: u32,
    /// Letters that could not be read.
    pub unreadable: u32,
    /// Letters of the office's answers that were posted.
    pub cells_posted: u32,
    /// Epochs whose board was checked.
    pub epochs_checked: u32,
}

/// Why a visit ended early. What it did until then stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CannotCollect {
    /// The relay was not reached.
    Unreachable,
    /// It does not know this office: publish the notice first.
    NotKnownThere,
    /// It answered what the protocol does not have.
    Nonsense,
    /// It cannot answer now: try again later.
    NotNow,
    /// The vault could not be written.
    Store(Failed),
}

impl std::fmt::Display for CannotCollect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreachable => Unreachable.fmt(f),
            Self::NotKnownThere => f.write_str("the relay does not take this office's requests; publish the notice first, and check both clocks"),
            Self::Nonsense => f.write_str("the relay answered something that is not of this protocol; check its address"),
            Self::NotNow => f.write_str("the relay cannot answer now; try again later"),
            Self::Store(failed) => failed.fmt(f),
        }
    }
}

impl std::error::Error for CannotCollect {}

impl From<Failed> for CannotCollect {
    fn from(failed: Failed) -> Self {
        Self::Store(failed)
    }
}

impl From<Unreachable> for CannotCollect {
    fn from(_: Unreachable) -> Self {
        Self::Unreachable
    }
}

/// A visit under way.
pub struct Visit {
    stage: Stage,
    newest: Option<SignedManifest>,
    epochs: VecDeque<Epoch>,
    /// Manifests that this visit was shown.
    shown: BTreeMap<Epoch, SignedManifest>,
    /// The lists of the day it is at, and of those that come between.
    days: DayFiles,
    /// What their files have come to with the epoch it is at.
    standing: Option<Standing>,
    batches: u32,
    /// What was collected is being said once more.
    again: bool,
    collected: Collected,
}

enum Stage {
    Notice,
    Newest,
    /// The manifest of the newest epoch that the board gave up.
    GivenUp(Epoch),
    Letters,
    Collected(u64),
    Manifest(Epoch),
    Leaves(SignedManifest),
    Openings(SignedManifest, Vec<u8>),
    Page(SignedManifest, Pages),
    /// The list of a day that an epoch is checked with; with the epoch, its cells where ours were
    /// due.
    Day(Day, SignedManifest, Option<Vec<u8>>),
    /// The manifest of another epoch, which that list is checked from.
    Before(Epoch, SignedManifest, Option<Vec<u8>>),
    /// The newest manifest once more: the visit may have taken longer than an epoch.
    Again,
    Tokens,
    Cells,
    Over,
}

/// The pages of an epoch that should list cells of ours.
struct Pages {
    wanted: u32,
    read: Vec<u8>,
}

impl Desk {
    /// Makes a whole visit over `post`.
    ///
    /// # Errors
    /// [`CannotCollect`]; what was done until then stands, and the next visit goes on from it.
    pub fn collect(
        &mut self,
        now: u64,
        post: &mut impl Post,
        rng: &mut impl CryptoRng,
    ) -> Result<Collected, CannotCollect> {
        let done = self.visit(now, post, rng);
        if let Err(why) = done {
            self.visit_failed(why, now);
        }
        done
    }

    fn visit(
        &mut self,
        now: u64,
        post: &mut impl Post,
        rng: &mut impl CryptoRng,
    ) -> Result<Collected, CannotCollect> {
        let mut visit = self.set_out(now, rng)?;
        while let Some(request) = visit.question(self, now, rng)? {
            let response = post.ask(&request)?;
            visit.answer(self, response, now, rng)?;
        }
        Ok(visit.over(self, now))
    }

    /// Begins a visit: keys are drawn ahead, due ones destroyed.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn set_out(&mut self, now: u64, rng: &mut impl CryptoRng) -> Result<Visit, Failed> {
        self.keep_house(now, rng)?;
        Ok(Visit {
            stage: Stage::Notice,
            newest: None,
            epochs: VecDeque::new(),
            shown: BTreeMap::new(),
            days: DayFiles::default(),
            standing: None,
            batches: 0,
            again: false,
            collected: Collected::default(),
        })
    }

    /// Draws keys for the time ahead, moves conversations on, destroys what is due. Every day, and
    /// before every visit.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn keep_house(&mut self, now: u64, rng: &mut impl CryptoRng) -> Result<(), Failed> {
        let (today, terms) = (Day::of_unix_seconds(now), self.terms());
        let done = counter(&self.vault.read(), "house-kept")?;
        if done == Some(today.0.into()) {
            return Ok(());
        }
        self.change(|ledger, w| {
            office_keys::draw_ahead(w, &ledger.settings, today, rng)?;
            tokens::draw_ahead(w, &ledger.settings, today, rng)?;
            for case in ledger
                .office
                .cases()
                .filter(|case| !case.state().is_ended())
            {
                let Some(conversation) = case.conversation() else {
                    continue;
                };
                if let Some(number) = w.conversation_of(&conversation.0)? {
                    office_keys::move_on(w, number, today, &terms)?;
                }
            }
            office_keys::hold(w, &terms, today)?;
            w.set("house-kept", &u64::from(today.0).to_be_bytes())
        })?;
        self.vault.destroy_due(today.0, rng)?;
        self.vault.finish_erasing(rng)
    }

    /// Destroys the keys that were held for letters which have now come.
    fn let_go(&mut self, now: u64, rng: &mut impl CryptoRng) -> Result<(), Failed> {
        let (today, terms) = (Day::of_unix_seconds(now), self.terms());
        self.vault.write(|w| office_keys::hold(w, &terms, today))?;
        self.vault.destroy_due(today.0, rng).map(drop)
    }

    /// Notes that the relay was not reached.
    pub fn not_reached(&mut self, now: u64) {
        self.unreachable_since.get_or_insert(now);
    }

    /// Notes how a visit failed, so that it is said on the page until one succeeds.
    pub fn visit_failed(&mut self, why: CannotCollect, now: u64) {
        match why {
            CannotCollect::Unreachable | CannotCollect::NotNow => self.not_reached(now),
            CannotCollect::NotKnownThere if self.ledger.notice.is_none() => {}
            CannotCollect::NotKnownThere | CannotCollect::Nonsense => {
                if !self.passing.contains(&Alarm::NotTaken) {
                    self.passing.push(Alarm::NotTaken);
                }
            }
            CannotCollect::Store(_) => {
                if !self.passing.contains(&Alarm::VaultFails) {
                    self.passing.push(Alarm::VaultFails);
                }
            }
        }
    }

    fn ask(&self, method: &'static str, path: String, body: Vec<u8>) -> Request {
        Request {
            method,
            path,
            signed: None,
            body,
        }
    }

    /// A request that only the office may make; `None` while no published credential is at hand.
    fn ask_signed(
        &self,
        method: &'static str,
        path: String,
        body: Vec<u8>,
        now: u64,
    ) -> Result<Option<Request>, Failed> {
        let days = self.ledger.settings.period_days;
        let (today, r) = (Day::of_unix_seconds(now), self.vault.read());
        let credential = office_keys::credential(&r, self.ledger.notice.as_ref(), today, days)?;
        Ok(credential.map(|(period, credential)| {
            let mailbox = &self.ledger.identity.mailbox;
            let signed =
                open::signed_request(&credential, period, mailbox, now, method, &path, &body);
            Request {
                method,
                path,
                signed: Some(signed),
                body,
            }
        }))
    }
}

impl Visit {
    /// The next question to the relay; `None` when the visit is over.
    ///
    /// # Errors
    /// [`CannotCollect`].
    pub fn question(
        &mut self,
        desk: &mut Desk,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Request>, CannotCollect> {
        let signed = |method, path, body| {
            desk.ask_signed(method, path, body, now)?
                .ok_or(CannotCollect::NotKnownThere)
        };
        let read = |path: String| desk.ask("GET", path, Vec::new());
        let request = match &self.stage {
            Stage::Notice => read("/office/notice".to_owned()),
            Stage::Newest | Stage::Again => read("/board/newest".to_owned()),
            Stage::Letters => {
                let after = counter(&desk.vault.read(), "position")?.unwrap_or(0);
                signed("GET", format!("/office/letters?after={after}"), Vec::new())?
            }
            Stage::Collected(upto) => {
                signed("POST", format!("/office/collected?upto={upto}"), Vec::new())?
            }
            Stage::Manifest(epoch) | Stage::GivenUp(epoch) | Stage::Before(epoch, ..) => {
                read(format!("/board/{}/manifest", epoch.0))
            }
            Stage::Leaves(m) => read(format!("/board/{}/leaves", m.manifest().epoch.0)),
            Stage::Openings(m, _) => {
                let epoch = m.manifest().epoch.0;
                signed("GET", format!("/office/openings/{epoch}"), Vec::new())?
            }
            Stage::Page(m, pages) => {
                let k = pages.read.len() / (CELL_BYTES * CELLS_PER_PAGE);
                read(format!("/board/{}/cells-{k}", m.manifest().epoch.0))
            }
            Stage::Day(day, ..) => read(format!("/board/days/{}", day.0)),
            Stage::Tokens => {
                let list = tokens::to_put(&desk.vault.read())?.unwrap_or_default();
                signed("PUT", "/office/tokens".to_owned(), list)?
            }
            Stage::Cells => {
                let next = self.next_number();
                match desk.batch_for(next, &self.ahead(desk, Day::of_unix_seconds(now))?, rng)? {
                    Some(batch) => desk
                        .ask_signed("POST", "/office/cells".to_owned(), batch, now)?
                        .ok_or(CannotCollect::NotKnownThere)?,
                    None => {
                        self.stage = Stage::Over;
                        return Ok(None);
                    }
                }
            }
            Stage::Over => return Ok(None),
        };
        Ok(Some(request))
    }

    /// Takes the answer to the last question.
    ///
    /// # Errors
    /// [`CannotCollect`].
    pub fn answer(
        &mut self,
        desk: &mut Desk,
        response: Response,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(), CannotCollect> {
        desk.unreachable_since = None;
        let today = Day::of_unix_seconds(now);
        let stage = std::mem::replace(&mut self.stage, Stage::Over);
        self.stage = match stage {
            Stage::Notice => {
                look_at_notice(desk, &response, today)?;
                Stage::Newest
            }
            Stage::Newest => {
                if response.status == 200 {
                    self.newest = look_at_newest(desk, &response.body, now)?;
                }
                let newest = self.newest.as_ref().map(SignedManifest::manifest);
                match newest.and_then(|m| m.restarts.before(m.kept_from)) {
                    Some(epoch) => Stage::GivenUp(epoch),
                    None => Stage::Letters,
                }
            }
            Stage::GivenUp(epoch) => {
                self.given_up(desk, epoch, &response, today)?;
                Stage::Letters
            }
            Stage::Again => {
                if response.status == 200 {
                    self.newest = look_at_newest(desk, &response.body, now)?;
                }
                match tokens::to_put(&desk.vault.read())? {
                    Some(_) => Stage::Tokens,
                    None => Stage::Cells,
                }
            }
            Stage::Tokens => {
                match response.status {
                    204 => desk.change(|_, w| tokens::was_taken(w))?,
                    409 => desk.change(|_, w| tokens::number_was_known(w))?,
                    // A relay that does not know lists yet, or cannot store now: the next visit.
                    404 | 503 => {}
                    _ => return Err(CannotCollect::Nonsense),
                }
                Stage::Cells
            }
            Stage::Letters => self.letters(desk, &response, now, rng)?,
            Stage::Collected(_) => {
                good(&response)?;
                if std::mem::take(&mut self.again) {
                    desk.change(|_, w| w.set("collected-again", &0u64.to_be_bytes()))?;
                }
                Stage::Letters
            }
            Stage::Manifest(epoch) => self.manifest(desk, epoch, &response, today)?,
            Stage::Leaves(manifest) => {
                good(&response)?;
                Stage::Openings(manifest, response.body)
            }
            Stage::Openings(manifest, leaves) => {
                good(&response)?;
                check_leaves(desk, &manifest, &leaves, &response.body)?;
                let listed = manifest.manifest();
                let ahead = self.ahead(desk, today)?;
                if !expects_cells(desk, listed.epoch, &ahead)? {
                    self.lists(desk, manifest, None, today)?
                } else if listed.cells == 0 || listed.cells > MOST_CELLS {
                    // None are shown, or more than anybody reads: ours are not among them.
                    self.lists(desk, manifest, Some(Vec::new()), today)?
                } else {
                    // As many as the relay signed for, whatever else it says.
                    let cells = usize::try_from(listed.cells).unwrap_or(0);
                    let wanted = u32::try_from(cells.div_ceil(CELLS_PER_PAGE)).unwrap_or(0);
                    let read = Vec::new();
                    Stage::Page(manifest, Pages { wanted, read })
                }
            }
            Stage::Page(manifest, mut pages) => {
                good(&response)?;
                pages.read.extend_from_slice(&response.body);
                let page = CELL_BYTES * CELLS_PER_PAGE;
                let have = pages.read.len().div_ceil(page);
                let full = pages.read.len().is_multiple_of(page) && response.body.len() == page;
                if full && have < usize::try_from(pages.wanted).unwrap_or(0) {
                    Stage::Page(manifest, pages)
                } else {
                    self.lists(desk, manifest, Some(pages.read), today)?
                }
            }
            Stage::Day(day, manifest, cells) => {
                // A relay whose clock was ahead may not show yet what it listed then. Cells of tomorrow
                // count as listed, so its list has to be there.
                if response.status == 404 && day > today.plus(1) {
                    let epoch = manifest.manifest().epoch.0;
                    let next = self.looked_at(desk, &manifest, cells.as_deref(), today)?;
                    // Nor is it known then what the list will say: what the epoch lists is posted again.
                    desk.change(|ledger, w| {
                        w.unlist_cells_of(epoch, epoch)?;
                        ledger.withdraw_what_was_stopped(w, today)
                    })?;
                    next
                } else {
                    let file = match response.status {
                        404 => Vec::new(),
                        _ => good(&response).map(|()| response.body)?,
                    };
                    self.days.put(day, file);
                    self.lists(desk, manifest, cells, today)?
                }
            }
            Stage::Before(epoch, manifest, cells) => {
                if self.before(desk, epoch, &response, today)? {
                    self.lists(desk, manifest, cells, today)?
                } else {
                    self.looked_at(desk, &manifest, cells.as_deref(), today)?
                }
            }
            Stage::Cells => {
                self.cells(desk, &response, now)?;
                Stage::Over
            }
            Stage::Over => Stage::Over,
        };
        Ok(())
    }

    /// Ends the visit.
    pub fn over(&self, desk: &mut Desk, now: u64) -> Collected {
        desk.last_visit = Some(now);
        desk.passing
            .retain(|alarm| !matches!(alarm, Alarm::NotTaken | Alarm::VaultFails));
        self.collected
    }

    fn letters(
        &mut self,
        desk: &mut Desk,
        response: &Response,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Stage, CannotCollect> {
        good(response)?;
        let letters = handed(&response.body).ok_or(CannotCollect::Nonsense)?;
        let Some(last) = letters.last().map(|letter| letter.position) else {
            return match self.to_say_again(desk)? {
                Some(position) => {
                    self.again = true;
                    Ok(Stage::Collected(position))
                }
                None => self.letters_done(desk, now, rng),
            };
        };
        let before = counter(&desk.vault.read(), "position")?.unwrap_or(0);
        let mut at = before;
        for letter in &letters {
            if letter.position <= at {
                return Err(CannotCollect::Nonsense);
            }
            at = letter.position;
        }
        for became in desk.take_letters(&letters, now, rng)? {
            match became {
                Became::NewCase => self.collected.new_cases += 1,
                Became::LetterOfACase => self.collected.joined += 1,
                Became::Unreadable | Became::NotItsLeaf => self.collected.unreadable += 1,
                Became::Piece => self.collected.pieces += 1,
                Became::KnownBefore => {}
            }
        }
        self.batches += 1;
        // Told or not: it is said once more when their epoch is closed.
        let due = self.next_number() + 1;
        desk.change(|_, w| w.set("collected-again", &due.to_be_bytes()))?;
        Ok(if self.batches > BATCHES_A_VISIT {
            self.letters_done(desk, now, rng)?
        } else {
            Stage::Collected(last)
        })
    }

    /// The number of the epoch that is open, as far as this visit was shown.
    fn next_number(&self) -> u64 {
        self.newest.as_ref().map_or(0, |m| m.manifest().epoch.0 + 1)
    }

    /// What to say once more that it was collected: a relay marks letters of closed epochs only, and
    /// the last ones for a long time came while theirs was open. It would keep them for ever.
    fn to_say_again(&self, desk: &Desk) -> Result<Option<u64>, Failed> {
        let r = desk.vault.read();
        let due = counter(&r, "collected-again")?.unwrap_or(0);
        let position = counter(&r, "position")?.filter(|position| *position > 0);
        Ok(position.filter(|_| due > 0 && due < self.next_number()))
    }

    /// Everything came: tell the rest of the reporters, then look at the board.
    fn letters_done(
        &mut self,
        desk: &mut Desk,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Stage, CannotCollect> {
        desk.change(|ledger, w| {
            w.set("visited", &now.to_be_bytes())?;
            let untold: Vec<_> = ledger
                .office
                .cases()
                .filter(|case| untold(case))
                .map(casework::Case::id)
                .collect();
            for case in untold {
                ledger.tell_opened(w, case, now, rng)?;
            }
            ledger.repost_due(w, now, rng)
        })?;
        desk.let_go(now, rng)?;
        if let Some(newest) = &self.newest {
            let (restarts, to) = (&newest.manifest().restarts, newest.manifest().epoch);
            let checked = counter(&desk.vault.read(), "epoch-checked")?.map(Epoch);
            let from = checked.map_or(Epoch(0), |checked| restarts.after(checked));
            let kept = newest.manifest().kept_from;
            desk.change(|_, w| gave_up_unseen(w, checked, from, kept))?;
            self.epochs = std::iter::successors(Some(from), |epoch| Some(restarts.after(*epoch)))
                .take_while(|epoch| *epoch <= to)
                .take(usize::try_from(EPOCHS_A_VISIT).unwrap_or(0))
                .collect();
        }
        Ok(self.next_epoch())
    }

    fn next_epoch(&mut self) -> Stage {
        match self.epochs.pop_front() {
            Some(epoch) => Stage::Manifest(epoch),
            None => Stage::Again,
        }
    }

    /// The newest epoch that was given up is old enough, by the relay's clock and by ours, and it is
    /// the one this desk was shown.
    fn given_up(
        &self,
        desk: &mut Desk,
        epoch: Epoch,
        response: &Response,
        today: Day,
    ) -> Result<(), CannotCollect> {
        let (mailbox, relay) = (desk.ledger.identity.mailbox, desk.ledger.settings.relay_key);
        let newest = self.newest.as_ref().map(SignedManifest::manifest);
        let shown = (response.status == 200)
            .then(|| SignedManifest::verify(&response.body, &mailbox, &relay).ok())
            .flatten();
        let r = desk.vault.read();
        let checked = counter(&r, "epoch-checked")?;
        let good = match (newest, &shown) {
            (Some(newest), Some(shown)) => {
                let closed = shown.manifest().day;
                let known = checked.is_none_or(|checked| checked < epoch.0)
                    || r.epoch_of_manifest(&shown.hash().0)? == Some(epoch.0);
                shown.manifest().epoch == epoch
                    && known
                    && newest.may_give_up(closed)
                    && closed < today.plus(1).minus(board::MOST_DAYS_READ)
            }
            _ => false,
        };
        if good {
            return Ok(());
        }
        Ok(desk.change(|_, w| raise(w, Alarm::GaveUp { epoch }))?)
    }

    fn manifest(
        &mut self,
        desk: &mut Desk,
        epoch: Epoch,
        response: &Response,
        today: Day,
    ) -> Result<Stage, CannotCollect> {
        if response.status == 404 {
            desk.change(|_, w| raise(w, Alarm::Gap { epoch }))?;
            self.epochs.clear();
            return Ok(Stage::Again);
        }
        good(response)?;
        let (mailbox, relay) = (desk.ledger.identity.mailbox, desk.ledger.settings.relay_key);
        let Ok(manifest) = SignedManifest::verify(&response.body, &mailbox, &relay) else {
            desk.change(|_, w| raise(w, Alarm::Unsigned { day: today }))?;
            self.epochs.clear();
            return Ok(Stage::Again);
        };
        let expected = desk.vault.read().setting("manifest-checked")?;
        let expected = expected.unwrap_or_else(|| vec![0; 32]);
        // What it says of restarts is what the newest one says of that time.
        let restarts = self.newest.as_ref().map(|n| &n.manifest().restarts);
        let restarts = restarts.map(|all| all.up_to(epoch)).unwrap_or_default();
        // A list of restarts or a beginning that changed since the last visit is another board's.
        let told = desk.vault.read().setting("restarts-checked")?;
        let checked = counter(&desk.vault.read(), "epoch-checked")?.map_or(Epoch(0), Epoch);
        let same_restarts = told.is_none_or(|told| told == restarts_up_to(&restarts, checked));
        let kept_before = counter(&desk.vault.read(), "kept-from")?.unwrap_or(0);
        let follows = manifest.manifest().epoch == epoch
            && same_restarts
            && kept_before <= manifest.manifest().kept_from.0
            && manifest.manifest().restarts == restarts
            && manifest.manifest().previous.0.as_slice() == expected.as_slice();
        // A board whose clock runs backwards was written afterwards, or by two hands.
        let closed = manifest.manifest();
        let closed = closed.day.first_second() + u64::from(closed.second);
        let before = counter(&desk.vault.read(), "closed-last")?;
        if follows && before.is_some_and(|before| closed < before) {
            desk.change(|_, w| raise(w, Alarm::BackDated { epoch }))?;
        }
        if !follows {
            self.shown.clear();
            desk.change(|_, w| {
                raise(w, Alarm::Fork { epoch })?;
                forget_days(w)?;
                collect_anew(w)
            })?;
        } else if let Some(restart) = restarts.beginning(epoch) {
            desk.change(|ledger, w| was_restarted(ledger, w, restart, today))?;
        }
        let newest = self.newest.as_ref().map(SignedManifest::manifest);
        if newest.is_some_and(|newest| newest.gave_up(epoch)) {
            return self.lists(desk, manifest, None, today);
        }
        Ok(Stage::Leaves(manifest))
    }

    /// What people look for answers in has to be what this epoch shows: its day's list is as good
    /// as its cells.
    fn lists(
        &mut self,
        desk: &mut Desk,
        manifest: SignedManifest,
        cells: Option<Vec<u8>>,
        today: Day,
    ) -> Result<Stage, CannotCollect> {
        let day = manifest.manifest().day;
        let tags = cells.as_ref().and_then(|cells| tags_of(&manifest, cells));
        let days = shown_days(&desk.vault.read())?;
        let stands = standing(&desk.vault.read())?;
        let (tags, files) = (tags.as_ref(), &mut self.days);
        let seconds = desk.ledger.settings.epoch_seconds;
        match lists::look(&manifest, tags, files, &days, stands, seconds, &self.shown) {
            Err(Needs::Manifest(epoch)) => return Ok(Stage::Before(epoch, manifest, cells)),
            Err(Needs::Day(day)) => return Ok(Stage::Day(day, manifest, cells)),
            Ok(looked) => {
                if !looked.fits {
                    desk.change(|_, w| raise(w, Alarm::AlteredDay { day }))?;
                }
                self.standing = Some(looked.standing);
            }
        }
        self.looked_at(desk, &manifest, cells.as_deref(), today)
    }

    /// Takes the manifest of an epoch before; whether there is one. It is one that this desk was
    /// shown: another would lead to other lists.
    fn before(
        &mut self,
        desk: &mut Desk,
        epoch: Epoch,
        response: &Response,
        today: Day,
    ) -> Result<bool, CannotCollect> {
        if response.status == 404 {
            desk.change(|_, w| raise(w, Alarm::Gap { epoch }))?;
            return Ok(false);
        }
        good(response)?;
        let (mailbox, relay) = (desk.ledger.identity.mailbox, desk.ledger.settings.relay_key);
        let shown = SignedManifest::verify(&response.body, &mailbox, &relay);
        let Some(shown) = shown.ok().filter(|m| m.manifest().epoch == epoch) else {
            desk.change(|_, w| raise(w, Alarm::Unsigned { day: today }))?;
            return Ok(false);
        };
        if desk.vault.read().epoch_of_manifest(&shown.hash().0)? != Some(epoch.0) {
            desk.change(|_, w| {
                raise(w, Alarm::Fork { epoch })?;
                // From here on this is the board that is checked: the alarm stays until it is seen.
                w.put_manifest(&shown.hash().0, epoch.0)
            })?;
        }
        self.shown.insert(epoch, shown);
        Ok(true)
    }

    /// Nothing more is asked about an epoch.
    fn looked_at(
        &mut self,
        desk: &mut Desk,
        manifest: &SignedManifest,
        cells: Option<&[u8]>,
        today: Day,
    ) -> Result<Stage, CannotCollect> {
        if let Some(cells) = cells {
            let ahead = self.ahead(desk, today)?;
            check_cells(desk, manifest, cells, today, &ahead)?;
        }
        self.shown
            .insert(manifest.manifest().epoch, manifest.clone());
        self.checked(desk, manifest)
    }

    fn checked(
        &mut self,
        desk: &mut Desk,
        manifest: &SignedManifest,
    ) -> Result<Stage, CannotCollect> {
        let standing = self.standing.take();
        desk.change(|_, w| {
            let checked = manifest.manifest();
            let closed = checked.day.first_second() + u64::from(checked.second);
            w.set("epoch-checked", &checked.epoch.0.to_be_bytes())?;
            w.set("manifest-checked", &manifest.hash().0)?;
            w.set("closed-last", &closed.to_be_bytes())?;
            w.set("kept-from", &checked.kept_from.0.to_be_bytes())?;
            let restarts = restarts_up_to(&checked.restarts, checked.epoch);
            w.set("restarts-checked", &restarts)?;
            let days = shown_days(w)?.and(checked);
            w.set("days-shown", &days.to_bytes())?;
            if let Some(standing) = standing {
                w.set("days-standing", &standing.to_bytes())?;
            }
            w.put_manifest(&manifest.hash().0, checked.epoch.0)?;
            // A manifest that a letter names was closed before the letter came. Whoever is shown
            // this whole board up to then and not that manifest is shown another board.
            for (hash, since) in w.named_manifests()? {
                if since < checked.epoch.0 {
                    w.forget_named(&hash)?;
                    raise(w, Alarm::TwoBoards { day: checked.day })?;
                }
            }
            Ok(())
        })?;
        self.collected.epochs_checked += 1;
        Ok(self.next_epoch())
    }

    /// The epochs on whose days nobody looks yet: what they list is posted once more, once it is known
    /// that the relay's clock was ahead and not the desk's behind. While the newest epoch is dated
    /// ahead as well, either may be.
    fn ahead(&self, desk: &Desk, today: Day) -> Result<Vec<(Epoch, Epoch)>, Failed> {
        let tomorrow = today.plus(1);
        let newest = self.newest.as_ref().map(SignedManifest::manifest);
        Ok(match newest.filter(|newest| newest.day <= tomorrow) {
            Some(_) => shown_days(&desk.vault.read())?.after(tomorrow).collect(),
            None => Vec::new(),
        })
    }

    fn cells(
        &mut self,
        desk: &mut Desk,
        response: &Response,
        now: u64,
    ) -> Result<(), CannotCollect> {
        let next = self.next_number();
        match response.status {
            204 => {
                let ahead = self.ahead(desk, Day::of_unix_seconds(now))?;
                self.collected.cells_posted += desk.batch_posted(next, &ahead)?;
                desk.last_visit = Some(now);
                Ok(())
            }
            // The epoch has all its cells: what waits goes to the next one. Ours of the batch may be
            // among them, if an answer was lost before, and are looked for until they are found.
            429 => {
                // One that is listed on a day ahead stays so: that day may come before it is taken.
                Ok(desk.change(|_, w| {
                    for cell in ours_on_their_way(w)? {
                        if cell.listed.is_none() {
                            w.mark_posted(&cell.tag, None)?;
                        }
                    }
                    w.set_batch(None)?;
                    w.set("cells-posted-for", &next.to_be_bytes())
                })?)
            }
            _ => good(response),
        }
    }
}

fn good(response: &Response) -> Result<(), CannotCollect> {
    match response.status {
        200 | 204 => Ok(()),
        404 => Err(CannotCollect::NotKnownThere),
        429 | 500..=599 => Err(CannotCollect::NotNow),
        _ => Err(CannotCollect::Nonsense),
    }
}

fn look_at_notice(desk: &mut Desk, response: &Response, today: Day) -> Result<(), CannotCollect> {
    let Some(ours) = desk.ledger.notice.as_ref().map(|n| n.body().sequence) else {
        return Err(CannotCollect::NotKnownThere);
    };
    let shown = (response.status == 200)
        .then(|| is_ours(&response.body, &desk.ledger.identity).ok())
        .flatten();
    let alarm = match shown.as_ref().map(Notice::body) {
        None => Alarm::ForeignNotice { day: today },
        Some(shown) if shown.sequence < ours => Alarm::OldNotice {
            sequence: shown.sequence,
        },
        Some(_) => return Ok(()),
    };
    Ok(desk.change(|_, w| raise(w, alarm))?)
}

fn look_at_newest(
    desk: &mut Desk,
    file: &[u8],
    now: u64,
) -> Result<Option<SignedManifest>, CannotCollect> {
    let (mailbox, relay) = (desk.ledger.identity.mailbox, desk.ledger.settings.relay_key);
    let today = Day::of_unix_seconds(now);
    let Ok(newest) = SignedManifest::verify(file, &mailbox, &relay) else {
        desk.change(|_, w| raise(w, Alarm::Unsigned { day: today }))?;
        return Ok(None);
    };
    let manifest = newest.manifest();
    desk.passing
        .retain(|alarm| !matches!(alarm, Alarm::Clocks { .. } | Alarm::StandsStill { .. }));
    let closed = manifest.day.first_second() + u64::from(manifest.second);
    let patience = EPOCHS_OF_STILLNESS * u64::from(desk.ledger.settings.epoch_seconds);
    if closed.saturating_add(patience) < now {
        desk.passing.push(Alarm::StandsStill { day: manifest.day });
    }
    // That it lies behind is said above; a day ahead is a clock.
    if manifest.day > today.plus(1) {
        desk.passing.push(Alarm::Clocks {
            relay: manifest.day,
        });
    }
    let r = desk.vault.read();
    let checked = counter(&r, "epoch-checked")?;
    let hash = r.setting("manifest-checked")?.unwrap_or_default();
    let epoch = manifest.epoch;
    let over = checked.and_then(|checked| manifest.restarts.over(Epoch(checked)));
    // A restart counts only from a board that this desk was shown itself.
    let restart = match over {
        Some(over) if r.epoch_of_manifest(&over.hash.0)? == Some(over.after.0) => Some(*over),
        _ => None,
    };
    if let Some(restart) = restart {
        desk.change(|ledger, w| {
            go_back_to(w, &restart, epoch)?;
            was_restarted(ledger, w, &restart, today)
        })?;
        return Ok(Some(newest));
    }
    let alarm = match checked {
        _ if over.is_some() => Some(Alarm::Fork { epoch }),
        Some(checked) if epoch.0 < checked => Some(Alarm::WentBack { epoch }),
        Some(checked) if epoch.0 == checked && hash != newest.hash().0 => {
            Some(Alarm::Fork { epoch })
        }
        _ => None,
    };
    desk.change(|_, w| w.set("newest-shown", &epoch.0.to_be_bytes()))?;
    if let Some(alarm) = alarm {
        desk.change(|_, w| {
            raise(w, alarm)?;
            // From here on this is the board that is checked: the alarm stays until it is seen.
            w.set("epoch-checked", &epoch.0.to_be_bytes())?;
            w.set("manifest-checked", &newest.hash().0)?;
            w.set("kept-from", &newest.manifest().kept_from.0.to_be_bytes())?;
            let restarts = restarts_up_to(&newest.manifest().restarts, epoch);
            w.set("restarts-checked", &restarts)?;
            forget_days(w)?;
            w.put_manifest(&newest.hash().0, epoch.0)?;
            collect_anew(w)
        })?;
    }
    Ok(Some(newest))
}

/// Tells a restart, and takes up again what the lost epochs listed.
fn was_restarted(
    ledger: &mut Ledger,
    w: &vault::Writing<'_>,
    restart: &Restart,
    today: Day,
) -> Result<(), Failed> {
    let (after, epoch) = (restart.after, restart.epoch);
    raise(w, Alarm::Restarted { after, epoch })?;
    w.unlist_cells_of(after.0.saturating_add(1), epoch.0.saturating_sub(1))?;
    ledger.withdraw_what_was_stopped(w, today)
}

/// The board is checked on from where a restart says. Whoever goes back tells it in the same
/// change: a relay may show a restart once and take it back.
fn go_back_to(w: &vault::Writing<'_>, restart: &Restart, newest: Epoch) -> Result<(), Failed> {
    w.set("epoch-checked", &restart.after.0.to_be_bytes())?;
    w.set("manifest-checked", &restart.hash.0)?;
    // What that manifest kept from is not at hand; no number is below nothing.
    w.set("kept-from", &0u64.to_be_bytes())?;
    if let Some(told) = w.setting("restarts-checked")? {
        let (each, _) = told.as_chunks::<RESTART_BYTES>();
        let before = |one: &&[u8; RESTART_BYTES]| {
            let number = one.first_chunk().copied().map(u64::from_be_bytes);
            number.is_some_and(|number| number <= restart.after.0)
        };
        let kept: Vec<u8> = each.iter().filter(before).flatten().copied().collect();
        w.set("restarts-checked", &kept)?;
    }
    let days = shown_days(w)?.up_to(restart.after);
    w.set("days-shown", &days.to_bytes())?;
    let standing = standing(w)?.up_to(restart.after);
    w.set("days-standing", &standing.to_bytes())?;
    w.set("newest-shown", &newest.0.to_be_bytes())?;
    collect_anew(w)
}

fn shown_days(r: &vault::Reading<'_>) -> Result<ShownDays, Failed> {
    let bytes = r.setting("days-shown")?.unwrap_or_default();
    Ok(ShownDays::read(&bytes))
}

fn standing(r: &vault::Reading<'_>) -> Result<Standing, Failed> {
    let bytes = r.setting("days-standing")?.unwrap_or_default();
    Ok(Standing::read(&bytes))
}

/// On a board of another past, every day is begun anew.
fn forget_days(w: &vault::Writing<'_>) -> Result<(), Failed> {
    w.set("days-shown", &[])?;
    w.set("days-standing", &[])
}

/// Bytes of a restart as the vault keeps it: number, the one it continues from, that one's manifest.
const RESTART_BYTES: usize = 48;

/// A list of restarts as the vault keeps it, up to an epoch.
fn restarts_up_to(restarts: &Restarts, epoch: Epoch) -> Vec<u8> {
    let mut kept = Vec::new();
    for restart in restarts.up_to(epoch).as_slice() {
        kept.extend_from_slice(&restart.epoch.0.to_be_bytes());
        kept.extend_from_slice(&restart.after.0.to_be_bytes());
        kept.extend_from_slice(&restart.hash.0);
    }
    kept
}

/// Tells if the board gave up what this desk has yet to look at. What was given up when a desk
/// began, others had looked at.
fn gave_up_unseen(
    w: &vault::Writing<'_>,
    checked: Option<Epoch>,
    from: Epoch,
    kept: Epoch,
) -> Result<(), Failed> {
    let known = match checked {
        Some(_) => counter(w, "given-up-known")?.map_or(Epoch(0), Epoch),
        None => kept,
    };
    if from < kept && from >= known {
        raise(w, Alarm::GaveUp { epoch: from })?;
    }
    if known < kept || checked.is_none() {
        w.set("given-up-known", &kept.0.to_be_bytes())?;
    }
    Ok(())
}

/// Collects from the beginning at the next question. Under a board of another past, new letters
/// stand in places that were others' before; those that are known are known by their leaves.
fn collect_anew(w: &vault::Writing<'_>) -> Result<(), Failed> {
    w.set("position", &0u64.to_be_bytes())
}

/// Every leaf opens, and every letter it opens to was handed over.
fn check_leaves(
    desk: &mut Desk,
    manifest: &SignedManifest,
    leaves: &[u8],
    openings: &[u8],
) -> Result<(), CannotCollect> {
    let epoch = manifest.manifest().epoch;
    let Ok(opened) = board::check_leaves(manifest.manifest(), leaves, openings) else {
        return Ok(desk.change(|_, w| raise(w, Alarm::LeavesAltered { epoch }))?);
    };
    Ok(desk.change(|_, w| {
        for opening in opened {
            let Opening::Letter(Leaf(leaf)) = opening else {
                continue;
            };
            if w.letter(&leaf)?.is_none() {
                w.put_letter(&StoredLetter {
                    leaf,
                    position: 0,
                    // The day it was listed: its key may be held for it.
                    day: manifest.manifest().day.0,
                    state: LetterState::Lost,
                    reason: String::new(),
                    bytes: None,
                })?;
                raise(w, Alarm::LostLetter { epoch })?;
                // It may lie below a position that this relay made too high: the next visit asks
                // for everything once more. What is known is known by its leaf.
                collect_anew(w)?;
            }
        }
        Ok(())
    })?)
}

/// Whether the cells of this epoch are looked at. With cover they always are: whoever looks only when
/// answers of its own are due tells the relay in which batches there was more than filling. Without,
/// when one of ours may be there; one that seems not to be posted, too, since a batch whose answer
/// was lost may have been dropped meanwhile, and one that is listed on a day ahead, which goes again
/// with every batch.
fn expects_cells(desk: &Desk, epoch: Epoch, ahead: &[(Epoch, Epoch)]) -> Result<bool, Failed> {
    if desk.ledger.settings.cover {
        return Ok(true);
    }
    let r = desk.vault.read();
    let cells = r.unlisted_cells()?;
    let may_be_there = |cell: &OutboxCell| cell.posted.is_none_or(|posted| posted <= epoch.0);
    Ok(cells.iter().any(may_be_there)
        || !ours_on_their_way(&r)?.is_empty()
        || !listed_by(&r, ahead)?.is_empty())
}

/// What the vault keeps in a batch where a cell was taken back.
const TAKEN_BACK: [u8; CELL_BYTES] = [0; CELL_BYTES];

/// Our cells of the batch that was begun: the relay may have taken it, and the answer be lost.
fn ours_on_their_way(r: &Reading<'_>) -> Result<Vec<OutboxCell>, Failed> {
    let batch = r.batch()?.unwrap_or_default();
    let mut ours = Vec::new();
    for cell in batch.as_chunks::<CELL_BYTES>().0 {
        // Behind the version; filling has tags that nobody holds.
        if let Some(tag) = cell.get(1..).and_then(<[u8]>::first_chunk) {
            ours.extend(r.cell(tag)?.filter(|known| known.bytes == cell));
        }
    }
    Ok(ours)
}

/// Tags of the cells that a manifest vouches for; `None` if these are others.
fn tags_of(manifest: &SignedManifest, listed: &[u8]) -> Option<Tags> {
    let (cells, rest) = listed.as_chunks::<CELL_BYTES>();
    let root = board::merkle_root(cells.iter().map(<[u8; CELL_BYTES]>::as_slice));
    let vouched = rest.is_empty() && root == manifest.manifest().cell_root;
    // Behind the version.
    let tag = |cell: &[u8; CELL_BYTES]| cell.get(1..)?.first_chunk().copied();
    vouched.then(|| cells.iter().filter_map(tag).collect())
}

/// Finds our cells, byte for byte, among those the manifest vouches for.
fn check_cells(
    desk: &mut Desk,
    manifest: &SignedManifest,
    listed: &[u8],
    today: Day,
    ahead: &[(Epoch, Epoch)],
) -> Result<(), CannotCollect> {
    let (listed, rest) = listed.as_chunks::<CELL_BYTES>();
    let vouched = rest.is_empty()
        && board::merkle_root(listed.iter().map(<[u8; CELL_BYTES]>::as_slice))
            == manifest.manifest().cell_root;
    let epoch = manifest.manifest().epoch;
    let restarted = manifest.manifest().restarts.beginning(epoch).is_some();
    let is_ahead = manifest.manifest().day > today.plus(1);
    Ok(desk.change(|ledger, w| {
        let mut put_back = false;
        let mut looked_for = w.unlisted_cells()?;
        looked_for.extend(ours_on_their_way(w)?);
        // Of a batch that was refused since, the relay may have them too.
        looked_for.extend(listed_by(w, ahead)?);
        for cell in looked_for {
            // Of two days ahead the first that was shown counts: it comes no later.
            if cell.listed.is_some() && is_ahead {
                continue;
            }
            if vouched && listed.iter().any(|l| l.as_slice() == cell.bytes) {
                w.mark_listed(&cell.tag, epoch.0)?;
                continue;
            }
            let Some(posted) = cell.posted.filter(|_| cell.listed.is_none()) else {
                continue;
            };
            if posted.saturating_add(EPOCHS_OF_PATIENCE) <= epoch.0 {
                w.mark_posted(&cell.tag, None)?;
                put_back = true;
                // What was posted before a restart may be lost with it, and that was told.
                if !restarted {
                    raise(w, Alarm::AnswerDropped { epoch })?;
                }
            }
        }
        // Meanwhile the words may have been given up, or answers stopped.
        if put_back {
            ledger.withdraw_what_was_stopped(w, today)?;
        }
        Ok(())
    })?)
}

/// Cells that these stretches of epochs list.
fn listed_by(r: &Reading<'_>, stretches: &[(Epoch, Epoch)]) -> Result<Vec<OutboxCell>, Failed> {
    let mut cells = Vec::new();
    for (first, last) in stretches {
        cells.extend(r.cells_listed(first.0, last.0)?);
    }
    Ok(cells)
}

/// Whether an epoch lies in one of these stretches.
fn lies_in(stretches: &[(Epoch, Epoch)], epoch: u64) -> bool {
    let mut within = stretches.iter().map(|(first, last)| first.0..=last.0);
    within.any(|stretch| stretch.contains(&epoch))
}

impl Desk {
    /// The cells for an epoch, exactly as many as it lists: ours that wait, and dummies. `None`
    /// when that epoch was served already, or there is nothing to say and no cover is wanted.
    /// A batch that was begun is handed out again with the same bytes, and filling for those that were
    /// taken back meanwhile. What epochs list whose day is far ahead goes with ours.
    fn batch_for(
        &mut self,
        epoch: u64,
        ahead: &[(Epoch, Epoch)],
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Vec<u8>>, Failed> {
        let r = self.vault.read();
        if counter(&r, "cells-posted-for")? == Some(epoch) {
            return Ok(None);
        }
        let room = usize::try_from(self.ledger.settings.cells_per_epoch).unwrap_or(0);
        let cover = self.ledger.settings.cover;
        if let Some(batch) = r.batch()? {
            // As many as before, whatever the settings say by now: the relay may have them.
            let sent = batch.as_chunks::<CELL_BYTES>().0;
            let is_left = |cell: &&[u8; CELL_BYTES]| **cell != TAKEN_BACK;
            if sent.iter().filter(is_left).count() == sent.len() {
                return Ok(Some(batch));
            }
            // Ours that were in it are gone: without cover, filling alone is no reason to post.
            if cover || !ours_on_their_way(&r)?.is_empty() {
                let left = sent
                    .iter()
                    .filter(is_left)
                    .map(<[u8; CELL_BYTES]>::as_slice);
                return self.fill_batch(left, sent.len(), rng);
            }
            self.change(|_, w| w.set_batch(None))?;
            return self.batch_for(epoch, ahead, rng);
        }
        let told_no_more = self.ledger.told_no_more(&r)?;
        let mut listed_ahead = listed_by(&r, ahead)?;
        listed_ahead.retain(|cell| !told_no_more.contains(&cell.owner));
        let waiting: Vec<Vec<u8>> = r
            .unlisted_cells()?
            .into_iter()
            .filter(|cell| cell.posted.is_none())
            .chain(listed_ahead)
            .take(room)
            .map(|cell| cell.bytes)
            .collect();
        if waiting.is_empty() && !cover {
            return Ok(None);
        }
        self.fill_batch(waiting.iter().map(Vec::as_slice), room, rng)
    }

    /// A batch of these cells and filling, as it is posted from now on.
    fn fill_batch<'a>(
        &mut self,
        cells: impl Iterator<Item = &'a [u8]>,
        room: usize,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Vec<u8>>, Failed> {
        let mut cells: Vec<Cell> = cells.filter_map(|bytes| Cell::parse(bytes).ok()).collect();
        while cells.len() < room {
            cells.push(envelope::dummy::cell(rng));
        }
        // Tags are as good as random: in their order, nothing tells ours from filling.
        cells.sort_unstable();
        let batch: Vec<u8> = cells.iter().flat_map(|cell| *cell.bytes()).collect();
        self.change(|_, w| w.set_batch(Some(&batch)))?;
        Ok(Some(batch))
    }

    /// The relay took the batch for an epoch. Returns how many of its cells were ours. One that is
    /// listed stays so unless its day is still far ahead: a relay lists no cell twice.
    fn batch_posted(&mut self, epoch: u64, ahead: &[(Epoch, Epoch)]) -> Result<u32, Failed> {
        self.change(|_, w| {
            let mut ours = 0;
            for cell in ours_on_their_way(w)? {
                if cell.listed.is_none_or(|epoch| lies_in(ahead, epoch)) {
                    w.mark_posted(&cell.tag, Some(epoch))?;
                    ours += 1;
                }
            }
            w.set_batch(None)?;
            w.set("cells-posted-for", &epoch.to_be_bytes())?;
            Ok(ours)
        })
    }
}
