//! The rules of consent written a second time, plainly, over random ledgers: what the room covers is
//! what these rules allow, and nothing else. (decision 0054)
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

mod scene;

use casework::*;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use record::{
    Act, ActId, Consent, Date, Forewarning, Ground, Involvement, Item, Person, PersonId, Term,
};
use scene::*;

const PURPOSES: [&str; 3] = ["un-confidential", "media", "statistics"];
const LEVELS: [&str; 3] = ["none", "initials", "full-name"];
const RECIPIENTS: [&str; 3] = ["", "A", "B"];
/// Whoever wrote, a child, and someone of whose age nothing is known.
const SUBJECTS: [u32; 3] = [0, 1, 4];

fn item(n: usize) -> Item {
    match n {
        0 => Item::Act(ActId(1)),
        1 => Item::Act(ActId(2)),
        2 => Item::Person(PersonId(4)),
        _ => Item::Narrative,
    }
}

/// One answer as the plain rules see it.
#[derive(Clone, Debug)]
struct Answer {
    subject: u32,
    purpose: usize,
    recipient: usize,
    items: Vec<usize>,
    identity: usize,
    answer: &'static str,
    giver: &'static str,
    giver_person: Option<u32>,
    told: &'static str,
    last_day: Option<u32>,
    forewarned: bool,
}

#[derive(Clone, Debug)]
enum Step {
    Answers(Answer),
    Withdraws(usize),
    Seconds(usize, &'static str),
    Reaches(u32),
    Resolves(usize),
    /// The first act now names this person as perpetrator, or nobody.
    Accuses(Option<u32>),
    Died(Option<u32>),
    WasPublic,
    DaysPass(u32),
}

#[derive(Clone, Debug)]
struct Use {
    purpose: usize,
    recipient: usize,
    items: Vec<usize>,
    identity: usize,
    days: u32,
}

/// What happened, as far as it was taken, each with its day.
type Told = Vec<(u32, Step)>;

/// What a voice says about a use.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Says {
    Yes,
    No,
    /// Yes, but to less of the identity.
    Less,
    Nothing,
}

struct Plain<'a> {
    told: &'a Told,
    of: &'a Use,
    today: u32,
}

