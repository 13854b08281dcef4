//! Keys of the log in lifetime order, and the ring a desk keeps them on. (protocol §12.1, §9)
//!
//! ```text
//! sealing key of desk and period ── HPKE ──> team key, circle keys of that period
//! circle key ── AES-256-GCM ──> case keys
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use envelope::keys::{DeskKey, SEALING_KEY_BYTES};
use envelope::{Day, ENCAPSULATION_BYTES, Period, labels};
use hkdf::Hkdf;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable};
use open::lifetimes::Terms;
use rand_core::{CryptoRng, TryCryptoRng, TryRng};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::body::{CaseId, CircleId, Renewal, SealingKey, Wrapped};
use crate::place::TeamId;
use crate::roster::{MOST_PERIODS_AHEAD, Roster};
use crate::told::{Told, told};

pub(crate) const COMMITMENT_BYTES: usize = 32;
pub(crate) const NONCE_BYTES: usize = 12;
pub(crate) const TAG_BYTES: usize = 16;
/// A case key under its circle's key.
pub(crate) const CASE_WRAP_BYTES: usize = NONCE_BYTES + 32 + TAG_BYTES;
/// A team or circle key on its way to one desk.
pub(crate) const WRAP_BYTES: usize = ENCAPSULATION_BYTES + 32 + TAG_BYTES;

fn derive(key: &[u8; 32], label: &str, position: u64) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let info = [label.as_bytes(), &position.to_be_bytes()].concat();
    // HKDF refuses only lengths above 8,160 bytes.
    if Hkdf::<Sha256>::new(None, key)
        .expand(&info, out.as_mut())
        .is_err()
    {
        out.fill(0);
    }
    out
}

fn seal(key: &[u8; 32], nonce: [u8; NONCE_BYTES], aad: &[u8], plain: &[u8]) -> Vec<u8> {
    let sealed = Aes256Gcm::new(key.into())
        .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad })
        // AES-GCM refuses only texts above 64 GiB.
        .unwrap_or_default();
    [&nonce[..], &sealed].concat()
}

fn open(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE_BYTES>()?;
    Aes256Gcm::new(key.into())
        .decrypt(&Nonce::from(*nonce), Payload { msg, aad })
        .ok()
        .map(Zeroizing::new)
}

fn nonce(rng: &mut impl CryptoRng) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    rng.fill_bytes(&mut nonce);
    nonce
}

macro_rules! symmetric {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<[u8; 32]>);

        impl $name {
            /// Draws a new one.
            pub fn draw(rng: &mut impl CryptoRng) -> Self {
                let mut key = Zeroizing::new([0; 32]);
                rng.fill_bytes(key.as_mut());
                Self(key)
            }

            /// From what the vault keeps.
            #[must_use]
            pub fn from_bytes(bytes: &[u8; 32]) -> Self {
                Self(Zeroizing::new(*bytes))
            }

            /// For the vault alone.
            #[must_use]
            pub fn bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// What binds a sealing at a position to this key.
            pub(crate) fn commitment(&self, position: u64) -> [u8; COMMITMENT_BYTES] {
                *derive(&self.0, labels::TEAM_COMMIT, position)
            }

            /// Whether a commitment is to this key at this position.
            pub(crate) fn is_committed(&self, position: u64, commitment: &[u8]) -> bool {
                self.commitment(position)[..].ct_eq(commitment).into()
            }
        }
    };
}

symmetric! {
    /// What every member holds in a stretch of a period.
    TeamKey
}
symmetric! {
    /// What the members of a circle hold in a stretch of a period.
    CircleKey
}
symmetric! {
    /// What seals the entries of a case. Dropped when the case is erased.
    CaseKey
}

impl TeamKey {
    /// What stays when this key is destroyed before it was renewed: it carries the renewal, and
    /// opens no item that was sealed under the key itself.
    pub(crate) fn bridge(&self) -> Self {
        let mut out = Zeroizing::new([0; 32]);
        let kdf = Hkdf::<Sha256>::new(None, self.bytes());
        // HKDF refuses only lengths above 8,160 bytes.
        if kdf
            .expand(labels::TEAM_BRIDGE.as_bytes(), out.as_mut())
            .is_err()
        {
            out.fill(0);
        }
        Self(out)
    }

