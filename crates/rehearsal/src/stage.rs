//! A whole office in one process: relay in memory, desk with a real vault in a folder that goes
//! away, reporters with real words, one clock that only a scene moves, one seed.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use desk::settings::OfficeSettings;
use desk::{Collected, Cost, Desk, Passphrase, Post, Request, Response, Unreachable};
use ed25519_dalek::{Signer, SigningKey};
use envelope::board::{
    CELLS_PER_PAGE, DayEntry, DayLists, ManifestHash, NotTheSignedDays, SignedManifest,
};
use envelope::keys::{RelaySecret, RootKey};
use envelope::notice::{IntakeKey, Notice, NoticeRefused};
use envelope::{CELL_BYTES, Cell, Day, Epoch, Receipt, Token};
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Deserializable, Kem, OpModeS, Serializable};
use open::RootSecret;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use record::Report;
use relay::store::MemoryShelf;
use relay::{Beside, Limits, Relay};
use seal::words::{WordList, Words};
use seal::{Answer, Master, Reading, SealedBy, SealedLetter, WordsUse};

/// A Sunday at noon, UTC.
const NOON: u64 = 20_779 * 86_400 + 43_200;
/// The seed of the one office that all scenes play in.
const OFFICE: u64 = 0x7465_6d6f_696e;
/// Seconds of an epoch in a rehearsal.
pub const EPOCH: u64 = 21_600;

/// What lies between desk and relay: answers as it likes.
pub type Hand = Box<dyn FnMut(&Request, Response) -> Response>;

/// The whole stage.
pub struct Stage {
    /// The relay, as a reporter and the public meet it.
    pub relay: Relay,
    /// The office's desk.
    pub desk: Desk,
    /// The clock, in Unix seconds.
    pub now: u64,
    root: RootSecret,
    rng: ChaCha20Rng,
    folder: tempfile::TempDir,
    reporters: u64,
}

/// Masters by the number of the reporter. The 600,000 rounds over the words take most of a
/// walk's time; every stage founds the same office, so the first reporter of one is the first of all.
static MASTERS: LazyLock<Mutex<BTreeMap<u64, Arc<Master>>>> = LazyLock::new(Mutex::default);

struct InMemory<'a> {
    relay: &'a Relay,
    now: u64,
    hand: Option<&'a mut Hand>,
}

impl Post for InMemory<'_> {
    fn ask(&mut self, request: &Request) -> Result<Response, Unreachable> {
        let signed = request.signed.as_deref();
        let answer = self.relay.answer(
            request.method,
            &request.path,
            signed,
            &request.body,
            self.now,
        );
        let response = Response {
            status: answer.status,
            body: answer.body.bytes().to_vec(),
        };
        Ok(match &mut self.hand {
            Some(hand) => hand(request, response),
            None => response,
        })
    }
}

impl Stage {
    /// Relay, office, first notice: everything a first letter needs. The office is the same in
    /// every scene, mailbox and keys; what happens in it is drawn from the scene's own seed.
    #[must_use]
    pub fn with_an_office(seed: u64) -> Self {
        Self::with_limits(seed, Limits::default())
    }

