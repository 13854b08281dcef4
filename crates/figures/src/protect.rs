//! Withholding what would reveal someone.
//!
//! 1. A category of which fewer acts than the threshold were counted is not shown alone: it joins
//!    the others of its kind, so that no total is small.
//! 2. Every number from 1 to one below the threshold is withheld, and so is every number that
//!    differs from the release before by so little: the difference would be a small number too.
//! 3. More numbers are withheld until, for each withheld one, other *worlds* are known: other acts,
//!    that never happened, of which this release would say exactly the same, and in which the
//!    withheld number takes values at least threshold − 1 apart. Whoever reads the release, all its
//!    tables together, cannot tell these worlds from ours, whatever they calculate.
//! 4. Where no such worlds are found, one more category joins the others, and all begins again.
//! 5. What comes out is attacked by linear programs that see only what is published.
//!
//! A world is found by moving acts: two acts change places in one dimension, which keeps all
//! totals; or, where a total is withheld, one act moves from one category to another. Zeros stay
//! zeros, because they are published, and what is withheld stays at least one, because everyone
//! knows that zeros are published.
//!
//! Absent: chance. The same facts give the same release.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::attack;
use crate::count::{Category, Counted, Dimension, Kind};
use crate::published::{Earlier, Number, Published, Table};

/// Why there is no release. Each is a thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotPublishable {
    /// Fewer acts than the threshold: wait, or count a longer time.
    TooFew,
    /// Nearly the same acts as in the release before: wait until more are counted.
    TooLittleChanged,
    /// The attacker narrowed a withheld number down. Nothing is published; report this.
    Revealing,
}

impl fmt::Display for NotPublishable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFew => "too few acts to publish a figure that reveals nobody; wait, or lower the delay only if nobody is put at risk",
            Self::TooLittleChanged => "so little changed since the last release that the difference would reveal someone; wait until more acts are counted",
            Self::Revealing => "the check found a withheld number that could be calculated, so nothing was published; please report this",
        })
    }
}

impl std::error::Error for NotPublishable {}

/// Makes a release: everything small, and everything that would give it away, is withheld.
///
/// `earlier` is the release before; a number that differs from it by 1 to threshold − 1 is
/// withheld as well, and a release whose total differs so little is refused.
pub fn protect(counted: Counted, earlier: Option<&Earlier>) -> Result<Published, NotPublishable> {
    let threshold = counted.terms.least_shown();
    let total: u32 = counted.kinds.values().sum();
    if total < threshold {
        return Err(NotPublishable::TooFew);
    }
    if earlier.is_some_and(|earlier| small_step(earlier.total(), total, threshold)) {
        return Err(NotPublishable::TooLittleChanged);
    }
    let mut grouping = Grouping::new(&counted, threshold);
    loop {
        let mut grid = Grid::new(&grouping.categories(), &grouping.kinds(), threshold);
        grid.withhold_small();
        let held_back = earlier.map_or(0, |earlier| grid.hold_back(earlier));
        match grid.withhold_until_safe() {
            Ok(()) => {
                let published = grid.publish(&counted, total, held_back, earlier);
                return match attack::wide_enough(&published, threshold.saturating_sub(1)) {
                    Ok(true) => Ok(published),
                    _ => Err(NotPublishable::Revealing),
                };
            }
            Err(exposed) => {
                if !grouping.join(grid.place_of(exposed)) {
                    return Err(NotPublishable::TooLittleChanged);
                }
            }
        }
    }
}

/// What a release would be that withholds small numbers and nothing else: for the attacker to
/// undo.
#[cfg(test)]
pub(crate) fn only_small_withheld(counted: Counted) -> Published {
    let threshold = counted.terms.least_shown();
    let total = counted.kinds.values().sum();
    let grouping = Grouping::new(&counted, threshold);
    let mut grid = Grid::new(&grouping.categories(), &grouping.kinds(), threshold);
    grid.withhold_small();
    grid.publish(&counted, total, 0, None)
}

fn small_step(before: u32, now: u32, threshold: u32) -> bool {
    (1..threshold).contains(&before.abs_diff(now))
}

/// Which categories are not shown alone.
struct Grouping<'a> {
    counted: &'a Counted,
    threshold: u32,
    joined: BTreeMap<Dimension, BTreeSet<u16>>,
}

