//! Claims about releases, tried against attackers that know nothing but the release.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};
use record::{Code, Country, Date, Fact, Language, Period, Place};

use crate::count::Kind;
use crate::*;

/// A deterministic run of a property; half of the cases suffice to see it fail when it is broken.
fn property<S: Strategy>(
    cases: u32,
    strategy: S,
    claim: impl Fn(S::Value) -> Result<(), TestCaseError>,
) {
    let mut runner = TestRunner::new(Config {
        cases,
        rng_seed: RngSeed::Fixed(16_101),
        failure_persistence: None,
        ..Config::default()
    });
    runner.run(&strategy, claim).unwrap();
}

const ACTS: [&str; 6] = [
    "killing",
    "arbitrary-arrest",
    "beating",
    "threat",
    "hacking",
    "doxing",
];
const VICTIMS: [&str; 5] = ["hrd", "journalist", "env-hrd", "activist", "cso"];

/// A fact by small numbers: which act, which quarter of 2023, which place, which group.
fn fact(act: usize, quarter: u8, place: u16, victim: usize) -> Fact {
    let country = Country::read("CD").unwrap();
    let place = match NonZeroU16::new(place) {
        Some(number) => Place::in_admin1(country, number).unwrap(),
        None => Place::unknown().unwrap(),
    };
    Fact::coded(
        Code::of(ACTS[act]).unwrap(),
        Period::quarter(2023, quarter).unwrap(),
        place,
        Code::of(VICTIMS[victim]).unwrap(),
        Code::of("grounds-to-believe").unwrap(),
        1,
    )
}

fn terms(threshold: u32) -> Terms {
    Terms {
        release: ReleaseId::new("2024-h1").unwrap(),
        today: Date::new(2024, 7, 1).unwrap(),
        delay_days: 90,
        threshold,
        period: PeriodSize::Quarter,
        place: PlaceSize::FirstTier,
    }
}

fn release(facts: &[Fact], threshold: u32) -> Result<Published, NotPublishable> {
    protect(
        count(facts, &terms(threshold), &PlaceNames::default()),
        None,
    )
}

/// A release, unless there are too few acts for one; any other refusal is a failure.
fn unless_too_few(facts: &[Fact], threshold: u32) -> Result<Option<Published>, TestCaseError> {
    match release(facts, threshold) {
        Ok(published) => Ok(Some(published)),
        Err(NotPublishable::TooFew) => Ok(None),
        Err(refused) => Err(TestCaseError::fail(refused.to_string())),
    }
}

/// So many acts of each kind in each place, all in one quarter against one group.
fn acts_by_place(rows: &[&[usize]]) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (act, row) in rows.iter().enumerate() {
        for (place, number) in row.iter().enumerate() {
            facts.extend(vec![
                fact(act, 1, u16::try_from(place).unwrap() + 1, 0);
                *number
            ]);
        }
    }
    facts
}

fn table(published: &Published, name: &str) -> Vec<Vec<Option<u32>>> {
    let table = published
        .tables()
        .iter()
        .find(|table| table.name() == name)
        .unwrap();
    let mut rows: Vec<Vec<Option<u32>>> = table
        .rows()
        .map(|(_, cells, total)| {
            cells
                .iter()
                .chain([&total])
                .map(|number| number.shown())
                .collect()
        })
        .collect();
    rows.push(
        table
            .column_totals()
            .iter()
            .map(|number| number.shown())
            .chain([Some(table.total())])
            .collect(),
    );
    rows
}

#[test]
fn a_single_small_number_is_undone_by_its_total_unless_others_are_withheld_too() {
    let facts = acts_by_place(&[&[3, 20, 30], &[20, 30, 25], &[30, 22, 21]]);

    // Only the small number withheld: the attacker subtracts and has it.
    let naive =
        crate::protect::only_small_withheld(count(&facts, &terms(5), &PlaceNames::default()));
    let found = attack(&naive).unwrap();
    let small = found
        .iter()
        .find(|interval| interval.table == "act-by-place")
        .unwrap();
    assert_eq!((small.least, small.most), (3, 3));

    // Protected: every withheld number could be any of at least five.
    let published = release(&facts, 5).unwrap();
    let found = attack(&published).unwrap();
    assert!(found.len() >= 4);
    for interval in found {
        assert!(interval.most - interval.least >= 4, "{interval:?}");
    }
    // And what need not be withheld is not.
    let shown = table(&published, "act-by-place");
    let withheld = shown
        .iter()
        .flatten()
        .filter(|number| number.is_none())
        .count();
    assert_eq!(withheld, 4, "{shown:?}");
    assert_eq!(shown[3], [Some(53), Some(72), Some(76), Some(201)]);
}