    /// The same with a relay that takes what `limits` say.
    #[must_use]
    pub fn with_limits(seed: u64, limits: Limits) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(OFFICE);
        let relay_secret = RelaySecret::from_seed(&[7; 32]);
        let key = desk::hex::show(&relay_secret.public().0);
        let text = format!(
            "name = \"Rehearsal\"\nlanguages = [\"en\", \"fr\"]\nrelays = [\"http://127.0.0.1:1\"]\n\
             relay_key = \"{key}\"\nepoch_seconds = {EPOCH}\ncells_per_epoch = 16\n\
             publication_delay_days = 30\n\
             [[regions]]\ncountry = \"CD\"\nnumber = 1\nnames = [\"Kasaï\", \"Kasai\"]\n"
        );
        let settings = OfficeSettings::read(&text).unwrap();
        let folder = folder_in_memory();
        let passphrase = Passphrase::new("a rehearsal");
        let at = folder.path().join("office");
        let founded = Desk::create(
            &at,
            &text,
            settings,
            &passphrase,
            Cost::REHEARSAL,
            NOON,
            &mut rng,
        )
        .unwrap();
        let shelf = Arc::new(MemoryShelf::default());
        let root = founded.root.public();
        let relay = Relay::open(shelf, relay_secret, root, limits, NOON).unwrap();
        let mut stage = Self {
            relay,
            desk: founded.desk,
            now: NOON,
            root: founded.root,
            rng: ChaCha20Rng::seed_from_u64(seed),
            folder,
            reporters: 0,
        };
        stage.the_office_publishes_its_notice();
        stage
    }

    /// Signs the next notice and brings it to the relay.
    pub fn the_office_publishes_its_notice(&mut self) {
        let mut post = InMemory {
            relay: &self.relay,
            now: self.now,
            hand: None,
        };
        self.desk
            .publish(&self.root, None, false, self.now, &mut post, &mut self.rng)
            .unwrap();
    }

    /// The desk visits its relay.
    pub fn the_desk_collects(&mut self) -> Collected {
        let mut post = InMemory {
            relay: &self.relay,
            now: self.now,
            hand: None,
        };
        self.desk
            .collect(self.now, &mut post, &mut self.rng)
            .unwrap()
    }

    /// The desk visits a relay that answers otherwise.
    pub fn the_desk_collects_through(&mut self, mut hand: Hand) -> Option<Collected> {
        let mut post = InMemory {
            relay: &self.relay,
            now: self.now,
            hand: Some(&mut hand),
        };
        self.desk.collect(self.now, &mut post, &mut self.rng).ok()
    }

    /// Time passes, and the relay closes an epoch.
    pub fn an_epoch_passes(&mut self) -> SignedManifest {
        self.now += EPOCH;
        self.relay.close_epoch(self.now, &mut self.rng).unwrap()
    }

    /// The newest manifest the relay shows.
    #[must_use]
    pub fn newest(&self) -> SignedManifest {
        let file = self.board("newest").unwrap();
        let (mailbox, key) = (self.desk.identity().mailbox, self.relay.public_key());
        SignedManifest::verify(&file, &mailbox, &key).unwrap()
    }

    /// Days pass; nothing else happens.
    pub fn days_pass(&mut self, days: u64) {
        self.now += days * 86_400;
    }

    /// Today, UTC.
    #[must_use]
    pub fn today(&self) -> Day {
        Day::of_unix_seconds(self.now)
    }

    /// The caseworker answers.
    pub fn the_caseworker_replies(&mut self, case: u64, text: &str) {
        self.desk
            .reply(case, text, self.now, &mut self.rng)
            .unwrap();
    }

    /// The desk is closed, and opened with its passphrase: everything is read from the vault.
    pub fn the_desk_is_opened_anew(mut self) -> Self {
        let at = self.desk.vault().folder().to_owned();
        let Self { desk, .. } = self;
        drop(desk);
        self.desk = Desk::unlock(&at, &Passphrase::new("a rehearsal")).unwrap();
        self
    }

    /// The caseworker erases a case.
    pub fn the_caseworker_erases(&mut self, case: u64, reason: &str) {
        self.desk
            .erase(case, reason, self.now, &mut self.rng)
            .unwrap();
    }

    /// What the desk would say aloud, in English.
    #[must_use]
    pub fn alarms(&self) -> Vec<desk::Alarm> {
        self.desk.alarms(self.now).unwrap()
    }

    /// The root people pinned.
    #[must_use]
    pub fn root(&self) -> RootKey {
        self.root.public()
    }

    /// The notice as the relay serves it today, if a reporter would believe it.
    ///
    /// # Errors
    /// Why not.
    pub fn notice(&self) -> Result<Notice, NoticeRefused> {
        let answer = self
            .relay
            .answer("GET", "/office/notice", None, &[], self.now);
        Notice::verify(answer.body.bytes(), &self.root(), self.today())
    }

    /// The lists of the window that begins on `first`, as a reader believes them.
    #[must_use]
    pub fn lists(&self, first: Day) -> Vec<DayEntry> {
        let notice = self.notice().unwrap();
        let manifest = |path: &str| {
            let (mailbox, key) = (notice.body().mailbox, notice.body().relay_key);
            SignedManifest::verify(&self.board(path)?, &mailbox, &key).ok()
        };
        let Some(newest) = manifest("newest") else {
            return Vec::new();
        };
        let mut lists = DayLists::of(newest.manifest(), first);
        for day in (first.0..=self.today().0).map(Day) {
            if let Some(file) = self.board(&format!("days/{}", day.0)) {
                lists.add(day, &file).unwrap();
            }
        }
        let signed = |epoch: Epoch| manifest(&format!("{}/manifest", epoch.0));
        lists
            .verify(|epoch| signed(epoch).ok_or(NotTheSignedDays))
            .unwrap()
    }

    fn intake_key(&self, notice: &Notice) -> IntakeKey {
        let period = notice.period_for(self.today()).unwrap();
        let path = format!("/office/keys/{}", period.number());
        let answer = self.relay.answer("GET", &path, None, &[], self.now);
        notice.intake_key(period, answer.body.bytes()).unwrap()
    }

    /// A reporter with words of their own.
    pub fn a_reporter(&mut self) -> Reporter {
        self.reporters += 1;
        Reporter {
            master: master_of(self.reporters, &self.desk.identity().mailbox),
            has_written: false,
            acknowledges: None,
            saw: None,
        }
    }

    /// Someone who takes no words seals a report.
    pub fn seals_without_words(&mut self, report: &Report) -> SealedLetter {
        let key = self.intake_key(&self.notice().unwrap());
        seal::letter(report, None, None, SealedBy::Native, &key, &mut self.rng).unwrap()
    }

    /// Posts a letter that no honest program seals: its body is given, and so is the key that
    /// signs it.
    pub fn is_sent_what_no_program_of_ours_seals(
        &mut self,
        signer: &SigningKey,
        body: &seal::LetterBody,
    ) {
        let key = self.intake_key(&self.notice().unwrap());
        let (mailbox, period) = (*key.mailbox(), key.period());
        let body = body.encode();
        let message = seal::letter_signed_bytes(&mailbox, period, &body);
        let mut inside = minicbor::Encoder::new(Vec::new());
        let signature = signer.sign(&message).to_bytes();
        let whole = inside.array(2).unwrap().bytes(&body).unwrap();
        whole.bytes(&signature).unwrap();
        let inside = inside.into_writer();
        let class = envelope::SizeClass::holding(inside.len()).unwrap();
        let length = u32::try_from(inside.len()).unwrap().to_be_bytes();
        let mut plain = [&length[..], &inside].concat();
        plain.resize(class.capacity() + 4, 0);
        let public = <XWing as Kem>::PublicKey::from_bytes(key.bytes()).unwrap();
        let (encapsulation, ciphertext) =
            hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
                &OpModeS::Base,
                &public,
                &seal::letter_info(&mailbox, period),
                &plain,
                &[],
                &mut self.rng,
            )
            .unwrap();
        let mut nonce = [0; 16];
        self.rng.fill_bytes(&mut nonce);
        let posting = [
            &nonce[..],
            &[1],
            &period.number().to_be_bytes(),
            &encapsulation.to_bytes(),
            &ciphertext,
        ]
        .concat();
        assert_eq!(self.relay.post(posting, self.now).status, 201);
    }

    /// Posts sealed bytes, and returns the status and the receipt if it holds.
    pub fn posts(&self, letter: &SealedLetter) -> (u16, Option<Receipt>) {
        let answer = self.relay.post(letter.posting().to_vec(), self.now);
        let (mailbox, key) = (self.desk.identity().mailbox, self.relay.public_key());
        let receipt = Receipt::verify(answer.body.bytes(), letter.leaf(), &mailbox, &key);
        (answer.status, receipt.ok())
    }

    /// Posts sealed bytes with a token.
    pub fn posts_with(&self, letter: &SealedLetter, token: &Token) -> u16 {
        let beside = Beside {
            token: Some(token.clone()),
            puzzle: None,
        };
        let answer = self
            .relay
            .post_with(letter.posting().to_vec(), beside, self.now);
        answer.status
    }

    /// A file of the board, as anyone fetches it.
    #[must_use]
    pub fn board(&self, file: &str) -> Option<Vec<u8>> {
        let answer = self
            .relay
            .answer("GET", &format!("/board/{file}"), None, &[], self.now);
        (answer.status == 200).then(|| answer.body.bytes().to_vec())
    }

    /// Where the office lives while the scene lasts.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// A folder that lives in memory where the system has one: what a sync to the disk costs, and