impl Plain<'_> {
    /// The answers, each with its place among all that happened and its day.
    fn answers(&self) -> Vec<(usize, u32, &Answer)> {
        let told = self.told.iter().enumerate();
        told.filter_map(|(at, (day, step))| match step {
            Step::Answers(answer) => Some((at, *day, answer)),
            _ => None,
        })
        .collect()
    }

    /// What one answer says, by itself.
    fn says(&self, n: usize) -> Says {
        let answers = self.answers();
        let (at, day, answer) = answers[n];
        let later = || self.told[at..].iter().map(|(_, step)| step);
        let accused = |step: &Step| matches!(step, Step::Accuses(who) if who.is_some() && *who == answer.giver_person);
        if answer.giver != "self" && later().any(accused) {
            return Says::Nothing;
        }
        let withdrawn = later().any(|step| matches!(step, Step::Withdraws(of) if *of == n));
        match answer.answer {
            "no" | "ask-again" => return Says::No,
            "not-asked" => return Says::Nothing,
            _ if withdrawn => return Says::No,
            _ => {}
        }
        if answer.answer == "cannot-ask" {
            let own = |of: &Answer| {
                of.subject == answer.subject && of.giver == "self" && of.answer != "not-asked"
            };
            let reached = later().any(|step| match step {
                Step::Reaches(who) => *who == answer.subject,
                Step::Answers(of) => own(of),
                Step::Withdraws(of) => own(answers[*of].2),
                _ => false,
            });
            let two = later().any(|step| matches!(step, Step::Seconds(of, "bo") if *of == n));
            let somebody = ["lawyer", "next-of-kin", "office"].contains(&answer.giver);
            let urgent = PURPOSES[answer.purpose] == "un-confidential";
            if reached || !two || !somebody || !urgent || self.today >= day + 14 {
                return Says::Nothing;
            }
        } else if answer.giver == "guardian" {
            if answer.subject != 1 {
                return Says::Nothing;
            }
        } else if answer.giver != "self" {
            let dead = self.told[..at]
                .iter()
                .any(|(_, step)| matches!(step, Step::Died(Some(who)) if *who == answer.subject));
            let found = answer.giver_person.is_some();
            if answer.giver != "next-of-kin" || !dead || !found {
                return Says::Nothing;
            }
        }
        if PURPOSES[answer.purpose] != "statistics" && !answer.forewarned {
            return Says::Nothing;
        }
        if answer.last_day.is_some_and(|last| self.today > last) {
            return Says::Nothing;
        }
        if answer.identity < self.of.identity {
            return Says::Less;
        }
        Says::Yes
    }

    /// Which of the answers of one voice decides: the newest that names the recipient, unless a
    /// newer one to everybody is no yes; else the newest to everybody.
    fn decides(&self, numbers: &[usize]) -> Option<usize> {
        let answers = self.answers();
        let last = |recipient: usize| {
            let same = |n: &&usize| {
                let answer = answers[**n].2;
                answer.recipient == recipient && answer.answer != "not-asked"
            };
            numbers.iter().rfind(same).copied()
        };
        let named = if self.of.recipient == 0 {
            None
        } else {
            last(self.of.recipient)
        };
        match (named, last(0)) {
            (Some(named), Some(all)) => {
                let yes = ["yes", "cannot-ask"].contains(&answers[all].2.answer);
                Some(if all > named && !yes { all } else { named })
            }
            (Some(one), None) | (None, Some(one)) => Some(one),
            (None, None) => None,
        }
    }

    fn voice(&self, numbers: &[usize]) -> Says {
        self.decides(numbers)
            .map_or(Says::Nothing, |decides| self.says(decides))
    }

    /// What others say for somebody, together.
    fn others(&self, subject: u32, numbers: &[usize]) -> Says {
        let answers = self.answers();
        let who = |n: usize| {
            let answer = answers[n].2;
            match (answer.giver, answer.giver_person) {
                ("office", _) => "office".to_owned(),
                (_, Some(person)) => format!("person {person}"),
                (giver, None) => format!("{giver} {}", answer.told),
            }
        };
        let mut names: Vec<String> = numbers.iter().map(|n| who(*n)).collect();
        names.sort();
        names.dedup();
        let theirs: Vec<Vec<usize>> = names
            .iter()
            .map(|name| {
                numbers
                    .iter()
                    .copied()
                    .filter(|n| who(*n) == *name)
                    .collect()
            })
            .collect();
        let voices: Vec<Says> = theirs.iter().map(|theirs| self.voice(theirs)).collect();
        // Only an answer that decides for its giver here may be the one that stands.
        let among = |n: usize| theirs.iter().any(|theirs| self.decides(theirs) == Some(n));
        let has = |what| voices.contains(&what);
        if has(Says::Yes) && (has(Says::No) || has(Says::Less)) {
            // Somebody must have said which stands, and nobody spoke since.
            for (_, step) in self.told.iter().rev() {
                let spoke = |answer: &Answer| {
                    answer.subject == subject
                        && answer.purpose == self.of.purpose
                        && answer.giver != "self"
                };
                match step {
                    Step::Resolves(n) if spoke(answers[*n].2) => {
                        return if among(*n) { self.says(*n) } else { Says::No };
                    }
                    Step::Answers(answer) if spoke(answer) => return Says::No,
                    Step::Withdraws(n) if spoke(answers[*n].2) => return Says::No,
                    _ => {}
                }
                if let Step::Accuses(Some(who)) = step
                    && answers
                        .iter()
                        .any(|(_, _, of)| spoke(of) && of.giver_person == Some(*who))
                {
                    return Says::No;
                }
            }
            return Says::No;
        }
        for what in [Says::Yes, Says::No, Says::Less] {
            if has(what) {
                return what;
            }
        }
        Says::Nothing
    }

    /// What stands for one person about one item, or about the whole; none if nothing was said.
    fn stands(&self, subject: u32, part: Option<usize>) -> Option<Says> {
        let answers = self.answers();
        let mine: Vec<usize> = (0..answers.len())
            .filter(|n| answers[*n].2.subject == subject)
            .filter(|n| answers[*n].2.purpose == self.of.purpose)
            .collect();
        let about: Vec<usize> = mine
            .iter()
            .copied()
            .filter(|n| {
                let items = &answers[*n].2.items;
                items.is_empty() || part.is_some_and(|part| items.contains(&part))
            })
            .collect();
        if about.is_empty() {
            return (part.is_none() && !mine.is_empty()).then_some(Says::Nothing);
        }
        let by = |giver: &str| -> Vec<usize> {
            about
                .iter()
                .copied()
                .filter(|n| answers[*n].2.giver == giver)
                .collect()
        };
        let others: Vec<usize> = about
            .iter()
            .copied()
            .filter(|n| answers[*n].2.giver != "self")
            .collect();
        Some(match self.voice(&by("self")) {
            Says::Yes if subject == 1 => self.others(subject, &by("guardian")),
            Says::Nothing => self.others(subject, &others),
            own => own,
        })
    }

    fn allows(&self) -> bool {
        let parts: Vec<Option<usize>> = if self.of.items.is_empty() {
            vec![None]
        } else {
            self.of.items.iter().copied().map(Some).collect()
        };
        let mut all = true;
        for part in &parts {
            let said: Vec<Says> = SUBJECTS
                .iter()
                .filter_map(|subject| self.stands(*subject, *part))
                .collect();
            if said.contains(&Says::No) {
                return false;
            }
            all &= !said.is_empty() && said.iter().all(|one| *one == Says::Yes);
        }
        if self.of.items.is_empty() {
            for part in 0..4 {
                // Only what somebody set apart, by itself.
                let apart = self
                    .answers()
                    .iter()
                    .any(|(_, _, of)| of.purpose == self.of.purpose && of.items.contains(&part));
                let said = SUBJECTS
                    .iter()
                    .filter_map(|one| self.stands(*one, Some(part)));
                for one in said.filter(|_| apart) {
                    if one == Says::No {
                        return false;
                    }
                    all &= one == Says::Yes;
                }
            }
        }
        let ground = self
            .told
            .iter()
            .any(|(_, step)| matches!(step, Step::WasPublic | Step::Died(None)));
        all || (ground && PURPOSES[self.of.purpose] == "statistics" && self.of.identity == 0)
    }
}

