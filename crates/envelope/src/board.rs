//! The board: what an epoch lists, as immutable files anyone may copy. (protocol §6)
//!
//! [`close_epoch`] is the whole decision: given what arrived, it yields every byte of the epoch's
//! files. Reading functions take files from anywhere (relay, mirror, stick) and trust none of them.

use std::collections::{BTreeMap, BTreeSet};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use minicbor::Decoder;
use rand_core::CryptoRng;
use sha2::Sha256;

use crate::keys::{BadSignature, RelayKey, RelaySecret, SIGNATURE_BYTES};
use crate::posting::hash_of;
use crate::{
    Cell, Day, Epoch, Leaf, LetterHash, MailboxId, NONCE_BYTES, cbor, dummy, hash, labels,
};

pub use crate::restart::{MOST_RESTARTS, Restart, Restarts};

/// Cells in one page file.
pub const CELLS_PER_PAGE: usize = 32;
/// Bytes of a tag as listed.
pub const SHORT_TAG_BYTES: usize = 8;
/// No epoch of more cells is read by a desk or copied by a mirror: 256 MiB.
pub const MOST_CELLS: u64 = 65_536;
/// No manifest file is longer; one has some 300 bytes, and some 50 more for each restart.
pub const MOST_MANIFEST_BYTES: usize = 4_096;
/// No reader takes a longer file of a day, whatever shape the notice gives the board.
pub const MOST_DAY_BYTES: u64 = 16 << 20;
/// No reader takes more manifests on its way back from the newest epoch to the one before its window,
/// and two days' worth of epochs besides: see [`DayLists::closed_every`].
pub const MOST_GONE_BACK: u32 = 1_024;
/// Lists that do not lead are taken once more from so many days earlier: no clock goes back further
/// than a notice lasts, and an epoch that closed by it cannot sign the days between.
pub const DAYS_GONE_BACK: u32 = crate::notice::MOST_DAYS;
/// No reader looks further back than so many days, and no board gives up what closed in them.
pub const MOST_DAYS_READ: u32 = 400;
/// Bytes of one opening (kind, hash, nonce).
pub const OPENING_BYTES: usize = 1 + 32 + NONCE_BYTES;

/// Hash of a manifest's bytes: names an epoch and, through the chain, all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ManifestHash(pub [u8; 32]);

impl ManifestHash {
    /// What the first manifest of an office names as its predecessor.
    pub const NONE: Self = Self([0; 32]);
}

/// What the day files up to a day have come to: each manifest signs it, and so all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysHash(pub [u8; 32]);

impl DaysHash {
    /// Before the first day that has an epoch.
    pub const NONE: Self = Self([0; 32]);

    /// With one more day's file, whole as far as it has come.
    #[must_use]
    pub fn then(self, day: Day, file: &[u8]) -> Self {
        Self(hash_of(&[
            labels::DAYS.as_bytes(),
            &self.0,
            &day.0.to_be_bytes(),
            &hash(file),
        ]))
    }
}

/// What one epoch lists, in numbers and roots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The office.
    pub mailbox: MailboxId,
    /// Which epoch.
    pub epoch: Epoch,
    /// Day it closed.
    pub day: Day,
    /// Second of that day.
    pub second: u32,
    /// Leaves listed, dummies included.
    pub leaves: u64,
    /// RFC 6962 root over the leaves, ascending.
    pub leaf_root: [u8; 32],
    /// Cells listed, dummies included.
    pub cells: u64,
    /// RFC 6962 root over the whole cells, in listed order.
    pub cell_root: [u8; 32],
    /// The manifest before this one.
    pub previous: ManifestHash,
    /// The files of all days up to this one, as this epoch leaves them.
    pub days: DaysHash,
    /// Every restart of the board up to this epoch.
    pub restarts: Restarts,
    /// The first epoch whose leaves and cells the board still has; what came before was given up.
    pub kept_from: Epoch,
}

impl Manifest {
    /// Whether the board gave up the leaves and cells of an epoch. Its manifest stays, and its place
    /// in the file of its day.
    #[must_use]
    pub fn gave_up(&self, epoch: Epoch) -> bool {
        epoch < self.kept_from
    }

    /// Whether an epoch that closed on `closed` is old enough for this manifest to give it up.
    #[must_use]
    pub fn may_give_up(&self, closed: Day) -> bool {
        closed < self.day.minus(MOST_DAYS_READ)
    }

    /// What a manifest file says, whoever wrote it. For a relay that looks over its own store before
    /// it knows its office, and for nobody else: see [`SignedManifest::verify`].
    #[must_use]
    pub fn unverified(file: &[u8]) -> Option<Self> {
        decode(signed_pair(file)?.0).ok()
    }
}

/// Why a manifest file is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ManifestRefused {
    /// Not a manifest.
    Malformed,
    /// Of a version this release does not read: update.
    TooNew,
    /// Not signed by the relay of the notice.
    Unsigned,
    /// Of another office.
    OtherOffice,
}

/// A manifest whose signature and office were checked, with its own bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedManifest {
    manifest: Manifest,
    bytes: Vec<u8>,
    signature: [u8; SIGNATURE_BYTES],
}

impl SignedManifest {
    /// Signs the manifest of an epoch that is closed.
    #[must_use]
    pub fn sign(manifest: Manifest, relay: &RelaySecret) -> Self {
        let bytes = encode(&manifest);
        let signature = relay.sign(&[labels::MANIFEST.as_bytes(), &bytes].concat());
        Self {
            manifest,
            bytes,
            signature,
        }
    }

    /// The file as served.
    #[must_use]
    pub fn to_file(&self) -> Vec<u8> {
        cbor::write(|e| e.array(2)?.bytes(&self.bytes)?.bytes(&self.signature)?.ok())
    }