#[test]
fn a_zero_is_published_as_zero() {
    let published = release(&acts_by_place(&[&[9, 0], &[8, 7]]), 5).unwrap();
    assert_eq!(
        table(&published, "act-by-place")[0],
        [Some(9), Some(0), Some(9)]
    );
    assert_eq!(published.withheld(), 0);
}

#[test]
fn a_category_of_few_acts_is_not_shown_alone() {
    let published = release(&acts_by_place(&[&[20, 20], &[1, 1], &[2, 1], &[30, 30]]), 5).unwrap();
    let table = &published.tables()[1];
    assert_eq!(table.name(), "act-by-place");
    let rows: Vec<&str> = table.rows().map(|(row, ..)| row.code.as_str()).collect();
    assert_eq!(rows, ["killing", "threat", "others"]);
    for (_, _, total) in table.rows() {
        assert!(total.shown().unwrap() >= 5);
    }
}

#[test]
fn fewer_acts_than_the_threshold_are_no_release() {
    assert_eq!(
        release(&acts_by_place(&[&[2, 2]]), 5),
        Err(NotPublishable::TooFew)
    );
    assert_eq!(release(&[], 5), Err(NotPublishable::TooFew));
    assert!(release(&acts_by_place(&[&[3, 2]]), 5).is_ok());
}

#[test]
fn an_act_whose_period_ended_too_lately_is_not_counted() {
    let mut facts = acts_by_place(&[&[10]]);
    let country = Country::read("CD").unwrap();
    let late = |period| {
        Fact::coded(
            Code::of("killing").unwrap(),
            period,
            Place::in_country(country).unwrap(),
            Code::of("hrd").unwrap(),
            Code::of("grounds-to-believe").unwrap(),
            1,
        )
    };
    // 90 days before 1 July 2024 is 2 April: the first quarter ended before, the second did not,
    // a month of the second quarter is shown as its quarter, and the year goes on.
    facts.push(late(Period::quarter(2024, 1).unwrap()));
    facts.push(late(Period::quarter(2024, 2).unwrap()));
    facts.push(late(Period::month(2024, 4).unwrap()));
    facts.push(late(Period::of_year(2024)));
    assert_eq!(late_enough(&facts, &terms(5)).count(), 11);

    // 90 whole days must lie between: on 30 June they do, a day earlier they do not.
    for (day, counted) in [(30, 11), (29, 10)] {
        let terms = Terms {
            today: Date::new(2024, 6, day).unwrap(),
            ..terms(5)
        };
        assert_eq!(late_enough(&facts, &terms).count(), counted);
    }
}

#[test]
fn an_act_below_reasonable_grounds_to_believe_is_not_counted() {
    let mut facts = acts_by_place(&[&[10]]);
    for standard in [
        "unassessed",
        "grounds-to-suspect",
        "not-established",
        "disproved",
    ] {
        facts.push(Fact::coded(
            Code::of("killing").unwrap(),
            Period::of_year(2022),
            Place::unknown().unwrap(),
            Code::of("hrd").unwrap(),
            Code::of(standard).unwrap(),
            1,
        ));
    }
    assert_eq!(release(&facts, 5).unwrap().total(), 10);
}

#[test]
fn a_place_that_is_not_known_is_counted_as_not_known() {
    let mut facts = acts_by_place(&[&[10, 10]]);
    facts.extend(vec![fact(0, 1, 0, 0); 6]);
    let published = release(&facts, 5).unwrap();
    let table = &published.tables()[1];
    let last = table.columns().last().unwrap();
    assert_eq!(
        (last.code.as_str(), last.label(Language::French)),
        ("unknown", "Inconnu")
    );
    assert_eq!(table.column_totals().last().unwrap().shown(), Some(6));
}