    pub(crate) fn seal_item(
        &self,
        position: u64,
        aad: &[u8],
        plain: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Vec<u8> {
        let key = derive(&self.0, labels::TEAM_ITEM, position);
        seal(&key, nonce(rng), aad, plain)
    }

    pub(crate) fn open_item(
        &self,
        position: u64,
        aad: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        open(&derive(&self.0, labels::TEAM_ITEM, position), aad, sealed)
    }
}

/// What a content is bound to beside its key.
pub(crate) fn content_aad(
    team: &TeamId,
    position: u64,
    circle: CircleId,
    case: Option<CaseId>,
) -> Vec<u8> {
    let case = case.map_or([0; 16], |case| case.0);
    [&team.0[..], &position.to_be_bytes(), &circle.0, &case].concat()
}

macro_rules! seals_content {
    ($name:ident) => {
        impl $name {
            pub(crate) fn seal_content(
                &self,
                position: u64,
                aad: &[u8],
                plain: &[u8],
                rng: &mut impl CryptoRng,
            ) -> Vec<u8> {
                let key = derive(&self.0, labels::TEAM_CONTENT, position);
                seal(&key, nonce(rng), aad, plain)
            }

            pub(crate) fn open_content(
                &self,
                position: u64,
                aad: &[u8],
                sealed: &[u8],
            ) -> Option<Zeroizing<Vec<u8>>> {
                open(
                    &derive(&self.0, labels::TEAM_CONTENT, position),
                    aad,
                    sealed,
                )
            }
        }
    };
}
seals_content!(CircleKey);
seals_content!(CaseKey);

fn case_aad(team: &TeamId, circle: CircleId, case: CaseId) -> Vec<u8> {
    let label = labels::TEAM_CASE_KEY.as_bytes();
    [label, &team.0, &circle.0, &case.0].concat()
}

impl CircleKey {
    pub(crate) fn wrap_case(
        &self,
        team: &TeamId,
        circle: CircleId,
        case: CaseId,
        key: &CaseKey,
        rng: &mut impl CryptoRng,
    ) -> [u8; CASE_WRAP_BYTES] {
        let sealed = seal(
            &self.0,
            nonce(rng),
            &case_aad(team, circle, case),
            key.bytes(),
        );
        sealed.try_into().unwrap_or([0; CASE_WRAP_BYTES])
    }

    fn unwrap_case(
        &self,
        team: &TeamId,
        circle: CircleId,
        case: CaseId,
        wrapped: &[u8],
    ) -> Option<CaseKey> {
        let key = open(&self.0, &case_aad(team, circle, case), wrapped)?;
        Some(CaseKey::from_bytes(key.as_slice().try_into().ok()?))
    }
}

/// Opens what is wrapped to one desk in one period. The 32-byte seed *is* the X-Wing private key.
#[derive(Clone)]
pub struct SealingSecret {
    period: u32,
    seed: Zeroizing<[u8; 32]>,
}

impl SealingSecret {
    /// Draws the key of a week period.
    pub fn draw(period: u32, rng: &mut impl CryptoRng) -> Self {
        let mut seed = Zeroizing::new([0; 32]);
        rng.fill_bytes(seed.as_mut());
        Self { period, seed }
    }

    /// From the seed the vault keeps.
    #[must_use]
    pub fn from_seed(period: u32, seed: &[u8; 32]) -> Self {
        let seed = Zeroizing::new(*seed);
        Self { period, seed }
    }

    /// The seed, for the vault alone.
    #[must_use]
    pub fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    /// Its week period.
    #[must_use]
    pub fn period(&self) -> u32 {
        self.period
    }

    /// The public half, for the log.
    #[must_use]
    pub fn public(&self) -> SealingKey {
        let mut key = Box::new([0; SEALING_KEY_BYTES]);
        if let Ok(private) = <XWing as Kem>::PrivateKey::from_bytes(self.seed.as_ref()) {
            key.copy_from_slice(&XWing::sk_to_pk(&private).to_bytes());
        }
        let period = self.period;
        SealingKey { period, key }
    }

