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
    released([number, acts, quarters, places, groups], 5, 90)
}

fn released(
    [number, acts, quarters, places, groups]: [u32; 5],
    threshold: u32,
    delay_days: u32,
) -> Published {
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
        delay_days,
        threshold,
        period: PeriodSize::Quarter,
        place: PlaceSize::FirstTier,
    };
    protect(count(&facts, &terms, &names), None).unwrap()
}

fn shown(language: Language, published: &Published) -> String {
    String::from_utf8(page(language, "Office <of> the Lakes", published, &BOTH)).unwrap()
}

#[test]
fn a_page_holds_every_number_that_is_published_and_says_of_every_other_that_it_is_not() {
    let published = invented(300, 10, 8, 8, 6);
    for (language, hidden) in [
        (Language::English, ">not shown<"),
        (Language::French, ">non publié<"),
    ] {
        let page = shown(language, &published);
        assert_eq!(
            page.matches(&format!("<td class=\"w\"{hidden}")).count(),
            published.withheld()
        );
        for table in published.tables() {
            for (row, cells, _) in table.rows() {
                assert!(
                    page.contains(&row.label(language).replace('&', "&amp;")),
                    "{}",
                    row.code
                );
                for number in cells.iter().filter_map(|number| number.shown()) {
                    assert!(page.contains(&format!("<td>{number}</td>")));
                }
            }
        }
    }
}

#[test]
fn a_page_says_what_is_counted_that_it_is_a_minimum_and_how_it_was_protected() {
    let published = invented(120, 6, 4, 5, 4);
    let english = shown(Language::English, &published);
    for said in [
        "a minimum, never the number of all acts",
        "documented",
        "Reasonable grounds to believe",
        "from 1 to 4",
        "2 April 2025",
        "1 July 2025",
        "2025-h1",
        "at least 90 days",
    ] {
        assert!(english.contains(said), "{said}");
    }
    let french = shown(Language::French, &published);
    for said in [
        "un minimum, jamais",
        "2 avril 2025",
        "1er juillet 2025",
        "de 1 à 4",
        "au moins 90 jours",
    ] {
        assert!(french.contains(said), "{said}");
    }
    assert!(
        !english.to_lowercase().contains("total"),
        "a count from one list is never called a total"
    );
    assert!(!english.contains('{') || english.find('{') > english.find("<style>"));
}

#[test]
fn the_lowest_settings_are_told_in_sentences_of_their_own() {
    let lowest = released([120, 6, 4, 5, 4], 1, 0);
    let page = shown(Language::English, &lowest);
    assert!(page.contains("The number 1 is not shown") && page.contains("ended the day before"));
    assert!(!page.contains("from 1 to") && !page.contains("0 days before"));
    let page = shown(Language::French, &lowest);
    assert!(page.contains("Le nombre 1 n’est pas") && page.contains("achevées la veille"));
    assert!(!page.contains("de 1 à") && !page.contains("moins 0 jours"));
}

#[test]
fn a_page_runs_nothing_fetches_nothing_and_stays_small() {
    for published in [
        invented(40, 5, 4, 4, 4),
        invented(300, 10, 8, 8, 6),
        invented(1000, 12, 8, 8, 8),
    ] {
        for language in BOTH {
            let page = shown(language, &published);
            for never in [
                "<script", "http://", "https://", "style=\"", "<img", "@import",
            ] {
                assert!(!page.contains(never), "{never}");
            }
            assert!(page.contains("Content-Security-Policy"));
            assert!(page.contains("Office &lt;of&gt; the Lakes"));
            assert!(page.len() <= 60_000, "{} bytes", page.len());
        }
    }
}

#[test]
fn a_release_is_a_folder_of_pages_tables_and_one_file_for_programs() {
    let published = invented(300, 10, 8, 8, 6);
    let made = files("Office", &published, &BOTH);
    let names: Vec<&str> = made.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names[..2], ["index.html", "fr.html"]);
    assert_eq!(names.len(), 2 + 6 + 1);
    assert_eq!(names[8], "2025-h1.json");
    let page = String::from_utf8(made[0].1.clone()).unwrap();
    for name in &names[1..] {
        assert!(page.contains(&format!("href=\"{name}\"")), "{name}");
    }
    assert_eq!(made, files("Office", &published, &BOTH));
}