    /// Reads and checks a manifest file.
    ///
    /// # Errors
    /// [`ManifestRefused`] says what the desk should tell its user.
    pub fn verify(
        file: &[u8],
        mailbox: &MailboxId,
        relay: &RelayKey,
    ) -> Result<Self, ManifestRefused> {
        let (bytes, signature) = signed_pair(file).ok_or(ManifestRefused::Malformed)?;
        relay
            .verify(&[labels::MANIFEST.as_bytes(), bytes].concat(), &signature)
            .map_err(|BadSignature| ManifestRefused::Unsigned)?;
        let manifest = decode(bytes)?;
        if manifest.mailbox != *mailbox {
            return Err(ManifestRefused::OtherOffice);
        }
        Ok(Self {
            manifest,
            bytes: bytes.to_vec(),
            signature,
        })
    }

    /// What it says.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its name in the chain.
    #[must_use]
    pub fn hash(&self) -> ManifestHash {
        ManifestHash(hash(&self.bytes))
    }
}

fn signed_pair(file: &[u8]) -> Option<(&[u8], [u8; SIGNATURE_BYTES])> {
    if file.len() > MOST_MANIFEST_BYTES || !cbor::is_deterministic(file) {
        return None;
    }
    let mut d = Decoder::new(file);
    if d.array().ok()? != Some(2) {
        return None;
    }
    let bytes = d.bytes().ok()?;
    let signature = d.bytes().ok()?.try_into().ok()?;
    Some((bytes, signature))
}

fn encode(m: &Manifest) -> Vec<u8> {
    cbor::write(|e| {
        let restarts = m.restarts.as_slice();
        let kept = m.kept_from > Epoch(0);
        e.map(11 + u64::from(!restarts.is_empty()) + u64::from(kept))?;
        e.u8(0)?.u8(1)?;
        e.u8(1)?.bytes(&m.mailbox.0)?;
        e.u8(2)?.u64(m.epoch.0)?;
        e.u8(3)?.u32(m.day.0)?;
        e.u8(4)?.u32(m.second)?;
        e.u8(5)?.u64(m.leaves)?;
        e.u8(6)?.bytes(&m.leaf_root)?;
        e.u8(7)?.u64(m.cells)?;
        e.u8(8)?.bytes(&m.cell_root)?;
        e.u8(9)?.bytes(&m.previous.0)?;
        e.u8(10)?.bytes(&m.days.0)?;
        if !restarts.is_empty() {
            e.u8(11)?.array(restarts.len() as u64)?;
        }
        for restart in restarts {
            e.array(3)?.u64(restart.epoch.0)?.u64(restart.after.0)?;
            e.bytes(&restart.hash.0)?;
        }
        if kept {
            e.u8(12)?.u64(m.kept_from.0)?;
        }
        Ok(())
    })
}

fn decode(bytes: &[u8]) -> Result<Manifest, ManifestRefused> {
    if !cbor::is_deterministic(bytes) {
        return Err(ManifestRefused::Malformed);
    }
    let mut d = Decoder::new(bytes);
    let pairs = d.map().ok().flatten().ok_or(ManifestRefused::Malformed)?;
    let mut version = None;
    let (mut mailbox, mut epoch, mut day, mut second) = (None, None, None, None);
    let (mut leaves, mut leaf_root, mut cells, mut cell_root) = (None, None, None, None);
    let (mut previous, mut days) = (None, None);
    let mut restarts = Some(Restarts::default());
    let mut kept_from = Some(Epoch(0));
    let mut read = || -> Result<(), minicbor::decode::Error> {
        for _ in 0..pairs {
            match d.u64()? {
                0 => version = Some(d.u64()?),
                1 => mailbox = <[u8; 16]>::try_from(d.bytes()?).ok().map(MailboxId),
                2 => epoch = Some(Epoch(d.u64()?)),
                3 => day = Some(Day(d.u32()?)),
                4 => second = Some(d.u32()?),
                5 => leaves = Some(d.u64()?),
                6 => leaf_root = d.bytes()?.try_into().ok(),
                7 => cells = Some(d.u64()?),
                8 => cell_root = d.bytes()?.try_into().ok(),
                9 => previous = <[u8; 32]>::try_from(d.bytes()?).ok().map(ManifestHash),
                10 => days = <[u8; 32]>::try_from(d.bytes()?).ok().map(DaysHash),
                11 => restarts = decode_restarts(&mut d)?,
                // From the beginning is written as nothing.
                12 => kept_from = Some(Epoch(d.u64()?)).filter(|epoch| *epoch > Epoch(0)),
                _ => d.skip()?,
            }
        }
        Ok(())
    };
    let read = read();
    // The version comes first, so what a newer one says differently is not called malformed.
    if version.is_some_and(|v| v > 1) {
        return Err(ManifestRefused::TooNew);
    }
    read.map_err(|_| ManifestRefused::Malformed)?;
    let whole = || {
        version.filter(|v| *v == 1)?;
        Some(Manifest {
            mailbox: mailbox?,
            epoch: epoch?,
            day: day?,
            second: second?,
            leaves: leaves?,
            leaf_root: leaf_root?,
            cells: cells?,
            cell_root: cell_root?,
            previous: previous?,
            days: days?,
            restarts: restarts?,
            kept_from: kept_from?,
        })
    };
    let stands = |m: &Manifest| m.kept_from <= m.epoch && m.restarts.over(m.kept_from).is_none();
    let fits = |m: &Manifest| match m.restarts.as_slice().last() {
        // The first epoch after a restart continues from where it says, as every other one does.
        Some(last) if last.epoch == m.epoch => last.hash == m.previous,
        Some(last) => last.epoch < m.epoch,
        None => true,
    };
    whole()
        .filter(fits)
        .filter(stands)
        .ok_or(ManifestRefused::Malformed)
}

/// `None` for what can be no list of restarts; an empty one is written as none.
fn decode_restarts(d: &mut Decoder<'_>) -> Result<Option<Restarts>, minicbor::decode::Error> {
    let mut list = Vec::new();
    for _ in 0..d.array()?.unwrap_or(0) {
        if d.array()? != Some(3) {
            return Ok(None);
        }
        let (epoch, after) = (Epoch(d.u64()?), Epoch(d.u64()?));
        let Ok(hash) = <[u8; 32]>::try_from(d.bytes()?) else {
            return Ok(None);
        };
        list.push(Restart {
            epoch,
            after,
            hash: ManifestHash(hash),
        });
    }
    Ok(Restarts::of(list).filter(|restarts| !restarts.as_slice().is_empty()))
}

