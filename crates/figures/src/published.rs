//! A release: tables one may hand to anyone, and their open formats.

use std::collections::BTreeMap;
use std::fmt;
use std::fmt::Write as _;

use record::{Date, Language};
use serde_json::{Value, json};

use crate::count::{Category, Dimension};
use crate::terms::{PeriodSize, PlaceSize, ReleaseId};

/// The version of the JSON that this release of the software writes and the newest it reads.
pub const VERSION: u64 = 1;

/// A release of figures. Only [`protect()`](crate::protect()) makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub(crate) release: ReleaseId,
    pub(crate) made: Date,
    pub(crate) cut_off: Date,
    pub(crate) delay_days: u32,
    pub(crate) threshold: u32,
    pub(crate) period: PeriodSize,
    pub(crate) place: PlaceSize,
    pub(crate) total: u32,
    pub(crate) tables: Vec<Table>,
    pub(crate) held_back: u32,
    pub(crate) previous: Option<ReleaseId>,
}

/// A number of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// So many acts, zero included.
    Shown(u32),
    /// Not shown: small, or it would give a small one away. It is at least one.
    Withheld,
}

impl Number {
    /// The number, if it is shown.
    pub const fn shown(self) -> Option<u32> {
        match self {
            Self::Shown(number) => Some(number),
            Self::Withheld => None,
        }
    }
}

/// A two-way table with its totals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub(crate) down: Dimension,
    pub(crate) across: Dimension,
    pub(crate) rows: Vec<Category>,
    pub(crate) columns: Vec<Category>,
    pub(crate) cells: Vec<Vec<Number>>,
    pub(crate) row_totals: Vec<Number>,
    pub(crate) column_totals: Vec<Number>,
    pub(crate) total: u32,
}

impl Table {
    /// The stable name, such as `act-by-period`.
    pub fn name(&self) -> String {
        format!("{}-by-{}", self.down.code(), self.across.code())
    }

    /// The heading in a language.
    pub const fn title(&self, language: Language) -> &'static str {
        use Dimension::{Act, Period, Place, Victim};
        let (en, fr) = match (self.down, self.across) {
            (Act, Period) => ("Kinds of act by period", "Types d’actes par période"),
            (Act, Place) => ("Kinds of act by place", "Types d’actes par lieu"),
            (Act, _) => (
                "Kinds of act by group of people attacked",
                "Types d’actes par groupe de personnes visées",
            ),
            (Place, Victim) => (
                "Places by group of people attacked",
                "Lieux par groupe de personnes visées",
            ),
            (Place, _) => ("Places by period", "Lieux par période"),
            _ => (
                "Groups of people attacked by period",
                "Groupes de personnes visées par période",
            ),
        };
        match language {
            Language::English => en,
            Language::French => fr,
        }
    }

    /// What stands down the side.
    pub fn down(&self) -> Dimension {
        self.down
    }

    /// What stands across the top.
    pub fn across(&self) -> Dimension {
        self.across
    }

    /// The columns.
    pub fn columns(&self) -> &[Category] {
        &self.columns
    }

    /// The rows: what each is, its numbers in the order of the columns, its total.
    pub fn rows(&self) -> impl Iterator<Item = (&Category, &[Number], Number)> {
        self.rows
            .iter()
            .zip(&self.cells)
            .zip(&self.row_totals)
            .map(|((row, cells), total)| (row, cells.as_slice(), *total))
    }

    /// The totals of the columns.
    pub fn column_totals(&self) -> &[Number] {
        &self.column_totals
    }

    /// The total of the table.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// Every number with its codes; `total` stands for a margin.
    fn numbers(&self) -> impl Iterator<Item = (&Category, &Category, Number)> {
        let cells = self.rows().flat_map(move |(row, cells, total)| {
            self.columns
                .iter()
                .zip(cells.iter().copied())
                .chain(std::iter::once((&*TOTAL, total)))
                .map(move |(column, number)| (row, column, number))
        });
        let totals = self
            .columns
            .iter()
            .zip(self.column_totals.iter().copied())
            .chain(std::iter::once((&*TOTAL, Number::Shown(self.total))))
            .map(|(column, number)| (&*TOTAL, column, number));
        cells.chain(totals)
    }
}

