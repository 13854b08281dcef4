//! An attacker: what can be calculated from what is published.
//!
//! It shares nothing with the protection but the published tables. It sets up what everyone can:
//! in every row and column the numbers add up to the total, totals of one category are the same in
//! every table that has it, and a withheld number is at least one, because zeros are shown. Linear
//! programs then give the least and the most each withheld number can be.

use std::collections::BTreeMap;
use std::fmt;

use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Problem};

use crate::published::{Number, Published};

/// Between what a withheld number must lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The table.
    pub table: String,
    /// The code of the row; `total` for the total of a column.
    pub row: String,
    /// The code of the column; `total` for the total of a row.
    pub column: String,
    /// The least it can be.
    pub least: u32,
    /// The most it can be.
    pub most: u32,
}

/// The attacker's sums have no solution: the tables contradict themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsolved;

impl fmt::Display for Unsolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the published tables contradict themselves; do not publish them, and report this",
        )
    }
}

impl std::error::Error for Unsolved {}

/// Calculates, for every withheld number of a release, the least and the most it can be.
pub fn attack(published: &Published) -> Result<Vec<Interval>, Unsolved> {
    let sums = Sums::of(published);
    let ranges = sums.ranges(None)?;
    Ok(sums
        .unknowns
        .into_iter()
        .zip(ranges)
        .map(|((table, row, column), (least, most))| Interval {
            table,
            row,
            column,
            least,
            most,
        })
        .collect())
}

/// Whether every withheld number can be values at least this far apart.
pub(crate) fn wide_enough(published: &Published, width: u32) -> Result<bool, Unsolved> {
    let ranges = Sums::of(published).ranges(Some(width))?;
    Ok(ranges
        .into_iter()
        .all(|(least, most)| most.saturating_sub(least) >= width))
}

/// What everyone can write down about the withheld numbers.
struct Sums {
    /// Each withheld number once: its table, row and column.
    unknowns: Vec<(String, String, String)>,
    /// Each row and column that has any: the numbers with their signs, and what they add up to.
    sums: Vec<(Vec<(usize, i8)>, i64)>,
    /// More than any number can be.
    total: u32,
}