    fn unwrap(&self, info: &[u8], wrapped: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let private = <XWing as Kem>::PrivateKey::from_bytes(self.seed.as_ref()).ok()?;
        let (encapsulation, ciphertext) = wrapped.split_at_checked(ENCAPSULATION_BYTES)?;
        let encapsulation = <XWing as Kem>::EncappedKey::from_bytes(encapsulation).ok()?;
        let mode = OpModeR::Base;
        hpke::single_shot_open::<AesGcm256, HkdfSha256, XWing>(
            &mode,
            &private,
            &encapsulation,
            info,
            ciphertext,
            &[],
        )
        .ok()
        .map(Zeroizing::new)
    }
}

fn wrap_info(team: &TeamId, circle: Option<CircleId>, period: u32, generation: u64) -> Vec<u8> {
    let circle = circle.map_or([0; 16], |circle| circle.0);
    let label = labels::TEAM_WRAP.as_bytes();
    let (period, generation) = (period.to_be_bytes(), generation.to_be_bytes());
    [label, &team.0, &circle, &period, &generation].concat()
}

/// The randomness of a wrap, which X-Wing takes in one draw: made of the key that is wrapped, so
/// that whoever holds it can make every other wrap again and see that all were given the same.
struct Coins(Zeroizing<[u8; COINS_BYTES]>);

const COINS_BYTES: usize = 64;

impl Coins {
    fn of(key: &[u8; 32], desk: &DeskKey) -> Self {
        let mut out = Zeroizing::new([0; COINS_BYTES]);
        let info = [labels::TEAM_COINS.as_bytes(), &desk.0].concat();
        // HKDF refuses only lengths above 8,160 bytes.
        if Hkdf::<Sha256>::new(None, key)
            .expand(&info, out.as_mut())
            .is_err()
        {
            out.fill(0);
        }
        Self(out)
    }
}

impl TryRng for Coins {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        rand_core::utils::next_word_via_fill(self)
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Infallible> {
        for (to, from) in to.iter_mut().zip(self.0.iter()) {
            *to = *from;
        }
        Ok(())
    }
}

impl TryCryptoRng for Coins {}

/// Wraps a team or circle key to one desk; `None` if its sealing key is no key.
pub(crate) fn wrap(
    to: (&DeskKey, &SealingKey),
    team: &TeamId,
    circle: Option<CircleId>,
    generation: u64,
    key: &[u8; 32],
) -> Option<Wrapped> {
    let mut coins = Coins::of(key, to.0);
    let (desk, sealing) = to;
    let public = <XWing as Kem>::PublicKey::from_bytes(sealing.key.as_ref()).ok()?;
    let info = wrap_info(team, circle, sealing.period, generation);
    let (encapsulation, ciphertext) =
        hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
            &OpModeS::Base,
            &public,
            &info,
            key,
            &[],
            &mut coins,
        )
        .ok()?;
    let bytes = [&encapsulation.to_bytes()[..], &ciphertext].concat();
    Some(Wrapped {
        desk: *desk,
        bytes: bytes.into_boxed_slice().try_into().ok()?,
    })
}

/// What a renewal is to one desk.
pub(crate) enum Opened {
    /// It goes to others, or the secret is not here.
    CannotSay,
    /// Everybody was given this key.
    Same(Zeroizing<[u8; 32]>),
    /// Somebody was given another, or none; this desk perhaps.
    Wrong(Option<Zeroizing<[u8; 32]>>),
}

/// The date of this desk is far from where it was. Nothing was destroyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DateJumped;

impl DateJumped {
    /// In words.
    #[must_use]
    pub fn told(&self) -> Told {
        told(
            "This desk was last used more than a period ago, or its clock is wrong. Look at the date. Once you say that it is right, the keys that are due are destroyed.",
            "Ce poste a servi il y a plus d’une période, ou son horloge est fausse. Vérifiez la date. Dès que vous la confirmez, les clés échues sont détruites.",
        )
    }
}

/// All the keys of one desk. The vault keeps what is on it; nothing here prints itself.
#[derive(Clone)]
pub struct Keyring {
    desk: DeskKey,
    /// Several of a period, newest last, if a vault was restored from a backup.
    sealing: BTreeMap<u32, Vec<SealingSecret>>,
    team: BTreeMap<u64, (u32, TeamKey)>,
    /// Of the newest team key, if that was destroyed.
    bridge: Option<(u64, TeamKey)>,
    /// Period in which due keys were last destroyed.
    lived: Option<u32>,
    circles: BTreeMap<CircleId, BTreeMap<u64, (u32, CircleKey)>>,
    cases: BTreeMap<(CircleId, CaseId), Vec<(u64, CaseKey)>>,
    erased: BTreeSet<(CircleId, CaseId)>,
    /// Circles this desk is not in any more, and the period in which due keys were first destroyed
    /// since.
    left: BTreeMap<CircleId, Option<u32>>,
}