static TOTAL: std::sync::LazyLock<Category> = std::sync::LazyLock::new(|| Category {
    code: "total".to_owned(),
    en: "All".to_owned(),
    fr: "Ensemble".to_owned(),
});

impl Published {
    /// How the release is called.
    pub fn release(&self) -> &ReleaseId {
        &self.release
    }

    /// The day it was made.
    pub fn made(&self) -> Date {
        self.made
    }

    /// The day before which a period must have ended to be counted.
    pub fn cut_off(&self) -> Date {
        self.cut_off
    }

    /// How many days lie between the end of a period and the release, at least.
    pub fn delay_days(&self) -> u32 {
        self.delay_days
    }

    /// The lowest number above zero that is shown.
    pub fn threshold(&self) -> u32 {
        self.threshold
    }

    /// The code of the lowest standard of proof that is counted.
    pub fn standard(&self) -> &'static str {
        "grounds-to-believe"
    }

    /// The code of what is counted.
    pub fn counts(&self) -> &'static str {
        "acts"
    }

    /// How many acts were counted in all.
    pub fn total(&self) -> u32 {
        self.total
    }

    /// The tables.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// How many numbers of the tables are withheld, totals included; a total that two tables share
    /// counts in each.
    pub fn withheld(&self) -> usize {
        self.tables
            .iter()
            .flat_map(Table::numbers)
            .filter(|(_, _, number)| *number == Number::Withheld)
            .count()
    }

    /// How many numbers were withheld because they differ too little from the release before.
    pub fn held_back(&self) -> u32 {
        self.held_back
    }

    /// The release it was compared with.
    pub fn previous(&self) -> Option<&ReleaseId> {
        self.previous.as_ref()
    }

    /// The release as JSON: the same release gives the same bytes.
    pub fn to_json(&self) -> String {
        let categories = |categories: &[Category]| -> Value {
            categories
                .iter()
                .map(
                    |category| json!({"code": category.code, "en": category.en, "fr": category.fr}),
                )
                .collect()
        };
        let numbers = |numbers: &[Number]| -> Value {
            numbers
                .iter()
                .map(|number| number.shown().map_or(Value::Null, Value::from))
                .collect()
        };
        let tables: Vec<Value> = self
            .tables
            .iter()
            .map(|table| {
                json!({
                    "name": table.name(),
                    "down": table.down.code(),
                    "across": table.across.code(),
                    "rows": categories(&table.rows),
                    "columns": categories(&table.columns),
                    "cells": table.cells.iter().map(|row| numbers(row)).collect::<Value>(),
                    "row_totals": numbers(&table.row_totals),
                    "column_totals": numbers(&table.column_totals),
                    "total": table.total,
                })
            })
            .collect();
        let release = json!({
            "format": "temoin-figures",
            "version": VERSION,
            "release": self.release.as_str(),
            "made": self.made.to_string(),
            "previous": self.previous.as_ref().map(ReleaseId::as_str),
            "counts": self.counts(),
            "note": "Documented acts, a minimum and never a total. One act is one kind of act against one person or group. null: withheld, at least one.",
            "standard": self.standard(),
            "cut_off": self.cut_off.to_string(),
            "delay_days": self.delay_days,
            "threshold": self.threshold,
            "withheld": self.withheld(),
            "held_back": self.held_back,
            "tables": tables,
        });
        let mut text = format!("{release:#}");
        text.push('\n');
        text
    }

    /// One tidy file a table: its name, and its content as CSV (UTF-8, one number a line).
    pub fn to_csv(&self) -> Vec<(String, String)> {
        self.tables
            .iter()
            .map(|table| {
                let mut text = String::from(
                    "release,counts,standard,cut_off,row_code,row_en,row_fr,column_code,column_en,column_fr,number,status\r\n",
                );
                for (row, column, number) in table.numbers() {
                    let (number, status) = match number {
                        Number::Shown(number) => (number.to_string(), "shown"),
                        Number::Withheld => (String::new(), "withheld"),
                    };
                    let fields = [
                        self.release.as_str(),
                        self.counts(),
                        self.standard(),
                        &self.cut_off.to_string(),
                        &row.code,
                        &row.en,
                        &row.fr,
                        &column.code,
                        &column.en,
                        &column.fr,
                        &number,
                        status,
                    ];
                    let fields: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
                    // Writing into a string does not fail.
                    if writeln!(text, "{}\r", fields.join(",")).is_err() {
                        text.push('\u{FFFD}');
                    }
                }
                (format!("{}-{}.csv", self.release, table.name()), text)
            })
            .collect()
    }
}