impl<'a> Grouping<'a> {
    fn new(counted: &'a Counted, threshold: u32) -> Self {
        let mut grouping = Self {
            counted,
            threshold,
            joined: BTreeMap::new(),
        };
        for dimension in Dimension::ALL {
            let small = grouping
                .totals(dimension)
                .into_iter()
                .filter(|(_, total)| *total < threshold)
                .map(|(position, _)| position)
                .collect();
            grouping.joined.insert(dimension, small);
            grouping.close(dimension);
        }
        grouping
    }

    fn totals(&self, dimension: Dimension) -> BTreeMap<u16, u32> {
        let mut totals = BTreeMap::new();
        for (kind, acts) in &self.counted.kinds {
            *totals.entry(kind.on(dimension)).or_insert(0) += acts;
        }
        totals
    }

    /// A group of one is no group, and a small group is as small a number as a small category: it
    /// grows by the next smallest.
    fn close(&mut self, dimension: Dimension) {
        let totals = self.totals(dimension);
        let joined = self.joined.entry(dimension).or_default();
        loop {
            let acts: u32 = joined.iter().filter_map(|one| totals.get(one)).sum();
            if joined.is_empty() || (joined.len() > 1 && acts >= self.threshold) {
                return;
            }
            let next = totals
                .iter()
                .filter(|(position, _)| !joined.contains(position))
                .min_by_key(|(position, total)| (**total, **position));
            match next {
                Some((position, _)) => {
                    joined.insert(*position);
                }
                None => return,
            }
        }
    }

    /// The categories that are still shown alone, with the position each has in the tables.
    fn alone(&self, dimension: Dimension) -> Vec<u16> {
        let positions = 0..u16::try_from(self.counted.of(dimension).len()).unwrap_or(u16::MAX);
        positions
            .filter(|position| {
                !self
                    .joined
                    .get(&dimension)
                    .is_some_and(|joined| joined.contains(position))
            })
            .collect()
    }

    fn categories(&self) -> Vec<(Dimension, Vec<Category>)> {
        Dimension::ALL
            .into_iter()
            .map(|dimension| {
                let all = self.counted.of(dimension);
                let mut shown: Vec<Category> = self
                    .alone(dimension)
                    .into_iter()
                    .filter_map(|position| all.get(usize::from(position)).cloned())
                    .collect();
                if shown.len() < all.len() {
                    shown.push(others(dimension, shown.is_empty()));
                }
                (dimension, shown)
            })
            .collect()
    }

    fn kinds(&self) -> BTreeMap<Kind, u32> {
        let mut kinds = BTreeMap::new();
        let places: BTreeMap<Dimension, BTreeMap<u16, u16>> = Dimension::ALL
            .into_iter()
            .map(|dimension| {
                let shown = self.alone(dimension).into_iter().zip(0..).collect();
                (dimension, shown)
            })
            .collect();
        for (kind, acts) in &self.counted.kinds {
            let mut moved = *kind;
            for (dimension, shown) in &places {
                let last = u16::try_from(shown.len()).unwrap_or(u16::MAX);
                let position = shown.get(&kind.on(*dimension)).copied().unwrap_or(last);
                moved = moved.with(*dimension, position);
            }
            *kinds.entry(moved).or_insert(0) += acts;
        }
        kinds
    }

    /// Lets one more category join the others, near a number that could not be protected: the
    /// smaller of its two, or, when these already joined, the smallest there is. Whether there was
    /// one.
    fn join(&mut self, near: Vec<(Dimension, u16)>) -> bool {
        let mut choices: Vec<(u32, Dimension, u16)> = Vec::new();
        for (dimension, shown) in &near {
            let alone = self.alone(*dimension);
            if let Some(position) = alone.get(usize::from(*shown)) {
                let total = self.totals(*dimension).get(position).copied();
                choices.push((total.unwrap_or(0), *dimension, *position));
            }
        }
        // A dimension of which only one category is left cannot be joined any further.
        choices.retain(|(_, dimension, _)| self.can_shrink(*dimension));
        if choices.is_empty() {
            for (dimension, _) in near {
                if self.can_shrink(dimension) {
                    let totals = self.totals(dimension);
                    choices.extend(self.alone(dimension).into_iter().map(|position| {
                        let total = totals.get(&position).copied().unwrap_or(0);
                        (total, dimension, position)
                    }));
                }
            }
        }
        match choices.into_iter().min() {
            Some((_, dimension, position)) => {
                self.joined.entry(dimension).or_default().insert(position);
                self.close(dimension);
                true
            }
            None => false,
        }
    }

