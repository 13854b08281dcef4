//! The doorstep's program; see the library for what it does.

fn main() -> std::process::ExitCode {
    doorstep::run(std::env::args_os()).into()
}