fn answer() -> impl Strategy<Value = Answer> {
    let whom = (0..3_usize, 0..3_usize, 0..3_usize, 0..3_usize);
    let how = (
        prop::sample::select(&["yes", "yes", "no", "cannot-ask", "ask-again", "not-asked"][..]),
        prop::sample::select(
            &[
                "self",
                "self",
                "guardian",
                "next-of-kin",
                "lawyer",
                "office",
            ][..],
        ),
        prop::sample::select(&[None, Some(2), Some(3)][..]),
        prop::sample::select(&["the uncle", "the aunt"][..]),
    );
    let what = (
        prop_oneof![
            3 => Just(Vec::new()),
            2 => prop::sample::subsequence(vec![0_usize, 1, 2, 3], 1..3),
        ],
        prop_oneof![3 => Just(None), 1 => Just(Some(TODAY + 5))],
        prop_oneof![9 => Just(true), 1 => Just(false)],
    );
    (whom, how, what).prop_map(|(whom, how, what)| {
        let (subject, purpose, recipient, identity) = whom;
        let (answer, giver, giver_person, told) = how;
        let (items, last_day, forewarned) = what;
        // Half of what is asked of someone who cannot be asked is asked rightly.
        let purpose = if answer == "cannot-ask" && told == "the aunt" {
            0
        } else {
            purpose
        };
        Answer {
            subject: SUBJECTS[subject],
            purpose,
            recipient,
            items,
            identity,
            answer,
            giver,
            giver_person,
            told,
            last_day,
            forewarned,
        }
    })
}