/// A field of CSV (RFC 4180), quoted where it must be. A text that a spreadsheet would take for a
/// formula gets an apostrophe in front.
fn quoted(field: &str) -> String {
    let formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let field = if formula {
        format!("'{field}")
    } else {
        field.to_owned()
    };
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field
    }
}

/// A release that went out before, read back from its JSON, to compare the next one with.
///
/// It is not a [`Published`]: a file may say anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    release: ReleaseId,
    total: u32,
    numbers: BTreeMap<(String, String, String), u32>,
}

/// Why a file is not an earlier release; choose the JSON file of the release before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotARelease {
    /// Not JSON, or not of a release.
    NotOurs,
    /// Of a newer version; update first.
    TooNew {
        /// The version it names.
        version: u64,
    },
}

impl fmt::Display for NotARelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs => f.write_str(
                "this is not the JSON of a release of figures; choose the file of the release before",
            ),
            Self::TooNew { version } => write!(
                f,
                "this release has version {version} and this program reads {VERSION}; update, then compare"
            ),
        }
    }
}

impl std::error::Error for NotARelease {}

impl Earlier {
    /// Reads the JSON of a release.
    pub fn from_json(json: &[u8]) -> Result<Self, NotARelease> {
        let value: Value = serde_json::from_slice(json).map_err(|_| NotARelease::NotOurs)?;
        if value.get("format").and_then(Value::as_str) != Some("temoin-figures") {
            return Err(NotARelease::NotOurs);
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(VERSION) => {}
            Some(version) => return Err(NotARelease::TooNew { version }),
            None => return Err(NotARelease::NotOurs),
        }
        Self::read(&value).ok_or(NotARelease::NotOurs)
    }

    fn read(value: &Value) -> Option<Self> {
        let release = ReleaseId::new(value.get("release")?.as_str()?).ok()?;
        let mut numbers = BTreeMap::new();
        let mut total = 0;
        for table in value.get("tables")?.as_array()? {
            let name = table.get("name")?.as_str()?;
            let codes = |key: &str| -> Option<Vec<String>> {
                table
                    .get(key)?
                    .as_array()?
                    .iter()
                    .map(|category| Some(category.get("code")?.as_str()?.to_owned()))
                    .collect()
            };
            let (rows, columns) = (codes("rows")?, codes("columns")?);
            let mut keep = |row: &str, column: &str, number: &Value| -> Option<()> {
                if number.is_null() {
                    return Some(());
                }
                let number = u32::try_from(number.as_u64()?).ok()?;
                numbers.insert((name.to_owned(), row.to_owned(), column.to_owned()), number);
                Some(())
            };
            for (row, cells) in rows.iter().zip(table.get("cells")?.as_array()?) {
                for (column, number) in columns.iter().zip(cells.as_array()?) {
                    keep(row, column, number)?;
                }
            }
            for (row, number) in rows.iter().zip(table.get("row_totals")?.as_array()?) {
                keep(row, "total", number)?;
            }
            for (column, number) in columns.iter().zip(table.get("column_totals")?.as_array()?) {
                keep("total", column, number)?;
            }
            total = u32::try_from(table.get("total")?.as_u64()?).ok()?;
        }
        Some(Self {
            release,
            total,
            numbers,
        })
    }

    /// How it is called.
    pub fn release(&self) -> &ReleaseId {
        &self.release
    }

    pub(crate) fn total(&self) -> u32 {
        self.total
    }

    /// What it showed in a place of a table; `total` stands for a margin.
    pub(crate) fn showed(&self, table: &str, row: &str, column: &str) -> Option<u32> {
        self.numbers
            .get(&(table.to_owned(), row.to_owned(), column.to_owned()))
            .copied()
    }
}