/// what it saves, is tested with the vault.
fn folder_in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// The master of the nth reporter's words, derived once for all scenes.
fn master_of(number: u64, mailbox: &envelope::MailboxId) -> Arc<Master> {
    let mut known = MASTERS.lock().unwrap();
    let derive = || {
        let mut rng = ChaCha20Rng::seed_from_u64(number);
        let words = Words::draw(WordList::English, &mut rng);
        Arc::new(Master::of(&words, mailbox))
    };
    Arc::clone(known.entry(number).or_insert_with(derive))
}

/// Somebody who writes, and keeps nothing but words.
pub struct Reporter {
    /// What the words give in this office.
    pub master: Arc<Master>,
    has_written: bool,
    /// The day of the last answer read, which the next letter says.
    pub acknowledges: Option<Day>,
    /// The newest manifest the page was shown, which the next letter names.
    pub saw: Option<ManifestHash>,
}

impl Reporter {
    /// Seals a report as the page would.
    pub fn seals(&mut self, report: &Report, stage: &mut Stage) -> SealedLetter {
        let notice = stage.notice().unwrap();
        let key = stage.intake_key(&notice);
        let how = WordsUse {
            first: !self.has_written,
            generation: 0,
            first_period: notice.body().first_period,
            acknowledges: self.acknowledges,
        };
        let words = Some((&*self.master, how));
        let letter = seal::letter(
            report,
            words,
            self.saw,
            SealedBy::Page,
            &key,
            &mut stage.rng,
        )
        .unwrap();
        self.has_written = true;
        letter
    }