/// One letter that an epoch must list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Hash of its bytes.
    pub letter: LetterHash,
    /// The client's nonce.
    pub nonce: [u8; NONCE_BYTES],
}

/// How many leaves and cells an epoch shows, whatever came. From the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EpochShape {
    /// Leaves an epoch lists; doubled as often as needed when more letters came.
    pub leaves: u32,
    /// Cells an epoch lists, exactly.
    pub cells: u32,
}

/// Every file of a closed epoch.
pub struct ClosedEpoch {
    /// The signed manifest.
    pub manifest: SignedManifest,
    /// `/board/{epoch}/leaves`.
    pub leaves: Vec<u8>,
    /// What the relay shows the office of each leaf, in listed order.
    pub openings: Vec<u8>,
    /// `/board/{epoch}/tags`.
    pub tags: Vec<u8>,
    /// `/board/{epoch}/cells-{k}`, k from 0.
    pub pages: Vec<Vec<u8>>,
    /// What this epoch adds to `/board/days/{day}`.
    pub day_entry: Vec<u8>,
}

/// When and after what an epoch closes.
#[derive(Clone, Copy, Debug)]
pub struct Closing<'a> {
    /// The office.
    pub mailbox: MailboxId,
    /// The epoch to close.
    pub epoch: Epoch,
    /// Now, in Unix seconds.
    pub now: u64,
    /// The manifest before.
    pub previous: ManifestHash,
    /// What the days before the one of `now` have come to.
    pub days_before: DaysHash,
    /// That day's own file so far; empty if this is its first epoch.
    pub day_file: &'a [u8],
    /// Every restart of the board, this epoch's own included if it is the first after one.
    pub restarts: &'a Restarts,
    /// The first epoch whose leaves and cells the board keeps.
    pub kept_from: Epoch,
}

/// Closes an epoch: fills leaves and cells with dummies to their fixed numbers, sorts both by
/// value, roots and signs. More than `shape.cells` cells are not taken: the caller holds them back.
pub fn close_epoch(
    closing: &Closing<'_>,
    shape: EpochShape,
    accepted: &[Accepted],
    cells: &[Cell],
    relay: &RelaySecret,
    rng: &mut impl CryptoRng,
) -> ClosedEpoch {
    let mut leaves: Vec<(Leaf, [u8; OPENING_BYTES])> = accepted
        .iter()
        .map(|a| {
            (
                Leaf::of(a.letter, &a.nonce),
                opening(0, &a.letter.0, &a.nonce),
            )
        })
        .collect();
    let listed = fixed_number(shape.leaves, accepted.len());
    while leaves.len() < listed {
        let mut nonce = [0; NONCE_BYTES];
        rng.fill_bytes(&mut nonce);
        leaves.push((Leaf::dummy(&nonce), opening(1, &[0; 32], &nonce)));
    }
    leaves.sort_unstable_by_key(|(leaf, _)| *leaf);

    let room = usize::try_from(shape.cells).unwrap_or(usize::MAX);
    let mut cells: Vec<Cell> = cells.iter().take(room).cloned().collect();
    while cells.len() < room {
        cells.push(dummy::cell(rng));
    }
    cells.sort_unstable_by(|a, b| a.tag().cmp(&b.tag()).then_with(|| a.cmp(b)));

    let tags: Vec<u8> = cells.iter().flat_map(|cell| cell.short_tag()).collect();
    let count = u32::try_from(cells.len()).unwrap_or(u32::MAX);
    let day_entry = [
        &closing.epoch.0.to_be_bytes()[..],
        &count.to_be_bytes(),
        tags.as_slice(),
    ]
    .concat();
    let day = Day::of_unix_seconds(closing.now);
    let day_file = [closing.day_file, &day_entry].concat();
    let manifest = Manifest {
        mailbox: closing.mailbox,
        epoch: closing.epoch,
        day,
        second: u32::try_from(closing.now.saturating_sub(day.first_second())).unwrap_or(0),
        leaves: leaves.len() as u64,
        leaf_root: merkle_root(leaves.iter().map(|(leaf, _)| leaf.0.as_slice())),
        cells: cells.len() as u64,
        cell_root: merkle_root(cells.iter().map(|cell| cell.bytes().as_slice())),
        previous: closing.previous,
        days: closing.days_before.then(day, &day_file),
        restarts: closing.restarts.clone(),
        kept_from: closing.kept_from,
    };
    ClosedEpoch {
        manifest: SignedManifest::sign(manifest, relay),
        leaves: leaves.iter().flat_map(|(leaf, _)| leaf.0).collect(),
        openings: leaves.iter().flat_map(|(_, opening)| *opening).collect(),
        tags,
        pages: cells
            .chunks(CELLS_PER_PAGE)
            .map(|page| page.iter().flat_map(|cell| *cell.bytes()).collect())
            .collect(),
        day_entry,
    }
}

/// `per_epoch`, doubled until it holds `needed`: the number itself says little.
fn fixed_number(per_epoch: u32, needed: usize) -> usize {
    let mut listed = usize::try_from(per_epoch.max(1)).unwrap_or(1);
    while listed < needed {
        listed = listed.saturating_mul(2);
    }
    listed
}

fn opening(kind: u8, letter: &[u8; 32], nonce: &[u8; NONCE_BYTES]) -> [u8; OPENING_BYTES] {
    let mut out = [0; OPENING_BYTES];
    for (to, from) in out.iter_mut().zip([kind].iter().chain(letter).chain(nonce)) {
        *to = *from;
    }
    out
}

/// RFC 6962 root; of nothing, the hash of nothing.
pub fn merkle_root<'a>(items: impl Iterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut tree = MemoryBackedTree::<Sha256, &[u8]>::new();
    for item in items {
        tree.push(item);
    }
    if tree.is_empty() {
        hash(&[])
    } else {
        (*tree.root().as_bytes()).into()
    }
}

/// What a leaf stands for, as the relay opened it to the office.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// A letter that must be collectable.
    Letter(Leaf),
    /// Filling.
    Dummy(Leaf),
}

