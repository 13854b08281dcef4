//! The dev tool: shows Temoin, tests it, measures it. `cargo xtask` lists what it can do.
//!
//! It starts the real binaries and talks to them as a stranger would. No part of the product
//! depends on it, and nothing in it decides anything about a testimony.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for a terminal prints"
)]

mod bare;
mod bench;
mod broken;
mod broken_line;
mod child;
mod deb;
mod decoders;
mod demo;
mod fuzz;
mod gate;
mod hand;
mod interrupt;
mod journeys;
mod kill;
mod line;
mod link;
mod load;
mod machine;
mod manual;
mod million;
mod office;
mod onion;
mod past;
mod peers;
mod place;
mod plant;
mod planted;
mod prove;
mod proxy;
mod readers;
mod reproducible;
mod served;
mod slow;
mod soak;
mod stage;
mod upload;
mod vectors;
mod weigh;
mod wire;

use std::process::ExitCode;

use broken::Broken;

const HELP: &str = "\
cargo xtask demo             relay, desk and pages with a new office and sample cases; Ctrl-C ends it
cargo xtask demo --check     the whole journey in headless Chromium, a line a step
cargo xtask test [STEP…]     the gate: everything, or the steps whose names contain one of the words
cargo xtask bench post       the figures of docs/performance.md      [--json] [--quick] [--only PART]
cargo xtask bench desk       a desk with many cases: opening, pages, search   [--json] [--cases N]
cargo xtask soak [RUN…]      the long runs, all or by name, and a dated report   [--short]
cargo xtask link             whether the slow link is as slow as it says  [--kbit N] [--lost-of-1000 N] …
cargo xtask fuzz             libFuzzer on every door, with nightly   [--seconds N] [--pure] [TARGET…]
cargo xtask prove            the symbolic models of models/, and each property broken once
cargo xtask vectors          both languages read the vectors, in both directions
cargo xtask man              completions and manual pages of the binaries   [--to FOLDER]
cargo xtask deb              a Debian package of each program, into target/deb
cargo xtask deb --check      packed twice, looked at: fields, files, rights, folders of here, lintian
                             (on an empty Debian, as root: cargo xtask soak packages)
cargo xtask tidy             the rules of the house alone
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["demo"] => demo::show(),
        ["demo", "--check"] => demo::check(),
        ["test", "--list"] => gate::list(),
        ["test", steps @ ..] => gate::run(steps),
        ["bench", "post", flags @ ..] => bench::post(flags),
        ["bench", "desk", flags @ ..] => weigh::desk(flags),
        ["soak", flags @ ..] => soak::run(flags),
        ["link", flags @ ..] => link::run(flags),
        ["fuzz", words @ ..] => fuzz::run(words),
        ["prove"] => prove::prove(),
        ["vectors"] => vectors::both_languages(),
        ["man"] => manual::write(None),
        ["man", "--to", folder] => manual::write(Some(folder)),
        ["deb"] => deb::write(),
        ["deb", "--check"] => deb::check().map(|told| println!("{told}")),
        ["tidy"] => gate::run(&["tidy"]),
        // Not for people: the other ends of benches, in processes of their own.
        ["bare-server", threads] => bare::serve(threads),
        ["far-end", address] => link::far_end(address),
        ["near-end", at, bytes] => link::near_end(at, bytes),
        ["link-held"] => link::hold(),
        ["far-counter", address, target, file] => broken_line::counter(address, target, file),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => {
            eprint!("{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(Broken(why)) => {
            eprintln!("xtask: {why}");
            ExitCode::FAILURE
        }
    }
}