impl Sums {
    fn of(published: &Published) -> Self {
        let mut sums = Self {
            unknowns: Vec::new(),
            sums: Vec::new(),
            total: published.total(),
        };
        let mut totals: BTreeMap<(&str, &str), usize> = BTreeMap::new();
        for table in published.tables() {
            let name = table.name();
            // The total of a category is one number, whichever table shows it.
            let mut total_of =
                |dimension: &'static str, code, row: &str, column: &str, sums: &mut Self| {
                    *totals
                        .entry((dimension, code))
                        .or_insert_with(|| sums.unknown(&name, row, column))
                };
            let columns = table.columns();
            let mut down: Vec<(Vec<(usize, i8)>, i64)> = vec![(Vec::new(), 0); columns.len()];
            let mut all_rows = (Vec::new(), i64::from(table.total()));
            for (row, cells, total) in table.rows() {
                let mut across = (Vec::new(), 0);
                for ((column, number), down) in columns.iter().zip(cells).zip(&mut down) {
                    match number {
                        Number::Shown(number) => {
                            across.1 -= i64::from(*number);
                            down.1 -= i64::from(*number);
                        }
                        Number::Withheld => {
                            let at = sums.unknown(&name, &row.code, &column.code);
                            across.0.push((at, 1));
                            down.0.push((at, 1));
                        }
                    }
                }
                match total {
                    Number::Shown(number) => {
                        across.1 += i64::from(number);
                        all_rows.1 -= i64::from(number);
                    }
                    Number::Withheld => {
                        let at = total_of(
                            table.down().code(),
                            &row.code,
                            &row.code,
                            "total",
                            &mut sums,
                        );
                        across.0.push((at, -1));
                        all_rows.0.push((at, 1));
                    }
                }
                sums.add(across);
            }
            let mut all_columns = (Vec::new(), i64::from(table.total()));
            for ((column, total), mut down) in columns.iter().zip(table.column_totals()).zip(down) {
                match total {
                    Number::Shown(number) => {
                        down.1 += i64::from(*number);
                        all_columns.1 -= i64::from(*number);
                    }
                    Number::Withheld => {
                        let at = total_of(
                            table.across().code(),
                            &column.code,
                            "total",
                            &column.code,
                            &mut sums,
                        );
                        down.0.push((at, -1));
                        all_columns.0.push((at, 1));
                    }
                }
                sums.add(down);
            }
            sums.add(all_rows);
            sums.add(all_columns);
        }
        sums
    }

    fn unknown(&mut self, table: &str, row: &str, column: &str) -> usize {
        self.unknowns
            .push((table.to_owned(), row.to_owned(), column.to_owned()));
        self.unknowns.len() - 1
    }

    fn add(&mut self, sum: (Vec<(usize, i8)>, i64)) {
        if !sum.0.is_empty() {
            self.sums.push(sum);
        }
    }

    /// The least and the most each can be; with `enough`, only until they are that far apart.
    fn ranges(&self, enough: Option<u32>) -> Result<Vec<(u32, u32)>, Unsolved> {
        let mut ranges: Vec<(f64, f64)> =
            vec![(f64::INFINITY, f64::NEG_INFINITY); self.unknowns.len()];
        for island in self.islands() {
            for at in &island {
                for direction in [
                    OptimizationDirection::Minimize,
                    OptimizationDirection::Maximize,
                ] {
                    let (least, most) = ranges.get(*at).copied().unwrap_or_default();
                    if enough.is_some_and(|width| {
                        whole(most, false).saturating_sub(whole(least, true)) >= width
                    }) {
                        break;
                    }
                    // Every solution says something about every number in it.
                    for (other, value) in self.solve(&island, *at, direction)? {
                        if let Some((least, most)) = ranges.get_mut(other) {
                            *least = least.min(value);
                            *most = most.max(value);
                        }
                    }
                }
            }
        }
        Ok(ranges
            .into_iter()
            .map(|(least, most)| (whole(least, true), whole(most, false)))
            .collect())
    }

    /// The withheld numbers that have a say in one another's sums, apart from all others.
    fn islands(&self) -> Vec<Vec<usize>> {
        let mut island_of: Vec<usize> = (0..self.unknowns.len()).collect();
        for (terms, _) in &self.sums {
            let Some(smallest) = terms
                .iter()
                .filter_map(|(at, _)| island_of.get(*at))
                .min()
                .copied()
            else {
                continue;
            };
            let joined: Vec<usize> = terms
                .iter()
                .filter_map(|(at, _)| island_of.get(*at).copied())
                .collect();
            for island in &mut island_of {
                if joined.contains(island) {
                    *island = smallest;
                }
            }
        }
        let mut islands: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, island) in island_of.into_iter().enumerate() {
            islands.entry(island).or_default().push(at);
        }
        islands.into_values().collect()
    }

    fn solve(
        &self,
        island: &[usize],
        target: usize,
        direction: OptimizationDirection,
    ) -> Result<Vec<(usize, f64)>, Unsolved> {
        let mut problem = Problem::new(direction);
        let variables: BTreeMap<usize, _> = island
            .iter()
            .map(|at| {
                let weight = if *at == target { 1.0 } else { 0.0 };
                (*at, problem.add_var(weight, (1.0, f64::from(self.total))))
            })
            .collect();
        for (terms, sum) in &self.sums {
            if !terms.iter().any(|(at, _)| variables.contains_key(at)) {
                continue;
            }
            let mut expression = LinearExpr::empty();
            for (at, sign) in terms {
                if let Some(variable) = variables.get(at) {
                    expression.add(*variable, f64::from(*sign));
                }
            }
            let sum = i32::try_from(*sum).map_err(|_| Unsolved)?;
            problem.add_constraint(expression, ComparisonOp::Eq, f64::from(sum));
        }
        let solution = problem
            .solve()
            .map_err(|_| Unsolved)?
            .into_solution()
            .map_err(|_| Unsolved)?;
        Ok(variables
            .iter()
            .map(|(at, variable)| (*at, solution.var_value(*variable)))
            .collect())
    }
}

/// The nearest whole number inside the range: the solver's values are exact to far less than this.
fn whole(value: f64, up: bool) -> u32 {
    let value = if up {
        (value - 1e-6).ceil()
    } else {
        (value + 1e-6).floor()
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the value is clamped into the range of the type first"
    )]
    let whole = value.clamp(0.0, f64::from(u32::MAX)) as u32;
    whole
}