#[test]
fn a_number_that_grew_by_less_than_the_threshold_is_held_back() {
    let before = acts_by_place(&[&[20, 30], &[40, 50]]);
    let first = release(&before, 5).unwrap();
    let earlier = Earlier::from_json(first.to_json().as_bytes()).unwrap();
    assert_eq!(earlier.release().as_str(), "2024-h1");

    // Two more acts in one place, ten more in another.
    let mut facts = acts_by_place(&[&[22, 30], &[40, 60]]);
    let counted = count(&facts, &terms(5), &PlaceNames::default());
    let second = protect(counted, Some(&earlier)).unwrap();
    assert!(second.held_back() > 0);
    for interval in attack(&second).unwrap() {
        assert!(interval.most - interval.least >= 4, "{interval:?}");
    }
    let cell = |published: &Published| table(published, "act-by-place")[0][0];
    assert_eq!((cell(&first), cell(&second)), (Some(20), None));

    // Only two more acts in all: the total itself would tell.
    facts = acts_by_place(&[&[22, 30], &[40, 50]]);
    let counted = count(&facts, &terms(5), &PlaceNames::default());
    assert_eq!(
        protect(counted, Some(&earlier)),
        Err(NotPublishable::TooLittleChanged)
    );

    // The same acts again: nothing differs, nothing is held back.
    let counted = count(&before, &terms(5), &PlaceNames::default());
    let again = protect(counted, Some(&earlier)).unwrap();
    assert_eq!((again.held_back(), again.tables()), (0, first.tables()));
}

#[test]
fn a_file_that_is_no_release_is_refused_in_words() {
    for bad in [
        "",
        "{}",
        "[]",
        "{\"format\":\"temoin-figures\"}",
        "{\"format\":\"temoin-figures\",\"version\":1}",
    ] {
        assert_eq!(
            Earlier::from_json(bad.as_bytes()),
            Err(NotARelease::NotOurs),
            "{bad}"
        );
    }
    let newer = "{\"format\":\"temoin-figures\",\"version\":7}";
    assert_eq!(
        Earlier::from_json(newer.as_bytes()),
        Err(NotARelease::TooNew { version: 7 })
    );
}

#[test]
fn names_of_places_and_codes_stand_in_both_formats_and_a_formula_does_not_run() {
    let mut places = PlaceNames::default();
    let country = Country::read("CD").unwrap();
    places.add(
        country,
        NonZeroU16::new(1).unwrap(),
        "=North \"Kivu\"",
        "Nord-Kivu",
    );
    let mut facts = acts_by_place(&[&[9], &[7]]);
    // In two countries: with one alone, its name is left out.
    let elsewhere = Place::in_country(Country::read("RW").unwrap()).unwrap();
    facts.extend(vec![
        Fact::coded(
            Code::of("killing").unwrap(),
            Period::quarter(2023, 1).unwrap(),
            elsewhere,
            Code::of("hrd").unwrap(),
            Code::of("grounds-to-believe").unwrap(),
            1,
        );
        8
    ]);
    let published = protect(count(&facts, &terms(5), &places), None).unwrap();
    let files = published.to_csv();
    assert_eq!(files.len(), 6);
    let (name, text) = &files[1];
    assert_eq!(name, "2024-h1-act-by-place.csv");
    assert!(
        text.contains("\"'=North \"\"Kivu\"\", Democratic Republic of the Congo\""),
        "{text}"
    );
    assert!(
        text.contains(",killing,Killing,Meurtre ou homicide,CD.1,")
            || text.contains(",killing,Killing,"),
        "{text}"
    );
    assert!(
        published
            .to_json()
            .contains("\"fr\": \"Nord-Kivu, République démocratique du Congo\"")
    );
}