    fn can_shrink(&self, dimension: Dimension) -> bool {
        let alone = self.alone(dimension).len();
        let grouped = self
            .joined
            .get(&dimension)
            .is_some_and(|joined| !joined.is_empty());
        alone + usize::from(grouped) > 1
    }
}

/// The categories that are not shown alone, as one.
fn others(dimension: Dimension, all_of_them: bool) -> Category {
    let (en, fr) = match (dimension, all_of_them) {
        (Dimension::Act, false) => (
            "Other kinds, not shown alone",
            "Autres types, non détaillés",
        ),
        (Dimension::Act, true) => ("All kinds, not shown alone", "Tous types, non détaillés"),
        (Dimension::Period, false) => (
            "Other periods, not shown alone",
            "Autres périodes, non détaillées",
        ),
        (Dimension::Period, true) => (
            "All periods, not shown alone",
            "Toutes périodes, non détaillées",
        ),
        (Dimension::Place, false) => ("Other places or not known", "Autres lieux ou lieu inconnu"),
        (Dimension::Place, true) => ("All places, not shown alone", "Tous lieux, non détaillés"),
        (Dimension::Victim, false) => (
            "Other groups, not shown alone",
            "Autres groupes, non détaillés",
        ),
        (Dimension::Victim, true) => ("All groups, not shown alone", "Tous groupes, non détaillés"),
    };
    Category {
        code: "others".to_owned(),
        en: en.to_owned(),
        fr: fr.to_owned(),
    }
}

/// A number of a release: a place in one of its tables, or a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    /// A pair of dimensions by its place in [`Dimension::PAIRS`], a row, a column.
    Cell(usize, u16, u16),
    /// The total of one category.
    Total(Dimension, u16),
}

/// All numbers of a release, in one row, and what is known about each.
struct Grid {
    categories: Vec<(Dimension, Vec<Category>)>,
    kinds: BTreeMap<Kind, u32>,
    threshold: u32,
    /// Where the numbers of each pair, and then of each dimension's totals, begin.
    starts: Vec<(usize, usize)>,
    spots: Vec<Spot>,
    numbers: Vec<Known>,
}

/// One number: what it is, whether it is withheld, and between what it lies in the known worlds.
#[derive(Clone, Copy)]
struct Known {
    truth: u32,
    withheld: bool,
    low: u32,
    high: u32,
}

/// Acts as they might have been.
#[derive(Clone)]
struct World {
    kinds: BTreeMap<Kind, u32>,
    numbers: Vec<u32>,
}

/// One step from a world to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Move {
    /// Two acts change places in one dimension: no total changes.
    Swap(Kind, Kind, Dimension),
    /// One act moves into another category of one dimension: two totals change.
    Single(Kind, Dimension, u16),
}

impl Move {
    /// The acts that are no more, and those that are instead.
    fn acts(self) -> impl Iterator<Item = (Kind, Kind)> {
        let (first, second) = match self {
            Self::Swap(one, other, dimension) => (
                (one, one.with(dimension, other.on(dimension))),
                Some((other, other.with(dimension, one.on(dimension)))),
            ),
            Self::Single(kind, dimension, to) => ((kind, kind.with(dimension, to)), None),
        };
        std::iter::once(first).chain(second)
    }
}

/// What one step changes: at most twelve numbers, each by one.
#[derive(Default)]
struct Changes {
    list: [(usize, bool); 12],
    length: usize,
}

impl Changes {
    fn add(&mut self, at: usize, more: bool) {
        if let Some(place) = self.list.get_mut(self.length) {
            *place = (at, more);
            self.length += 1;
        }
    }