    /// Writes, and sees the receipt.
    pub fn reports(&mut self, report: &Report, stage: &mut Stage) -> Receipt {
        let letter = self.seals(report, stage);
        let (status, receipt) = stage.posts(&letter);
        assert_eq!(status, 201);
        receipt.unwrap()
    }

    /// Seals the letter that changes the words to those of `next`, who writes from now on what the
    /// page of somebody with the new paper would.
    pub fn changes_words(
        &mut self,
        next: &mut Self,
        report: &Report,
        stage: &mut Stage,
    ) -> SealedLetter {
        let notice = stage.notice().unwrap();
        let key = stage.intake_key(&notice);
        let how = WordsUse {
            first: false,
            generation: 0,
            first_period: notice.body().first_period,
            acknowledges: self.acknowledges,
        };
        let (old, new) = ((&*self.master, how), &*next.master);
        let by = SealedBy::Page;
        let letter =
            seal::handover_letter(report, old, new, self.saw, by, &key, &mut stage.rng).unwrap();
        next.has_written = true;
        letter
    }

    /// Comes back with the words: fetches the day files everyone fetches, then the pages of hits.
    #[must_use]
    pub fn reads(&self, stage: &Stage) -> Vec<Answer> {
        let notice = stage.notice().unwrap();
        let today = stage.today();
        let first = today.minus(90);
        let reading = Reading::of(&self.master, notice.body(), first, today);
        let reply = self.master.reply_secret();
        let public = reply.public();
        let mut parts = Vec::new();
        for entry in stage.lists(first) {
            for (at, tag) in entry.tags.iter().enumerate() {
                for place in reading.hit(tag) {
                    let path = format!("{}/cells-{}", entry.epoch.0, at / CELLS_PER_PAGE);
                    let page = stage.board(&path).unwrap();
                    let from = at % CELLS_PER_PAGE * CELL_BYTES;
                    let cell = Cell::parse(&page[from..from + CELL_BYTES]).unwrap();
                    let read = seal::open_cell(
                        &cell,
                        &notice.body().mailbox,
                        place.day,
                        place.slot,
                        &place.key,
                        &reply,
                        &public,
                        notice.voice_on(place.day),
                    );
                    parts.extend(read.ok().map(|body| (place.day, body)));
                }
            }
        }
        seal::assemble(&parts)
    }

    /// The words of all answers read, in their order.
    #[must_use]
    pub fn is_told(&self, stage: &Stage) -> Vec<String> {
        let answers = self.reads(stage).into_iter();
        answers
            .filter(|answer| answer.kind == seal::CellKind::Answer)
            .filter_map(|answer| answer.text)
            .collect()
    }

    /// Whether the office said that a letter was opened.
    #[must_use]
    pub fn knows_it_was_opened(&self, stage: &Stage) -> bool {
        self.reads(stage)
            .iter()
            .any(|answer| answer.kind == seal::CellKind::Opened)
    }
}

/// A short report of an arrest in a region.
#[must_use]
pub fn an_arrest_in(region: &str) -> Report {
    Report {
        language: "en".to_owned(),
        narrative: format!("Rehearsal: they took her at the market in {region}."),
        acts: vec!["arbitrary-arrest".into()],
        ..Report::default()
    }
}