fn step() -> impl Strategy<Value = Step> {
    let which = 0..4_usize;
    prop_oneof![
        12 => answer().prop_map(Step::Answers),
        2 => which.clone().prop_map(Step::Withdraws),
        4 => (which.clone(), prop::sample::select(&["amina", "bo"][..]))
            .prop_map(|(n, by)| Step::Seconds(n, by)),
        2 => prop::sample::select(&SUBJECTS[..]).prop_map(Step::Reaches),
        3 => which.prop_map(Step::Resolves),
        1 => prop::sample::select(&[None, Some(2), Some(3)][..]).prop_map(Step::Accuses),
        1 => prop::sample::select(&[None, Some(4)][..]).prop_map(Step::Died),
        1 => Just(Step::WasPublic),
        2 => (1..9_u32).prop_map(Step::DaysPass),
    ]
}

fn use_() -> impl Strategy<Value = Use> {
    let items = prop_oneof![
        1 => Just(Vec::new()),
        1 => prop::sample::subsequence(vec![0_usize, 1, 2, 3], 1..3),
    ];
    (0..3_usize, 0..3_usize, items, 0..3_usize, 0..20_u32).prop_map(
        |(purpose, recipient, items, identity, days)| Use {
            purpose,
            recipient,
            items,
            identity,
            days,
        },
    )
}

/// A case with a child, two parents and someone else, two acts and a newspaper.
fn a_case() -> Scene {
    let mut scene = Scene::with_a_letter();
    for (id, born) in [(1, Some(2012)), (2, Some(1980)), (3, Some(1978)), (4, None)] {
        let person = Person {
            id: PersonId(id),
            birth_year: born,
            ..Person::default()
        };
        scene.does("amina", |case, stamp| record_person(case, person, stamp));
    }
    scene.does("amina", |case, stamp| code_event(case, in_goma(), stamp));
    for id in [1, 2] {
        let act = Act {
            id: ActId(id),
            ..arrest()
        };
        scene.does("amina", |case, stamp| code_act(case, act, stamp));
    }
    let mut paper = witness();
    paper.found = "page 2".into();
    scene.does("amina", |case, stamp| record_source(case, paper, stamp));
    scene
}

fn consent(answer: &Answer) -> Consent {
    let forewarning = if answer.forewarned {
        forewarned()
    } else {
        Forewarning::default()
    };
    Consent {
        subject: PersonId(answer.subject),
        purpose: Term::told(PURPOSES[answer.purpose]),
        recipient: RECIPIENTS[answer.recipient].into(),
        items: answer.items.iter().map(|n| item(*n)).collect(),
        identity: Term::told(LEVELS[answer.identity]),
        answer: Term::told(answer.answer),
        giver: Term::told(answer.giver),
        giver_person: answer.giver_person.map(PersonId),
        giver_told: answer.told.into(),
        child_view: "agrees".into(),
        last_day: answer.last_day.and_then(Date::of_day_number),
        forewarning,
        ..yes(PURPOSES[answer.purpose])
    }
}

