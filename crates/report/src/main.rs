//! The reporter's program; see the library for what it does.

fn main() -> std::process::ExitCode {
    temoin_report::run(std::env::args_os()).into()
}