#[test]
fn the_same_facts_in_any_order_give_the_same_bytes() {
    property(50, small_facts(6, 4, 4, 5, 10..80), |facts| {
        let mut turned = facts.clone();
        turned.reverse();
        let (one, other) = (release(&facts, 5), release(&turned, 5));
        match (one, other) {
            (Ok(one), Ok(other)) => {
                prop_assert_eq!(one.to_json(), other.to_json());
                prop_assert_eq!(one.to_csv(), other.to_csv());
            }
            (one, other) => prop_assert_eq!(one, other),
        }
        Ok(())
    });
}

#[test]
fn no_small_number_is_ever_shown_and_shown_numbers_are_true() {
    property(
        60,
        (small_facts(6, 4, 5, 5, 5..120), 2_u32..8),
        |(facts, threshold)| {
            let Some(published) = unless_too_few(&facts, threshold)? else {
                return Ok(());
            };
            prop_assert_eq!(published.total(), u32::try_from(facts.len()).unwrap());
            for table in published.tables() {
                let sum = |numbers: &[Number]| -> Option<u32> {
                    numbers.iter().map(|number| number.shown()).sum()
                };
                for (_, cells, total) in table.rows() {
                    for number in cells.iter().chain([&total]) {
                        if let Some(shown) = number.shown() {
                            prop_assert!(shown == 0 || shown >= threshold);
                        }
                    }
                    if let (Some(sum), Some(total)) = (sum(cells), total.shown()) {
                        prop_assert_eq!(sum, total);
                    }
                }
                prop_assert_eq!(sum(table.column_totals()), Some(table.total()));
            }
            Ok(())
        },
    );
}

#[test]
fn linear_programs_over_all_tables_pin_no_withheld_number() {
    property(
        60,
        (small_facts(6, 4, 5, 5, 10..150), 2_u32..7),
        |(facts, threshold)| {
            let Some(published) = unless_too_few(&facts, threshold)? else {
                return Ok(());
            };
            for interval in attack(&published).unwrap() {
                prop_assert!(
                    interval.most - interval.least >= threshold - 1,
                    "{:?}",
                    interval
                );
            }
            Ok(())
        },
    );
}

/// The strongest attacker there is: it tries every set of acts there could be, of which the
/// release would say the same, all six tables at once.
#[test]
fn trying_every_possible_set_of_acts_pins_no_withheld_number() {
    let hidden = std::cell::Cell::new(0_usize);
    property(
        120,
        (small_facts(3, 2, 2, 2, 6..26), 2_u32..4),
        |(facts, threshold)| {
            let Some(published) = unless_too_few(&facts, threshold)? else {
                return Ok(());
            };
            let mut brute = Brute::against(&published);
            hidden.set(hidden.get() + brute.ranges.len());
            brute.try_all(threshold - 1);
            prop_assert!(brute.worlds > 0);
            for (at, (least, most)) in &brute.ranges {
                prop_assert!(
                    most - least >= threshold - 1,
                    "{at:?} lies in {least}..={most}"
                );
            }
            Ok(())
        },
    );
    // The property would hold of releases that withhold nothing.
    assert!(
        hidden.get() > 200,
        "{} numbers were withheld in all",
        hidden.get()
    );
}

fn small_facts(
    acts: usize,
    quarters: u8,
    places: u16,
    victims: usize,
    number: std::ops::Range<usize>,
) -> impl Strategy<Value = Vec<Fact>> {
    // Squared, so that some categories are frequent and some rare.
    let skewed = |most: usize| (0..most * most).prop_map(move |x| x.isqrt());
    proptest::collection::vec(
        (
            skewed(acts),
            skewed(usize::from(quarters)),
            skewed(usize::from(places)),
            skewed(victims),
        ),
        number,
    )
    .prop_map(|facts| {
        facts
            .into_iter()
            .map(|(act, quarter, place, victim)| {
                fact(
                    act,
                    u8::try_from(quarter).unwrap() + 1,
                    u16::try_from(place).unwrap() + 1,
                    victim,
                )
            })
            .collect()
    })
}

/// A number of a release for the exhaustive attacker: pair of dimensions, row, column; totals
/// stand under their dimension.
type At = (usize, u16, u16);

struct Brute {
    kinds: Vec<(Kind, Vec<At>)>,
    shown: BTreeMap<At, u32>,
    ranges: BTreeMap<At, (u32, u32)>,
    worlds: usize,
    total: u32,
}