/// Plays the steps; those that are refused did not happen.
fn played(steps: Vec<Step>) -> (Scene, Told) {
    let mut scene = a_case();
    let mut told = Told::new();
    for step in steps {
        let number = |n: usize| u32::try_from(n + 1).unwrap();
        let ground = |kind: &str, subject: Option<u32>| Ground {
            subject: subject.map(PersonId),
            ..ground(kind)
        };
        let by = if let Step::Seconds(_, by) = step {
            by
        } else {
            "amina"
        };
        let stamp = scene.stamp(by);
        let case = scene.the_case();
        let entry = match &step {
            Step::Answers(answer) => record_consent(case, consent(answer), None, stamp).ok(),
            Step::Withdraws(n) => withdraw(case, number(*n), "", stamp).ok(),
            Step::Seconds(n, _) => second(case, number(*n), stamp).ok(),
            Step::Reaches(who) => reach(case, PersonId(*who), "by phone", stamp).ok(),
            Step::Resolves(n) => resolve(case, number(*n), "custody", stamp).ok(),
            Step::Accuses(who) => {
                let parts = who.map(|who| Involvement {
                    person: Some(PersonId(who)),
                    ..Involvement::default()
                });
                let act = Act {
                    involvements: parts.into_iter().collect(),
                    ..arrest()
                };
                code_act(case, act, stamp).ok()
            }
            Step::Died(who) => record_ground(case, ground("deceased", *who), stamp).ok(),
            Step::WasPublic => record_ground(case, ground("public-source", None), stamp).ok(),
            Step::DaysPass(days) => {
                scene.day += days;
                None
            }
        };
        if let Some(entry) = entry {
            scene.put(entry);
            told.push((scene.day, step));
        }
    }
    (scene, told)
}

fn config(cases: u32) -> Config {
    Config {
        cases,
        rng_seed: RngSeed::Fixed(54),
        failure_persistence: None,
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn what_is_covered_is_what_the_plain_rules_allow(
        steps in prop::collection::vec(step(), 0..14),
        uses in prop::collection::vec(use_(), 12),
    ) {
        let (scene, told) = played(steps);
        // A desk that reads the log from its beginning answers alike.
        let folded = Office::fold(scene.log.clone());
        for one in uses {
            let today = scene.day + one.days;
            let items: Vec<Item> = one.items.iter().map(|n| item(*n)).collect();
            let ask = |case: &Case| {
                let day = Date::of_day_number(today).unwrap();
                let (use_, shown) = (purpose(PURPOSES[one.purpose]), level(LEVELS[one.identity]));
                case.covers_items(use_, RECIPIENTS[one.recipient], &items, shown, day)
                    .map(|covered| (covered.consents().to_vec(), covered.is_confined()))
            };
            let covered = ask(scene.the_case());
            prop_assert_eq!(&covered, &ask(folded.case(scene.case).unwrap()));
            let plain = Plain { told: &told, of: &one, today }.allows();
            prop_assert_eq!(covered.is_ok(), plain, "{:?} of {:?} in {:?}", covered, one, told);
        }
    }
}

#[test]
fn the_random_ledgers_cover_and_refuse_in_every_way() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::new(config(1));
    let mut seen = std::collections::BTreeMap::<String, u32>::new();
    for _ in 0..6000 {
        let steps = prop::collection::vec(step(), 0..14);
        let (scene, _) = played(steps.new_tree(&mut runner).unwrap().current());
        for _ in 0..6 {
            let one = use_().new_tree(&mut runner).unwrap().current();
            let items: Vec<Item> = one.items.iter().map(|n| item(*n)).collect();
            let day = Date::of_day_number(scene.day + one.days).unwrap();
            let (use_, shown) = (purpose(PURPOSES[one.purpose]), level(LEVELS[one.identity]));
            let covered = scene
                .the_case()
                .covers_items(use_, RECIPIENTS[one.recipient], &items, shown, day)
                .map(|covered| (covered.consents().len().min(2), covered.is_confined()));
            *seen.entry(format!("{covered:?}")).or_default() += 1;
        }
    }
    for way in [
        "Ok((0, false))",
        "Ok((1, false))",
        "Ok((2, false))",
        "Ok((1, true))",
        "Err(NotAsked)",
        "Err(SaidNo)",
        "Err(AskAgain)",
        "Err(Withdrawn)",
        "Err(NotToday)",
        "Err(LessIdentity)",
        "Err(OtherRecipient)",
        "Err(SomeItemsOnly)",
        "Err(Disagree)",
        "Err(GuardianNotAsked)",
        "Err(GiverAccused)",
        "Err(PersonReached)",
        "Err(SecondMissing)",
        "Err(StandInOver)",
    ] {
        assert!(seen.contains_key(way), "never {way}: {seen:?}");
    }
}