/// An epoch's leaves do not hold together: a letter may be lost or hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LeavesRefused {
    /// The leaves file has not the root or the number that the manifest signs.
    NotTheSigned,
    /// A leaf that the relay cannot open: count it as a lost letter.
    Unopened(Leaf),
}

/// Checks an epoch's leaves against its manifest, and each leaf against what the relay says it is.
///
/// # Errors
/// [`LeavesRefused`], to be told to the caseworker in words: letters are missing or hidden.
pub fn check_leaves(
    manifest: &Manifest,
    leaves: &[u8],
    openings: &[u8],
) -> Result<Vec<Opening>, LeavesRefused> {
    let (leaves, rest) = leaves.as_chunks::<32>();
    if !rest.is_empty()
        || leaves.len() as u64 != manifest.leaves
        || merkle_root(leaves.iter().map(<[u8; 32]>::as_slice)) != manifest.leaf_root
    {
        return Err(LeavesRefused::NotTheSigned);
    }
    let mut openings = openings.as_chunks::<OPENING_BYTES>().0.iter();
    leaves
        .iter()
        .map(|leaf| {
            let listed = Leaf(*leaf);
            let refused = LeavesRefused::Unopened(listed);
            let opening = openings.next().ok_or(refused)?;
            let (kind, rest) = opening.split_first().ok_or(refused)?;
            let (letter, nonce) = rest.split_first_chunk::<32>().ok_or(refused)?;
            let nonce = nonce.try_into().map_err(|_| refused)?;
            let (made, opened) = match kind {
                0 => (
                    Leaf::of(LetterHash(*letter), nonce),
                    Opening::Letter(listed),
                ),
                1 => (Leaf::dummy(nonce), Opening::Dummy(listed)),
                _ => return Err(refused),
            };
            if made == listed {
                Ok(opened)
            } else {
                Err(refused)
            }
        })
        .collect()
}

/// One epoch's tags in a day file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayEntry {
    /// The epoch.
    pub epoch: Epoch,
    /// First eight bytes of each cell's tag, in listed order.
    pub tags: Vec<[u8; SHORT_TAG_BYTES]>,
}

/// A day file is cut or bent; take it from another copy of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotADayFile;

/// Reads `/board/days/{day}`.
///
/// # Errors
/// [`NotADayFile`] if it does not end where its counts say.
pub fn read_day(mut file: &[u8]) -> Result<Vec<DayEntry>, NotADayFile> {
    let mut entries = Vec::new();
    while !file.is_empty() {
        let (epoch, rest) = file.split_first_chunk::<8>().ok_or(NotADayFile)?;
        let (count, rest) = rest.split_first_chunk::<4>().ok_or(NotADayFile)?;
        let count = usize::try_from(u32::from_be_bytes(*count)).map_err(|_| NotADayFile)?;
        let bytes = count.checked_mul(SHORT_TAG_BYTES).ok_or(NotADayFile)?;
        let (tags, rest) = rest.split_at_checked(bytes).ok_or(NotADayFile)?;
        entries.push(DayEntry {
            epoch: Epoch(u64::from_be_bytes(*epoch)),
            tags: tags.as_chunks::<SHORT_TAG_BYTES>().0.to_vec(),
        });
        file = rest;
    }
    Ok(entries)
}

/// The lists of a window do not lead to what the newest manifest signs: they are another board's,
/// older than the manifest, or somebody's own making. Or they do, and that manifest gives up an
/// epoch which readers still look for. Nothing of them is to be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotTheSignedDays;

/// The day files of a reader's window, from wherever, until they are checked against the newest
/// manifest.
///
/// Epochs after that manifest are left out: whoever fetches file after file sees a board that
/// grows. So are those that a restart says are lost: files of a day are kept for ever by whoever
/// fetched them before (protocol §6.1). Days after its day are nobody's, and passed over.
pub struct DayLists<'a> {
    newest: &'a Manifest,
    first: Day,
    most_gone_back: u32,
    /// By day: the epochs, and what the file hashes to as far as the newest manifest reaches.
    listed: BTreeMap<Day, (Vec<DayEntry>, Vec<u8>)>,
}

impl<'a> DayLists<'a> {
    /// Of a window that begins on `first`.
    #[must_use]
    pub fn of(newest: &'a Manifest, first: Day) -> Self {
        Self {
            newest,
            first,
            most_gone_back: MOST_GONE_BACK,
            listed: BTreeMap::new(),
        }
    }

    /// Of a board whose epochs last so long: a clock that was two days ahead closes more of the short
    /// ones.
    #[must_use]
    pub fn closed_every(mut self, epoch_seconds: u32) -> Self {
        let two_days = 2 * crate::time::SECONDS_A_DAY / u64::from(epoch_seconds.max(1));
        let two_days = u32::try_from(two_days).unwrap_or(u32::MAX);
        self.most_gone_back = MOST_GONE_BACK.saturating_add(two_days);
        self
    }

    /// Adds the file of a day.
    ///
    /// # Errors
    /// [`NotADayFile`] as [`read_day`] says.
    pub fn add(&mut self, day: Day, file: &[u8]) -> Result<(), NotADayFile> {
        let mut entries = read_day(file)?;
        if day < self.first || day > self.newest.day {
            return Ok(());
        }
        let (mut rest, mut listed) = (file, Vec::with_capacity(file.len()));
        entries.retain(|entry| {
            let bytes = 12 + SHORT_TAG_BYTES * entry.tags.len();
            let (own, after) = rest.split_at_checked(bytes).unwrap_or((rest, &[]));
            rest = after;
            let stands = entry.epoch <= self.newest.epoch
                && self.newest.restarts.over(entry.epoch).is_none();
            if stands {
                listed.extend_from_slice(own);
            }
            stands
        });
        if !entries.is_empty() {
            self.listed.insert(day, (entries, listed));
        }
        Ok(())
    }

    /// The file of a day as far as the newest manifest reaches; empty where none was added.
    #[must_use]
    pub fn file(&self, day: Day) -> &[u8] {
        self.listed.get(&day).map_or(&[], |(_, file)| file)
    }

