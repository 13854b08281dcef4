//! Claims about the page of published figures.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop at the first surprise"
)]

use std::num::NonZeroU16;

use figures::{PeriodSize, PlaceNames, PlaceSize, Published, ReleaseId, Terms, count, protect};
use pages::figures::{files, page};
use record::vocabulary::Language;
use record::{Code, Country, Date, Fact, Period, Place};

const BOTH: [Language; 2] = [Language::English, Language::French];

/// Invented acts, some kinds, places, quarters and groups frequent and some rare.
fn invented(number: u32, acts: u32, quarters: u32, places: u32, groups: u32) -> Published {
    let country = Country::read("CD").unwrap();
    let mut names = PlaceNames::default();
    let regions = [
        "Nord-Kivu",
        "Sud-Kivu",
        "Ituri",
        "Kasaï",
        "Kinshasa",
        "Tshopo",
        "Lualaba",
        "Équateur",
    ];
    for (at, name) in (1..).zip(regions) {
        names.add(country, NonZeroU16::new(at).unwrap(), name, name);
    }
    let mut state = 20_250_101_u32;
    let mut below = |limit: u32| {
        // Two draws, the smaller taken: small numbers are more frequent.
        let mut draw = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 16) % limit
        };
        draw().min(draw())
    };
    let facts: Vec<Fact> = (0..number)
        .map(|_| {
            let quarter = below(quarters);
            Fact::coded(
                Code::numbered(u16::try_from(below(acts)).unwrap() + 1).unwrap(),
                Period::quarter(
                    2022 + u16::try_from(quarter / 4).unwrap(),
                    u8::try_from(quarter % 4).unwrap() + 1,
                )
                .unwrap(),
                Place::in_admin1(
                    country,
                    NonZeroU16::new(u16::try_from(below(places)).unwrap() + 1).unwrap(),
                )
                .unwrap(),
                Code::numbered(u16::try_from(below(groups)).unwrap() + 1).unwrap(),
                Code::of("grounds-to-believe").unwrap(),
                1,
            )
        })
        .collect();
    let terms = Terms {
        release: ReleaseId::new("2025-h1").unwrap(),
        today: Date::new(2025, 7, 1).unwrap(),
        delay_days: 90,
        threshold: 5,
        period: PeriodSize::Quarter,
        place: PlaceSize::FirstTier,
    };
    protect(count(&facts, &terms, &names), None).unwrap()
}

fn main(){ for (n,p) in [("s",invented(40,5,4,4,4)),("m",invented(300,8,6,6,5)),("l",invented(1000,12,8,8,8))] { for l in BOTH { let b=page(l,"Office of the Lakes",&p,&BOTH); println!("{n} {} {} withheld {}",l.tag(),b.len(),p.withheld()); std::fs::write(format!("/tmp/fig-{n}-{}.html",l.tag()),b).unwrap(); } } let _=files; }