impl Keyring {
    /// An empty ring.
    #[must_use]
    pub fn new(desk: DeskKey) -> Self {
        Self {
            desk,
            sealing: BTreeMap::new(),
            team: BTreeMap::new(),
            bridge: None,
            lived: None,
            circles: BTreeMap::new(),
            cases: BTreeMap::new(),
            erased: BTreeSet::new(),
            left: BTreeMap::new(),
        }
    }

    /// Whose it is.
    #[must_use]
    pub fn desk(&self) -> DeskKey {
        self.desk
    }

    /// Puts the desk's own key of a period on the ring, beside those that others may have wrapped
    /// to already. The newest is the one that is given.
    pub fn add_sealing(&mut self, secret: SealingSecret) {
        let of_period = self.sealing.entry(secret.period).or_default();
        of_period.retain(|known| !bool::from(known.seed[..].ct_eq(&secret.seed[..])));
        of_period.push(secret);
    }

    /// The public halves of the desk's own keys, ascending, to be given to the team: of the period
    /// that runs and of those to come, as many as count.
    #[must_use]
    pub fn sealing_public(&self, period: u32) -> Vec<SealingKey> {
        let near = period..=period.saturating_add(MOST_PERIODS_AHEAD);
        let newest = self.sealing.range(near).filter_map(|(_, all)| all.last());
        newest.map(SealingSecret::public).collect()
    }

    /// Periods of which the team holds a key of this desk whose secret is not here: the vault was
    /// restored from a backup. Those that have not begun are to be drawn and given again.
    #[must_use]
    pub fn lost_sealing(&self, roster: &Roster) -> Vec<u32> {
        let given = roster.sealing_keys(&self.desk);
        let lost = given.filter(|key| !self.holds_secret_of(key));
        lost.map(|key| key.period).collect()
    }

    /// Whether this ring opens what is wrapped to a key.
    pub(crate) fn holds_secret_of(&self, key: &SealingKey) -> bool {
        let all = self.sealing.get(&key.period);
        all.is_some_and(|all| all.iter().any(|secret| secret.public() == *key))
    }

    /// Marks the circles that this desk is not in any more, as the roster stands; their keys go
    /// with [`Keyring::destroy_due`].
    pub(crate) fn mark_left(&mut self, roster: &Roster) {
        if !roster.knew(&self.desk) {
            return;
        }
        let person = roster.person_of(&self.desk);
        let within = person.map(|person| roster.circles_of(person));
        let within: BTreeSet<CircleId> = within.into_iter().flatten().collect();
        let held = self.circles.keys().copied();
        let held: BTreeSet<CircleId> = held.chain(self.cases.keys().map(|(c, _)| *c)).collect();
        self.left.retain(|circle, _| !within.contains(circle));
        for circle in held.difference(&within) {
            self.left.entry(*circle).or_default();
        }
    }

    /// Puts a team key on the ring.
    pub fn add_team(&mut self, generation: u64, period: u32, key: TeamKey) {
        self.team.insert(generation, (period, key));
        self.bridge.take_if(|(of, _)| *of <= generation);
    }

    /// Puts a circle key on the ring.
    pub fn add_circle(&mut self, circle: CircleId, generation: u64, period: u32, key: CircleKey) {
        let keys = self.circles.entry(circle).or_default();
        keys.insert(generation, (period, key));
    }

    /// Puts a case key on the ring, with the generation of the circle it was drawn in. A case that
    /// was erased takes none: a replay cannot bring it back.
    pub fn add_case(&mut self, circle: CircleId, case: CaseId, generation: u64, key: CaseKey) {
        if self.erased.contains(&(circle, case)) {
            return;
        }
        let keys = self.cases.entry((circle, case)).or_default();
        if !keys.iter().any(|(_, known)| known.bytes() == key.bytes()) {
            keys.push((generation, key));
        }
    }

    /// The team key of a generation.
    #[must_use]
    pub fn team(&self, generation: u64) -> Option<&TeamKey> {
        self.team.get(&generation).map(|(_, key)| key)
    }

    /// The bridge that is kept, with the generation of its team key: for the vault.
    #[must_use]
    pub fn kept_bridge(&self) -> Option<(u64, &TeamKey)> {
        self.bridge.as_ref().map(|(of, key)| (*of, key))
    }