impl Brute {
    fn against(published: &Published) -> Self {
        let mut shown = BTreeMap::new();
        let mut ranges = BTreeMap::new();
        let mut put = |at: At, number: Number| match number {
            Number::Shown(number) => {
                shown.insert(at, number);
            }
            Number::Withheld => {
                ranges.insert(at, (u32::MAX, 0));
            }
        };
        let place = |dimension| {
            Dimension::ALL
                .iter()
                .position(|one| *one == dimension)
                .unwrap()
        };
        let mut sizes = [0_u16; 4];
        for (pair, table) in published.tables().iter().enumerate() {
            for (row, (_, cells, total)) in (0..).zip(table.rows()) {
                for (column, number) in (0..).zip(cells) {
                    put((pair, row, column), *number);
                }
                put((6 + place(table.down()), row, 0), total);
                sizes[place(table.down())] = row + 1;
            }
            for (column, total) in (0..).zip(table.column_totals()) {
                put((6 + place(table.across()), column, 0), *total);
                sizes[place(table.across())] = column + 1;
            }
        }
        let mut kinds = Vec::new();
        for a in 0..sizes[0] {
            for b in 0..sizes[1] {
                for c in 0..sizes[2] {
                    for d in 0..sizes[3] {
                        let kind = Kind([a, b, c, d]);
                        let mut at: Vec<At> = Dimension::PAIRS
                            .into_iter()
                            .enumerate()
                            .map(|(pair, (down, across))| (pair, kind.on(down), kind.on(across)))
                            .collect();
                        at.extend(
                            Dimension::ALL
                                .into_iter()
                                .enumerate()
                                .map(|(place, dimension)| (6 + place, kind.on(dimension), 0)),
                        );
                        if at.iter().all(|at| shown.get(at) != Some(&0)) {
                            kinds.push((kind, at));
                        }
                    }
                }
            }
        }
        Self {
            kinds,
            shown,
            ranges,
            worlds: 0,
            total: published.total(),
        }
    }

    /// Goes through all sets of acts, until every withheld number is known to be free enough.
    fn try_all(&mut self, width: u32) {
        let mut sums = BTreeMap::new();
        self.go(0, self.total, &mut sums, width);
    }

    fn free(&self, width: u32) -> bool {
        self.ranges
            .values()
            .all(|(least, most)| most.checked_sub(*least).is_some_and(|span| span >= width))
    }

    fn go(&mut self, from: usize, left: u32, sums: &mut BTreeMap<At, u32>, width: u32) {
        if self.worlds > 0 && self.free(width) {
            return;
        }
        // A shown number that no later kind can raise must be reached by now.
        if from == self.kinds.len() {
            let fits = left == 0
                && self
                    .shown
                    .iter()
                    .all(|(at, number)| sums.get(at).copied().unwrap_or(0) == *number)
                && self
                    .ranges
                    .keys()
                    .all(|at| sums.get(at).copied().unwrap_or(0) >= 1);
            if fits {
                self.worlds += 1;
                for (at, (least, most)) in &mut self.ranges {
                    let value = sums[at];
                    *least = (*least).min(value);
                    *most = (*most).max(value);
                }
            }
            return;
        }
        let at = self.kinds[from].1.clone();
        let room = at
            .iter()
            .filter_map(|at| Some(self.shown.get(at)? - sums.get(at).copied().unwrap_or(0)))
            .min()
            .unwrap_or(left)
            .min(left);
        // What only this kind can still fill must be filled by it.
        let later = &self.kinds[from + 1..];
        let must = at
            .iter()
            .filter(|one| !later.iter().any(|(_, at)| at.contains(one)))
            .filter_map(|at| Some(self.shown.get(at)? - sums.get(at).copied().unwrap_or(0)))
            .max()
            .unwrap_or(0);
        for acts in must..=room {
            for at in &at {
                *sums.entry(*at).or_insert(0) += acts;
            }
            self.go(from + 1, left - acts, sums, width);
            for at in &at {
                *sums.get_mut(at).unwrap() -= acts;
            }
        }
    }
}