    /// Each number that changes, and whether it becomes more.
    fn iter(&self) -> impl Iterator<Item = (usize, bool)> {
        self.list.iter().take(self.length).copied()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// How many kinds of act are tried on either side of a move: the most frequent ones.
const TRIED: usize = 150;
/// What withholding a total costs, compared with any number inside a table.
const COST_OF_A_TOTAL: u32 = 400;

impl Grid {
    fn new(
        categories: &[(Dimension, Vec<Category>)],
        kinds: &BTreeMap<Kind, u32>,
        threshold: u32,
    ) -> Self {
        let size = |dimension: Dimension| {
            categories
                .iter()
                .find(|(of, _)| *of == dimension)
                .map_or(0, |(_, categories)| categories.len())
        };
        let mut starts = Vec::new();
        let mut spots = Vec::new();
        let upto = |size: usize| 0..u16::try_from(size).unwrap_or(u16::MAX);
        for (pair, (down, across)) in Dimension::PAIRS.into_iter().enumerate() {
            starts.push((spots.len(), size(across)));
            for row in upto(size(down)) {
                spots.extend(upto(size(across)).map(|column| Spot::Cell(pair, row, column)));
            }
        }
        for dimension in Dimension::ALL {
            starts.push((spots.len(), 1));
            spots.extend(upto(size(dimension)).map(|position| Spot::Total(dimension, position)));
        }
        let mut grid = Self {
            categories: categories.to_vec(),
            kinds: kinds.clone(),
            threshold,
            starts,
            numbers: vec![
                Known {
                    truth: 0,
                    withheld: false,
                    low: 0,
                    high: 0
                };
                spots.len()
            ],
            spots,
        };
        for (kind, acts) in kinds {
            for at in grid.touched(*kind) {
                if let Some(number) = grid.numbers.get_mut(at) {
                    number.truth += acts;
                }
            }
        }
        for number in &mut grid.numbers {
            (number.low, number.high) = (number.truth, number.truth);
        }
        grid
    }

    /// The ten numbers that count an act of this kind: six in tables, four totals.
    fn touched(&self, kind: Kind) -> [usize; 10] {
        let start = |of: usize| self.starts.get(of).copied().unwrap_or_default();
        let mut at = [0; 10];
        let cells = Dimension::PAIRS
            .into_iter()
            .enumerate()
            .map(|(pair, (down, across))| {
                let (start, width) = start(pair);
                start + usize::from(kind.on(down)) * width + usize::from(kind.on(across))
            });
        let totals = Dimension::ALL
            .into_iter()
            .enumerate()
            .map(|(place, dimension)| {
                start(Dimension::PAIRS.len() + place).0 + usize::from(kind.on(dimension))
            });
        for (to, from) in at.iter_mut().zip(cells.chain(totals)) {
            *to = from;
        }
        at
    }

    fn known(&self, at: usize) -> Known {
        self.numbers.get(at).copied().unwrap_or(Known {
            truth: 0,
            withheld: false,
            low: 0,
            high: 0,
        })
    }

    fn withhold(&mut self, at: usize) {
        if let Some(number) = self.numbers.get_mut(at) {
            number.withheld = true;
        }
    }

    fn withhold_small(&mut self) {
        let threshold = self.threshold;
        for number in &mut self.numbers {
            number.withheld |= (1..threshold).contains(&number.truth);
        }
    }

    /// Withholds what differs too little from the release before; returns how many numbers.
    fn hold_back(&mut self, earlier: &Earlier) -> u32 {
        let mut held = 0;
        for at in 0..self.spots.len() {
            let number = self.known(at);
            if number.withheld || number.truth == 0 {
                continue;
            }
            let small = |before: Option<u32>| {
                before.is_some_and(|before| small_step(before, number.truth, self.threshold))
            };
            let code = |dimension: Dimension, position: u16| {
                self.category(dimension, position)
                    .map_or("", |one| &one.code)
            };
            let differs = match self.spots.get(at) {
                Some(Spot::Cell(pair, row, column)) => {
                    Dimension::PAIRS.get(*pair).is_some_and(|(down, across)| {
                        let table = format!("{}-by-{}", down.code(), across.code());
                        small(earlier.showed(&table, code(*down, *row), code(*across, *column)))
                    })
                }
                Some(Spot::Total(dimension, position)) => {
                    Dimension::PAIRS.into_iter().any(|(down, across)| {
                        let table = format!("{}-by-{}", down.code(), across.code());
                        let code = code(*dimension, *position);
                        if down == *dimension {
                            small(earlier.showed(&table, code, "total"))
                        } else if across == *dimension {
                            small(earlier.showed(&table, "total", code))
                        } else {
                            false
                        }
                    })
                }
                None => false,
            };
            if differs {
                self.withhold(at);
                held += 1;
            }
        }
        held
    }

    fn category(&self, dimension: Dimension, position: u16) -> Option<&Category> {
        self.categories
            .iter()
            .find(|(of, _)| *of == dimension)?
            .1
            .get(usize::from(position))
    }

    /// The categories a number counts.
    fn place_of(&self, at: usize) -> Vec<(Dimension, u16)> {
        match self.spots.get(at) {
            Some(Spot::Cell(pair, row, column)) => Dimension::PAIRS
                .get(*pair)
                .map(|(down, across)| vec![(*down, *row), (*across, *column)])
                .unwrap_or_default(),
            Some(Spot::Total(dimension, position)) => vec![(*dimension, *position)],
            None => Vec::new(),
        }
    }

    fn is_safe(&self, at: usize) -> bool {
        let number = self.known(at);
        !number.withheld || number.high - number.low >= self.threshold - 1
    }

    /// Withholds more until every withheld number is safe; the number for which that cannot be
    /// done.
    fn withhold_until_safe(&mut self) -> Result<(), usize> {
        while let Some(at) = (0..self.numbers.len())
            .filter(|at| !self.is_safe(*at))
            .min_by_key(|at| (self.known(*at).truth, *at))
        {
            let ways: [&[Way]; 3] = [&[Way::Up], &[Way::Down], &[Way::Up, Way::Down]];
            let before = self.numbers.clone();
            let mut best: Option<(u32, Vec<Known>)> = None;
            for way in ways {
                let cost = way.iter().map(|way| self.widen(at, *way)).sum();
                let after = std::mem::replace(&mut self.numbers, before.clone());
                let safe = after
                    .get(at)
                    .is_some_and(|number| number.high - number.low >= self.threshold - 1);
                if safe && best.as_ref().is_none_or(|(cheapest, _)| cost < *cheapest) {
                    best = Some((cost, after));
                }
            }
            match best {
                Some((_, after)) => self.numbers = after,
                None => return Err(at),
            }
        }
        Ok(())
    }

    /// Walks from our world to others in which a number is larger, or smaller, until it is safe or
    /// no step is left. Withholds what changes on the way and returns what that costs.
    fn widen(&mut self, at: usize, way: Way) -> u32 {
        let mut world = World {
            kinds: self.kinds.clone(),
            numbers: self.numbers.iter().map(|number| number.truth).collect(),
        };
        let mut spent = 0;
        while !self.is_safe(at) {
            let number = self.known(at);
            let missing = (self.threshold - 1).saturating_sub(number.high - number.low);
            let Some((cost, step)) = self.best_step(&world, at, way, missing) else {
                break;
            };
            spent += cost;
            for (changed, more) in self.changes(step).iter() {
                self.withhold(changed);
                let (Some(value), Some(number)) = (
                    world.numbers.get_mut(changed),
                    self.numbers.get_mut(changed),
                ) else {
                    continue;
                };
                *value = if more {
                    *value + 1
                } else {
                    value.saturating_sub(1)
                };
                number.low = number.low.min(*value);
                number.high = number.high.max(*value);
            }
            for (from, to) in step.acts() {
                if let Some(acts) = world.kinds.get_mut(&from) {
                    *acts = acts.saturating_sub(1);
                }
                *world.kinds.entry(to).or_insert(0) += 1;
            }
            world.kinds.retain(|_, acts| *acts > 0);
        }
        spent
    }

    /// Where the number stands that counts two categories together.
    fn cell(&self, one: (Dimension, u16), other: (Dimension, u16)) -> Option<usize> {
        let pair = Dimension::PAIRS
            .into_iter()
            .position(|pair| pair == (one.0, other.0) || pair == (other.0, one.0))?;
        let (down, _) = Dimension::PAIRS.get(pair).copied()?;
        let (row, column) = if down == one.0 {
            (one.1, other.1)
        } else {
            (other.1, one.1)
        };
        let (start, width) = self.starts.get(pair).copied()?;
        Some(start + usize::from(row) * width + usize::from(column))
    }

    fn total(&self, dimension: Dimension, position: u16) -> Option<usize> {
        let place = Dimension::ALL
            .into_iter()
            .position(|one| one == dimension)?;
        let (start, _) = self.starts.get(Dimension::PAIRS.len() + place).copied()?;
        Some(start + usize::from(position))
    }

    /// What a step changes. Only tables that have its dimension can change, and of those only where
    /// the two acts differ in the other one.
    fn changes(&self, step: Move) -> Changes {
        let mut changes = Changes::default();
        let mut put = |at: Option<usize>, more| {
            if let Some(at) = at {
                changes.add(at, more);
            }
        };
        match step {
            Move::Swap(one, other, dimension) => {
                let (here, there) = (one.on(dimension), other.on(dimension));
                for beside in Dimension::ALL {
                    let (left, right) = (one.on(beside), other.on(beside));
                    if beside == dimension || left == right {
                        continue;
                    }
                    put(self.cell((dimension, here), (beside, left)), false);
                    put(self.cell((dimension, there), (beside, left)), true);
                    put(self.cell((dimension, there), (beside, right)), false);
                    put(self.cell((dimension, here), (beside, right)), true);
                }
            }
            Move::Single(kind, dimension, to) => {
                let here = kind.on(dimension);
                for beside in Dimension::ALL {
                    if beside != dimension {
                        let other = (beside, kind.on(beside));
                        put(self.cell((dimension, here), other), false);
                        put(self.cell((dimension, to), other), true);
                    }
                }
                put(self.total(dimension, here), false);
                put(self.total(dimension, to), true);
            }
        }
        changes
    }

    fn best_step(&self, world: &World, at: usize, way: Way, missing: u32) -> Option<(u32, Move)> {
        let mut best: Option<((u32, u32, Move), u32)> = None;
        for step in self.steps(world, at, way) {
            let dearest = best.map_or(u32::MAX, |((rank, ..), _)| rank);
            let Some((cost, repeats)) = self.cost(world, step, dearest) else {
                continue;
            };
            // A step that can be repeated until the number is safe withholds nothing more; one
            // that cannot will need a second.
            let lasts = repeats >= missing;
            let rank = (
                if lasts { cost } else { cost.saturating_mul(2) },
                u32::MAX - repeats,
                step,
            );
            if best.is_none_or(|(lowest, _)| rank < lowest) {
                best = Some((rank, cost));
            }
        }
        best.map(|((_, _, step), cost)| (cost, step))
    }

    /// What a step would withhold, and how often it can be repeated; none if it would make a zero
    /// something, or something a zero, or costs more than `dearest`.
    fn cost(&self, world: &World, step: Move, dearest: u32) -> Option<(u32, u32)> {
        let mut cost = 0;
        let mut repeats = u32::MAX;
        for (at, more) in self.changes(step).iter() {
            let number = self.known(at);
            if number.truth == 0 {
                return None;
            }
            if !more {
                repeats = repeats.min(world.numbers.get(at)?.saturating_sub(1));
                if repeats == 0 {
                    return None;
                }
            }
            if !number.withheld {
                cost += match self.spots.get(at) {
                    Some(Spot::Total(..)) => COST_OF_A_TOTAL,
                    _ => 16 + number.truth.ilog2(),
                };
                if cost > dearest {
                    return None;
                }
            }
        }
        for (from, _) in step.acts() {
            repeats = repeats.min(world.kinds.get(&from).copied().unwrap_or(0));
        }
        Some((cost, repeats))
    }

    /// Every step that makes a number one larger or one smaller.
    fn steps(&self, world: &World, at: usize, way: Way) -> Vec<Move> {
        match self.spots.get(at) {
            Some(Spot::Cell(pair, row, column)) => match Dimension::PAIRS.get(*pair) {
                Some((down, across)) => {
                    self.steps_of_cell(world, (*down, *row), (*across, *column), way)
                }
                None => Vec::new(),
            },
            Some(Spot::Total(dimension, position)) => {
                self.steps_of_total(world, *dimension, *position, way)
            }
            None => Vec::new(),
        }
    }

    fn steps_of_cell(
        &self,
        world: &World,
        (down, row): (Dimension, u16),
        (across, column): (Dimension, u16),
        way: Way,
    ) -> Vec<Move> {
        let in_row = |kind: Kind| kind.on(down) == row;
        let in_column = |kind: Kind| kind.on(across) == column;
        let (ones, others) = match way {
            Way::Up => (
                frequent(world, |kind| in_row(kind) && !in_column(kind)),
                frequent(world, |kind| !in_row(kind) && in_column(kind)),
            ),
            Way::Down => (
                frequent(world, |kind| in_row(kind) && in_column(kind)),
                frequent(world, |kind| !in_row(kind) && !in_column(kind)),
            ),
        };
        let mut steps = Vec::new();
        for one in &ones {
            for other in &others {
                // The two acts change places in one dimension or in the other.
                for dimension in [across, down] {
                    steps.push(Move::Swap(*one, *other, dimension));
                }
            }
        }
        let totals_withheld = |dimension: Dimension| {
            self.spots.iter().zip(&self.numbers).any(|(spot, number)| {
                number.withheld && matches!(spot, Spot::Total(of, _) if *of == dimension)
            })
        };
        // Where totals are withheld, a single act may also move.
        for (dimension, position, held_by) in
            [(across, column, (down, row)), (down, row, (across, column))]
        {
            if !totals_withheld(dimension) {
                continue;
            }
            let (other_dimension, other_position) = held_by;
            let beside = frequent(world, |kind| kind.on(other_dimension) == other_position);
            for kind in beside {
                steps.extend(self.single(kind, dimension, position, way));
            }
        }
        steps
    }

    fn steps_of_total(
        &self,
        world: &World,
        dimension: Dimension,
        position: u16,
        way: Way,
    ) -> Vec<Move> {
        frequent(world, |_| true)
            .into_iter()
            .flat_map(|kind| self.single(kind, dimension, position, way))
            .collect()
    }

    /// One act moving into a category, or out of it into any other.
    fn single(&self, kind: Kind, dimension: Dimension, position: u16, way: Way) -> Vec<Move> {
        let inside = kind.on(dimension) == position;
        let targets: Vec<u16> = match way {
            Way::Up if !inside => vec![position],
            Way::Down if inside => {
                let size = self
                    .categories
                    .iter()
                    .find(|(of, _)| *of == dimension)
                    .map_or(0, |(_, categories)| categories.len());
                (0..u16::try_from(size).unwrap_or(u16::MAX))
                    .filter(|target| *target != position)
                    .collect()
            }
            _ => Vec::new(),
        };
        targets
            .into_iter()
            .map(|target| Move::Single(kind, dimension, target))
            .collect()
    }

    fn publish(
        &self,
        counted: &Counted,
        total: u32,
        held_back: u32,
        earlier: Option<&Earlier>,
    ) -> Published {
        let number = |at: usize| {
            let number = self.known(at);
            if number.withheld {
                Number::Withheld
            } else {
                Number::Shown(number.truth)
            }
        };
        let start = |of: usize| self.starts.get(of).copied().unwrap_or_default();
        let of = |dimension: Dimension| -> Vec<Category> {
            self.categories
                .iter()
                .find(|(of, _)| *of == dimension)
                .map_or_else(Vec::new, |(_, categories)| categories.clone())
        };
        let totals = |dimension: Dimension| -> Vec<Number> {
            let place = Dimension::ALL
                .into_iter()
                .position(|one| one == dimension)
                .unwrap_or_default();
            let (start, _) = start(Dimension::PAIRS.len() + place);
            (0..of(dimension).len())
                .map(|at| number(start + at))
                .collect()
        };
        let tables = Dimension::PAIRS
            .into_iter()
            .enumerate()
            .map(|(pair, (down, across))| {
                let (start, width) = start(pair);
                Table {
                    down,
                    across,
                    rows: of(down),
                    columns: of(across),
                    cells: (0..of(down).len())
                        .map(|row| {
                            (0..width)
                                .map(|column| number(start + row * width + column))
                                .collect()
                        })
                        .collect(),
                    row_totals: totals(down),
                    column_totals: totals(across),
                    total,
                }
            })
            .collect();
        Published {
            release: counted.terms.release.clone(),
            made: counted.terms.today,
            cut_off: counted.cut_off,
            delay_days: counted.terms.delay_days,
            threshold: self.threshold,
            period: counted.terms.period,
            place: counted.terms.place,
            total,
            tables,
            held_back,
            previous: earlier.map(|earlier| earlier.release().clone()),
        }
    }
}

/// The most frequent kinds of act that fit, the most frequent first.
fn frequent(world: &World, fits: impl Fn(Kind) -> bool) -> Vec<Kind> {
    let mut kinds: Vec<(std::cmp::Reverse<u32>, Kind)> = world
        .kinds
        .iter()
        .filter(|(kind, _)| fits(**kind))
        .map(|(kind, acts)| (std::cmp::Reverse(*acts), *kind))
        .collect();
    kinds.sort_unstable();
    kinds.truncate(TRIED);
    kinds.into_iter().map(|(_, kind)| kind).collect()
}