    /// Puts back what the vault kept of a destroyed team key. Nothing is bridged whose successor is
    /// held.
    pub fn add_bridge(&mut self, generation: u64, bridge: TeamKey) {
        if self.team.range(generation..).next().is_none() {
            self.bridge = Some((generation, bridge));
        }
    }

    /// What carries the next renewal when the team key of a generation is destroyed; whoever still
    /// holds the key derives it.
    pub(crate) fn bridge(&self, generation: u64) -> Option<TeamKey> {
        if let Some(key) = self.team(generation) {
            return Some(key.bridge());
        }
        let bridge = self.bridge.as_ref().filter(|(of, _)| *of == generation);
        bridge.map(|(_, key)| key.clone())
    }

    pub(crate) fn other_team_keys(&self, generation: u64) -> impl Iterator<Item = &TeamKey> {
        let others = self.team.iter().filter(move |(g, _)| **g != generation);
        others.map(|(_, (_, key))| key)
    }

    /// The circle key of a generation.
    #[must_use]
    pub fn circle(&self, circle: CircleId, generation: u64) -> Option<&CircleKey> {
        let keys = self.circles.get(&circle)?;
        keys.get(&generation).map(|(_, key)| key)
    }

    /// The case's key drawn since a generation of its circle, if there is one.
    pub(crate) fn case_since(
        &self,
        circle: CircleId,
        case: CaseId,
        generation: u64,
    ) -> Option<&CaseKey> {
        let mut keys = self.cases.get(&(circle, case))?.iter();
        keys.find(|(g, _)| *g >= generation).map(|(_, key)| key)
    }

    /// The key of a case that a commitment is to.
    pub(crate) fn case_committed(
        &self,
        circle: CircleId,
        case: CaseId,
        position: u64,
        commitment: &[u8],
    ) -> Option<&CaseKey> {
        let mut keys = self.cases.get(&(circle, case))?.iter().map(|(_, key)| key);
        keys.find(|key| key.is_committed(position, commitment))
    }