    /// How many days of the window have a list.
    #[must_use]
    pub fn days(&self) -> u32 {
        u32::try_from(self.listed.len()).unwrap_or(u32::MAX)
    }

    /// Believes the lists if none of the window's epochs is missing, and they lead to the newest
    /// manifest. `signed` gives the manifest of an epoch: of the one before the window, and of each
    /// that is not listed because a clock was set back.
    ///
    /// # Errors
    /// [`NotTheSignedDays`], or what `signed` says.
    pub fn verify<E: From<NotTheSignedDays>>(
        self,
        signed: impl FnMut(Epoch) -> Result<SignedManifest, E>,
    ) -> Result<Vec<DayEntry>, E> {
        let mut days = self.begin_from(signed)?;
        let mut all = Vec::new();
        for (day, (entries, file)) in self.listed {
            days = days.then(day, &file);
            let given_up = |entry: &DayEntry| self.newest.gave_up(entry.epoch);
            if !self.newest.may_give_up(day) && entries.iter().any(given_up) {
                return Err(NotTheSignedDays.into());
            }
            all.extend(entries);
        }
        if days == self.newest.days {
            Ok(all)
        } else {
            Err(NotTheSignedDays.into())
        }
    }

    /// What the days before the window have come to, by the last epoch that closed on one of them.
    /// Every epoch since is listed, or hidden.
    fn begin_from<E: From<NotTheSignedDays>>(
        &self,
        mut signed: impl FnMut(Epoch) -> Result<SignedManifest, E>,
    ) -> Result<DaysHash, E> {
        if self.newest.day < self.first {
            return Ok(self.newest.days);
        }
        let mut listed = BTreeSet::new();
        for entry in self.listed.values().flat_map(|(entries, _)| entries) {
            if !listed.insert(entry.epoch) {
                return Err(NotTheSignedDays.into());
            }
        }
        let restarts = &self.newest.restarts;
        let mut next = Some(self.newest.epoch);
        let mut left = self.most_gone_back;
        while let Some(epoch) = next {
            next = restarts.before(epoch);
            if listed.contains(&epoch) {
                continue;
            }
            left = left.checked_sub(1).ok_or(NotTheSignedDays)?;
            let there = signed(epoch)?;
            let manifest = there.manifest();
            let continued = restarts.continuing(epoch);
            if manifest.epoch != epoch || continued.is_some_and(|r| r.hash != there.hash()) {
                return Err(NotTheSignedDays.into());
            }
            if manifest.day < self.first {
                return Ok(manifest.days);
            }
            // One that closed on a day to come, by a clock that was set back since, is listed then.
            if manifest.day <= self.newest.day {
                return Err(NotTheSignedDays.into());
            }
        }
        Ok(DaysHash::NONE)
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    fn relay() -> RelaySecret {
        RelaySecret::from_seed(&[1; 32])
    }

    fn close(accepted: &[Accepted], cells: &[Cell]) -> ClosedEpoch {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(7);
        let closing = Closing {
            mailbox: MailboxId([2; 16]),
            epoch: Epoch(5),
            now: 1_795_000_000,
            previous: ManifestHash([9; 32]),
            days_before: DaysHash::NONE,
            day_file: &[],
            restarts: &Restarts::default(),
            kept_from: Epoch(0),
        };
        let shape = EpochShape {
            leaves: 64,
            cells: 40,
        };
        close_epoch(&closing, shape, accepted, cells, &relay(), &mut rng)
    }

    fn letters(n: u8) -> Vec<Accepted> {
        (0..n)
            .map(|i| Accepted {
                letter: LetterHash([i; 32]),
                nonce: [i; 16],
            })
            .collect()
    }

    #[test]
    fn an_epoch_shows_the_same_numbers_whatever_came() {
        let (quiet, busy) = (close(&[], &[]), close(&letters(50), &[]));
        assert_eq!(quiet.leaves.len(), 64 * 32);
        assert_eq!(busy.leaves.len(), quiet.leaves.len());
        assert_eq!(busy.tags.len(), 40 * SHORT_TAG_BYTES);
        assert_eq!(
            busy.pages.iter().map(Vec::len).collect::<Vec<_>>(),
            [131_072, 32_768]
        );
        assert_eq!(close(&letters(65), &[]).leaves.len(), 128 * 32);
    }

    #[test]
    fn every_letter_opens_as_a_letter_and_all_else_as_filling() {
        let closed = close(&letters(3), &[]);
        let m = closed.manifest.manifest();
        let opened = check_leaves(m, &closed.leaves, &closed.openings).unwrap();
        assert_eq!(
            opened
                .iter()
                .filter(|o| matches!(o, Opening::Letter(_)))
                .count(),
            3
        );
        assert_eq!(opened.len(), 64);
    }

    #[test]
    fn a_hidden_letter_is_found_as_a_leaf_that_does_not_open() {
        let closed = close(&letters(3), &[]);
        let m = closed.manifest.manifest();
        let mut openings = closed.openings.clone();
        let at = openings
            .chunks(OPENING_BYTES)
            .position(|o| o[0] == 0)
            .unwrap()
            * OPENING_BYTES;
        openings[at] = 1;
        assert!(matches!(
            check_leaves(m, &closed.leaves, &openings),
            Err(LeavesRefused::Unopened(_))
        ));
        let mut leaves = closed.leaves.clone();
        leaves[0] ^= 1;
        assert_eq!(
            check_leaves(m, &leaves, &closed.openings),
            Err(LeavesRefused::NotTheSigned)
        );
    }

    #[test]
    fn a_manifest_with_one_bit_changed_is_refused() {
        let file = close(&letters(1), &[]).manifest.to_file();
        let read =
            |file: &[u8]| SignedManifest::verify(file, &MailboxId([2; 16]), &relay().public());
        assert_eq!(
            read(&file).unwrap().manifest().previous,
            ManifestHash([9; 32])
        );
        for at in 0..file.len() {
            let mut bent = file.clone();
            bent[at] ^= 4;
            assert!(read(&bent).is_err(), "byte {at}");
        }
        assert_eq!(
            SignedManifest::verify(&file, &MailboxId([3; 16]), &relay().public()),
            Err(ManifestRefused::OtherOffice)
        );
    }

    type Board = Vec<(Manifest, Day, Vec<u8>)>;

    /// A board of two epochs a day, with what each leaves behind.
    fn board(days: std::ops::Range<u32>) -> Board {
        board_of(days.flat_map(|day| [day, day]))
    }

    /// A board whose epochs close on these days, by a clock that may be set back.
    fn board_of(days: impl IntoIterator<Item = u32>) -> Board {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(3);
        let mut closed: Board = Vec::new();
        for (number, day) in (0..).zip(days.into_iter().map(Day)) {
            let so_far = files(&closed);
            let before = so_far.iter().filter(|(before, _)| **before < day);
            let days_before =
                before.fold(DaysHash::NONE, |days, (day, file)| days.then(*day, file));
            let today = closed.iter().rev().find(|(_, d, _)| *d == day);
            let closing = Closing {
                mailbox: MailboxId([2; 16]),
                epoch: Epoch(number),
                now: day.first_second() + number,
                previous: ManifestHash::NONE,
                days_before,
                day_file: today.map_or(&[], |(_, _, file)| file),
                restarts: &Restarts::default(),
                kept_from: Epoch(0),
            };
            let shape = EpochShape {
                leaves: 1,
                cells: 2,
            };
            let epoch = close_epoch(&closing, shape, &[], &[], &relay(), &mut rng);
            let file = [closing.day_file, &epoch.day_entry].concat();
            closed.push((epoch.manifest.manifest().clone(), day, file));
        }
        closed
    }

    type Files = BTreeMap<Day, Vec<u8>>;

    fn files(board: &Board) -> Files {
        let each = board.iter();
        each.map(|(_, day, file)| (*day, file.clone())).collect()
    }

    /// Reads a window as every reader does, from files that may be anybody's.
    fn window(
        first: u32,
        newest: &Manifest,
        files: &Files,
        board: &Board,
    ) -> Result<Vec<u64>, NotTheSignedDays> {
        let mut lists = DayLists::of(newest, Day(first));
        for (day, file) in files {
            lists.add(*day, file).unwrap();
        }
        let entries = lists.verify(|epoch| {
            let there = board.iter().find(|(m, _, _)| m.epoch == epoch);
            let (there, _, _) = there.ok_or(NotTheSignedDays)?;
            Ok::<_, NotTheSignedDays>(SignedManifest::sign(there.clone(), &relay()))
        })?;
        Ok(entries.iter().map(|entry| entry.epoch.0).collect())
    }

    /// The newest manifest as a relay signs it that hands out other lists than it made.
    fn signed_for(newest: &Manifest, begin: DaysHash, files: &Files, first: u32) -> Manifest {
        let listed = files
            .iter()
            .filter(|(day, file)| day.0 >= first && !file.is_empty());
        Manifest {
            days: listed.fold(begin, |days, (day, file)| days.then(*day, file)),
            ..newest.clone()
        }
    }

    #[test]
    fn an_epoch_that_is_left_out_of_lists_that_are_signed_is_missed_and_so_is_one_listed_twice() {
        let board = board(100..104);
        let whole = files(&board);
        let newest = &board.last().unwrap().0;
        let same = signed_for(newest, DaysHash::NONE, &whole, 100);
        assert_eq!(&same, newest);
        let entry = 12 + 2 * SHORT_TAG_BYTES;
        for (first, begin, from) in [(100, DaysHash::NONE, 0), (102, board[3].0.days, 4)] {
            for hidden in from..8 {
                let mut lists = whole.clone();
                let day = lists.get_mut(&Day(100 + hidden / 2)).unwrap();
                let at = usize::try_from(hidden % 2).unwrap() * entry;
                day.drain(at..at + entry);
                let signed = signed_for(newest, begin, &lists, first);
                assert_eq!(
                    window(first, &signed, &lists, &board),
                    Err(NotTheSignedDays),
                    "{hidden}"
                );
            }
            let mut lists = whole.clone();
            lists.remove(&Day(103));
            let signed = signed_for(newest, begin, &lists, first);
            let lacking = window(first, &signed, &lists, &board);
            assert_eq!(lacking, Err(NotTheSignedDays), "a day");
            let mut lists = whole.clone();
            let again = lists[&Day(102)][..entry].to_vec();
            lists.get_mut(&Day(103)).unwrap().extend_from_slice(&again);
            let signed = signed_for(newest, begin, &lists, first);
            let twice = window(first, &signed, &lists, &board);
            assert_eq!(twice, Err(NotTheSignedDays), "twice");
        }
    }

    #[test]
    fn after_a_clock_was_set_back_lists_are_whole_in_any_order_and_nothing_else_is_excused() {
        // Epoch 2 closed on a day to come, epoch 3 after the clock was set, epoch 4 when it came.
        let board = board_of([100, 101, 103, 102, 103]);
        let lists = files(&board);
        let at = |epoch: usize, first: u32| window(first, &board[epoch].0, &lists, &board);
        assert_eq!(at(3, 100), Ok(vec![0, 1, 3]));
        assert_eq!(at(3, 102), Ok(vec![3]), "a window that begins with it");
        assert_eq!(at(4, 100), Ok(vec![0, 1, 3, 2, 4]));
        assert_eq!(at(4, 102), Ok(vec![3, 2, 4]));
        assert_eq!(at(4, 103), Ok(vec![2, 4]));
        // Hidden, and no clock to blame.
        let mut hidden = lists.clone();
        hidden.remove(&Day(101));
        let signed = signed_for(&board[4].0, DaysHash::NONE, &hidden, 100);
        let read = window(100, &signed, &hidden, &board);
        assert_eq!(read, Err(NotTheSignedDays));
    }

    #[test]
    fn whatever_days_a_clock_went_through_a_window_leads_or_one_that_begins_35_days_earlier_does() {
        for days in [
            &[100, 99, 101][..],
            &[99, 98, 100],
            &[99, 2_018, 100],
            &[99, 130, 98, 97, 131],
            &[134, 100, 133, 101, 135, 136],
        ] {
            let board = board_of(days.iter().copied());
            let (lists, newest) = (files(&board), &board.last().unwrap().0);
            for first in 60..=newest.day.0 {
                let read = window(first, newest, &lists, &board);
                let earlier = window(first - DAYS_GONE_BACK, newest, &lists, &board);
                assert!(read.is_ok() || earlier.is_ok(), "{days:?} from {first}");
            }
        }
    }

    #[test]
    fn a_reader_takes_1_024_manifests_on_its_way_back_two_days_of_them_besides_and_no_more() {
        let newest = board(100..101).pop().unwrap().0;
        for (ahead, every, good) in [
            (1_024, None, true),
            (1_025, None, false),
            (1_457, Some(399), true),
            (1_456, Some(400), true),
            (1_457, Some(400), false),
        ] {
            let newest = Manifest {
                epoch: Epoch(2_000),
                days: DaysHash::NONE.then(Day(100), &[0, 0, 0, 0, 0, 0, 7, 208, 0, 0, 0, 0]),
                ..newest.clone()
            };
            let mut lists = DayLists::of(&newest, Day(100));
            if let Some(seconds) = every {
                lists = lists.closed_every(seconds);
            }
            let file = [&2_000_u64.to_be_bytes()[..], &[0; 4]].concat();
            lists.add(Day(100), &file).unwrap();
            let read = lists.verify(|epoch| {
                let there = Manifest {
                    epoch,
                    day: Day(if epoch.0 > 2_000 - ahead { 101 } else { 99 }),
                    days: DaysHash::NONE,
                    ..newest.clone()
                };
                Ok::<_, NotTheSignedDays>(SignedManifest::sign(there, &relay()))
            });
            assert_eq!(read.is_ok(), good, "{ahead}");
        }
    }

    #[test]
    fn the_manifest_before_a_window_is_the_one_that_a_restart_names() {
        let mut board = board(100..102);
        let (before, _, _) = board[3].clone();
        let close = |hash| {
            let restarts = vec![Restart {
                epoch: Epoch(900),
                after: Epoch(3),
                hash,
            }];
            let closing = Closing {
                mailbox: MailboxId([2; 16]),
                epoch: Epoch(900),
                now: Day(105).first_second(),
                previous: hash,
                days_before: before.days,
                day_file: &[],
                restarts: &Restarts::of(restarts).unwrap(),
                kept_from: Epoch(0),
            };
            let shape = EpochShape {
                leaves: 1,
                cells: 2,
            };
            let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(3);
            close_epoch(&closing, shape, &[], &[], &relay(), &mut rng)
        };
        let named = SignedManifest::sign(before.clone(), &relay()).hash();
        let first = close(named);
        board.push((
            first.manifest.manifest().clone(),
            Day(105),
            first.day_entry.clone(),
        ));
        let lists = files(&board);
        let newest = first.manifest.manifest();
        assert_eq!(window(105, newest, &lists, &board), Ok(vec![900]));
        let other = close(ManifestHash([1; 32]));
        let lists = Files::from([(Day(105), other.day_entry.clone())]);
        let newest = other.manifest.manifest();
        assert_eq!(
            window(105, newest, &lists, &board),
            Err(NotTheSignedDays),
            "another is signed for that number"
        );
    }

    #[test]
    fn day_files_lead_to_the_newest_manifest_from_the_beginning_or_from_any_day() {
        let board = board(100..104);
        let files = files(&board);
        let newest = &board.last().unwrap().0;
        assert_eq!(window(0, newest, &files, &board), Ok((0..8).collect()));
        assert_eq!(window(102, newest, &files, &board), Ok((4..8).collect()));
        assert_eq!(
            window(104, newest, &files, &board),
            Ok(vec![]),
            "a frozen board"
        );
        // The board grew between the manifest and the lists: what came later is left out.
        for (at, (earlier, _, _)) in board.iter().enumerate() {
            let seen = window(100, earlier, &files, &board);
            assert_eq!(seen, Ok((0..=at as u64).collect()));
        }
    }

    /// A manifest of epoch 9 that says this of restarts, as its relay would sign it.
    fn restarted(restarts: &[Restart], previous: [u8; 32]) -> Result<Restarts, ManifestRefused> {
        let mut manifest = close(&[], &[]).manifest.manifest().clone();
        manifest.epoch = Epoch(9);
        manifest.previous = ManifestHash(previous);
        // Written past the check, as somebody else's program might.
        let mut bytes = encode(&manifest);
        bytes[0] = 0xac;
        bytes.extend_from_slice(&cbor::write(|e| {
            e.u8(11)?.array(restarts.len() as u64)?;
            for r in restarts {
                e.array(3)?.u64(r.epoch.0)?.u64(r.after.0)?;
                e.bytes(&r.hash.0)?;
            }
            Ok(())
        }));
        let signature = relay().sign(&[labels::MANIFEST.as_bytes(), &bytes].concat());
        let file = cbor::write(|e| e.array(2)?.bytes(&bytes)?.bytes(&signature)?.ok());
        let read = SignedManifest::verify(&file, &MailboxId([2; 16]), &relay().public())?;
        assert_eq!(encode(read.manifest()), bytes);
        Ok(read.manifest().restarts.clone())
    }

    #[test]
    fn a_manifest_tells_every_restart_and_one_that_cannot_be_is_refused() {
        let to = |epoch, after, hash| Restart {
            epoch: Epoch(epoch),
            after: Epoch(after),
            hash: ManifestHash([hash; 32]),
        };
        let good = [to(5, 2, 7), to(9, 6, 8)];
        assert_eq!(restarted(&good, [8; 32]).unwrap().as_slice(), good);
        assert!(restarted(&good[..1], [8; 32]).is_ok(), "of before");
        let refused = |list: &[Restart], previous| {
            assert_eq!(restarted(list, previous), Err(ManifestRefused::Malformed));
        };
        refused(&[], [8; 32]);
        refused(&[to(9, 6, 0)], [0; 32]);
        refused(&[to(9, 9, 8)], [8; 32]);
        refused(&[to(10, 6, 8)], [8; 32]);
        refused(&[to(9, 6, 8)], [7; 32]);
    }

    #[test]
    fn a_day_file_that_is_bent_hidden_added_moved_or_cut_is_refused() {
        let board = board(100..104);
        let good = files(&board);
        let newest = &board.last().unwrap().0;
        let refused = |bend: &dyn Fn(&mut Files)| {
            let mut files = good.clone();
            bend(&mut files);
            window(100, newest, &files, &board)
        };
        let one_day = good[&Day(101)].len();
        let bends: [&dyn Fn(&mut Files); 9] = [
            &|f| f.get_mut(&Day(101)).unwrap()[12] ^= 1,
            &|f| f.get_mut(&Day(103)).unwrap()[7] ^= 8,
            &|f| drop(f.remove(&Day(100))),
            &|f| drop(f.remove(&Day(102))),
            &|f| drop(f.remove(&Day(103))),
            &|f| f.clear(),
            &|f| f.get_mut(&Day(102)).unwrap().truncate(one_day / 2),
            &|f| {
                let moved = f.remove(&Day(100)).unwrap();
                f.insert(Day(99), moved);
            },
            &|f| {
                let invented = f[&Day(102)].clone();
                f.insert(Day(101), invented);
            },
        ];
        for (number, bend) in bends.iter().enumerate() {
            assert_eq!(refused(*bend), Err(NotTheSignedDays), "{number}");
        }
        assert!(refused(&|_| ()).is_ok());
        // A day after the newest manifest's is nobody's.
        let later = refused(&|f| drop(f.insert(Day(104), f[&Day(103)].clone())));
        assert_eq!(later, refused(&|_| ()));
    }

    #[test]
    fn lists_of_a_board_that_gives_up_what_readers_look_for_are_refused() {
        let board = board(100..104);
        let files = files(&board);
        let mut newest = board.last().unwrap().0.clone();
        newest.kept_from = Epoch(1);
        assert_eq!(window(0, &newest, &files, &board), Err(NotTheSignedDays));
        newest.kept_from = Epoch(2);
        let later = window(101, &newest, &files, &board);
        assert_eq!(later, Ok((2..8).collect()), "of before the window");
        let old = self::board(100..501);
        let files = self::files(&old);
        let mut newest = old.last().unwrap().0.clone();
        assert_eq!(newest.day, Day(500));
        newest.kept_from = Epoch(1);
        assert_eq!(window(0, &newest, &files, &old), Err(NotTheSignedDays));
        let whole = window(101, &newest, &files, &old);
        assert_eq!(whole, Ok((2..802).collect()));
        assert!(!newest.may_give_up(Day(100)) && newest.may_give_up(Day(99)));
    }

    #[test]
    fn a_list_kept_from_before_a_restart_is_read_without_the_epochs_that_are_lost() {
        let board = board(100..104);
        let mut files = files(&board);
        // Of day 102, epoch 5 was lost, and of day 103 all: the board went on in epoch 900.
        let (last, _, file) = &board[4];
        let restart = Restart {
            epoch: Epoch(900),
            after: Epoch(4),
            hash: ManifestHash([1; 32]),
        };
        let restarts = Restarts::of(vec![restart]).unwrap();
        let closing = Closing {
            mailbox: MailboxId([2; 16]),
            epoch: Epoch(900),
            now: Day(105).first_second(),
            previous: ManifestHash([1; 32]),
            days_before: last.days,
            day_file: &[],
            restarts: &restarts,
            kept_from: Epoch(0),
        };
        let shape = EpochShape {
            leaves: 1,
            cells: 2,
        };
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(3);
        let first = close_epoch(&closing, shape, &[], &[], &relay(), &mut rng);
        files.insert(Day(105), first.day_entry);
        let newest = first.manifest.manifest();
        let read = |files: &Files| window(100, newest, files, &board);
        assert_eq!(read(&files), Ok(vec![0, 1, 2, 3, 4, 900]));
        files.remove(&Day(103));
        files.insert(Day(102), file.clone());
        assert_eq!(read(&files), Ok(vec![0, 1, 2, 3, 4, 900]));
    }

    #[test]
    fn a_manifest_keeps_from_an_epoch_that_stands_or_is_refused() {
        let read = |kept: u64, restarts: &[Restart]| {
            let mut manifest = close(&[], &[]).manifest.manifest().clone();
            manifest.epoch = Epoch(9);
            manifest.kept_from = Epoch(kept);
            manifest.restarts = Restarts::of(restarts.to_vec()).unwrap();
            let file = SignedManifest::sign(manifest, &relay()).to_file();
            SignedManifest::verify(&file, &MailboxId([2; 16]), &relay().public())
                .map(|read| read.manifest().kept_from.0)
        };
        let restart = Restart {
            epoch: Epoch(7),
            after: Epoch(3),
            hash: ManifestHash([9; 32]),
        };
        for kept in [0, 1, 9] {
            assert_eq!(read(kept, &[]), Ok(kept));
        }
        assert_eq!(read(10, &[]), Err(ManifestRefused::Malformed), "to come");
        assert_eq!(read(7, &[restart]), Ok(7));
        assert_eq!(read(5, &[restart]), Err(ManifestRefused::Malformed), "lost");
        let zero = cbor::write(|e| e.u8(12)?.u64(0)?.ok());
        let mut bytes = encode(close(&[], &[]).manifest.manifest());
        bytes[0] = 0xac;
        bytes.extend_from_slice(&zero);
        assert_eq!(decode(&bytes), Err(ManifestRefused::Malformed), "nothing");
    }

    #[test]
    fn a_day_file_reads_back_and_a_cut_one_is_refused() {
        let entry = close(&[], &[]).day_entry;
        let two = [entry.clone(), entry.clone()].concat();
        assert_eq!(read_day(&two).unwrap().len(), 2);
        assert_eq!(read_day(&two[..two.len() - 1]), Err(NotADayFile));
        assert_eq!(read_day(&[]), Ok(vec![]));
        assert_eq!(
            read_day(&[0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255]),
            Err(NotADayFile)
        );
    }
}
