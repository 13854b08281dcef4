//! `temoin-relay`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    relay::run(std::env::args_os()).into()
}