    /// Cases whose keys are held, with their circles.
    pub fn cases(&self) -> impl Iterator<Item = (CircleId, CaseId)> + '_ {
        self.cases.keys().copied()
    }

    /// Every key of every case of a circle.
    pub(crate) fn cases_of(&self, circle: CircleId) -> Vec<(CaseId, CaseKey)> {
        let of_circle = self.cases.iter().filter(|((c, _), _)| *c == circle);
        of_circle
            .flat_map(|((_, case), keys)| keys.iter().map(|(_, key)| (*case, key.clone())))
            .collect()
    }

    /// The cases of a circle in shares of at most so many keys.
    pub(crate) fn cases_in_shares(&self, circle: CircleId, most: usize) -> Vec<BTreeSet<CaseId>> {
        let (mut shares, mut keys) = (Vec::<BTreeSet<CaseId>>::new(), most);
        let of_circle = self.cases.iter().filter(|((c, _), _)| *c == circle);
        for ((_, case), of_case) in of_circle {
            keys = keys.saturating_add(of_case.len());
            match shares.last_mut() {
                Some(share) if keys <= most => {
                    share.insert(*case);
                }
                _ => {
                    shares.push(BTreeSet::from([*case]));
                    keys = of_case.len();
                }
            }
        }
        shares
    }

    /// Whether a case was erased.
    #[must_use]
    pub fn is_erased(&self, circle: CircleId, case: CaseId) -> bool {
        self.erased.contains(&(circle, case))
    }

    /// Drops the keys of a case for good.
    pub fn erase(&mut self, circle: CircleId, case: CaseId) {
        self.cases.remove(&(circle, case));
        self.erased.insert((circle, case));
    }

    /// What a renewal brings this desk, and whether it brings the same to all. The roster is the one
    /// in which it has taken effect.
    pub(crate) fn opened(&self, roster: &Roster, renewal: &Renewal, at: u64) -> Opened {
        let (team, to) = (
            roster.team(),
            roster.recipients(renewal.circle, renewal.period),
        );
        let mine = to.iter().find(|(desk, _)| *desk == self.desk);
        if !mine.is_some_and(|(_, sealing)| self.holds_secret_of(sealing)) {
            return Opened::CannotSay;
        }
        let key = self.unwrap(&team, renewal);
        let key = key.filter(|key| {
            derive(key, labels::TEAM_COMMIT, at)[..]
                .ct_eq(&renewal.commitment)
                .into()
        });
        let Some(key) = key else {
            return Opened::Wrong(None);
        };
        let again = to.iter().map(|(desk, sealing)| {
            let to = (desk, sealing);
            wrap(to, &team, renewal.circle, renewal.generation, &key)
        });
        if again.eq(renewal.wraps.iter().cloned().map(Some)) {
            Opened::Same(key)
        } else {
            Opened::Wrong(Some(key))
        }
    }

    /// Takes what a renewal brings; says whether it is known to bring something else to others.
    pub(crate) fn take_renewal(&mut self, roster: &Roster, renewal: &Renewal, at: u64) -> bool {
        let (key, wrong) = match self.opened(roster, renewal, at) {
            Opened::CannotSay => (None, false),
            Opened::Same(key) => (Some(key), false),
            Opened::Wrong(key) => (key, true),
        };
        if let Some(key) = key {
            let (generation, period) = (renewal.generation, renewal.period);
            match renewal.circle {
                None => self.add_team(generation, period, TeamKey::from_bytes(&key)),
                Some(circle) => {
                    self.add_circle(circle, generation, period, CircleKey::from_bytes(&key));
                }
            }
        }
        wrong
    }

    fn unwrap(&self, team: &TeamId, renewal: &Renewal) -> Option<Zeroizing<[u8; 32]>> {
        let secrets = self.sealing.get(&renewal.period)?;
        let mine = renewal.wraps.iter().find(|w| w.desk == self.desk)?;
        let (circle, period) = (renewal.circle, renewal.period);
        let info = wrap_info(team, circle, period, renewal.generation);
        let mut opened = secrets.iter().rev();
        let key = opened.find_map(|secret| secret.unwrap(&info, mine.bytes.as_ref()))?;
        Some(Zeroizing::new(key.as_slice().try_into().ok()?))
    }

    /// Takes a case key wrapped under the key of its circle in a generation, if it is one. `drawn`
    /// is the generation it counts as drawn in.
    pub(crate) fn take_case(
        &mut self,
        team: &TeamId,
        (circle, generation): (CircleId, u64),
        case: CaseId,
        wrapped: &[u8],
        drawn: u64,
    ) {
        let key = self.circle(circle, generation);
        let key = key.and_then(|key| key.unwrap_case(team, circle, case, wrapped));
        if let Some(key) = key {
            self.add_case(circle, case, drawn, key);
        }
    }

    /// Destroys what is due: team and circle keys and the desk's own, a grace after their period.
    /// Case keys stay until their case is erased, or until a grace after this desk left their circle:
    /// a mistake, or one hostile person, must not destroy them at once. Of the newest team key a bridge stays, so that an
    /// office that was quiet for weeks can renew it.
    ///
    /// # Errors
    /// [`DateJumped`] if more than one period went by since the last time and no person has
    /// `confirmed` the date: a clock that is wrong once destroys nothing.
    pub fn destroy_due(
        &mut self,
        today: Day,
        terms: &Terms,
        confirmed: bool,
    ) -> Result<(), DateJumped> {
        let now = Period::of(today, terms.period_days).number();
        let jumped = self.lived.is_some_and(|last| now > last.saturating_add(1));
        if jumped && !confirmed {
            return Err(DateJumped);
        }
        self.lived = Some(now);
        let held = |period: u32| terms.last_day_of_key(Period::Week(period)) >= today;
        self.sealing.retain(|period, _| held(*period));
        if let Some((generation, (period, key))) = self.team.last_key_value() {
            let newer = self.bridge.as_ref().is_none_or(|(of, _)| of < generation);
            if newer && !held(*period) {
                self.bridge = Some((*generation, key.bridge()));
            }
        }
        self.team.retain(|_, (period, _)| held(*period));
        for keys in self.circles.values_mut() {
            keys.retain(|_, (period, _)| held(*period));
        }
        for since in self.left.values_mut() {
            since.get_or_insert(now);
        }
        let left = std::mem::take(&mut self.left);
        let (waiting, gone): (BTreeMap<_, _>, BTreeMap<_, _>) = left
            .into_iter()
            .partition(|(_, since)| since.is_none_or(held));
        self.left = waiting;
        self.cases
            .retain(|(circle, _), _| !gone.contains_key(circle));
        self.circles
            .retain(|circle, keys| !keys.is_empty() && !gone.contains_key(circle));
        Ok(())
    }
}
