//! `temoin`: see the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    temoin::run(std::env::args_os()).into()
}
