//! Completions and manual pages of the four binaries, written into a folder. Called by
//! `cargo xtask man`; an example, so that `xtask` itself starts without the office's software.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap_complete::Shell;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        return ExitCode::from(2);
    };
    let commands = [
        relay::command(),
        doorstep::command(),
        temoin::command(),
        temoin_report::command(),
    ];
    for command in commands {
        if write(&folder, command).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// One page for the program and one for each of its verbs; a completion for each shell.
fn write(folder: &Path, command: clap::Command) -> std::io::Result<()> {
    let (pages, completions) = (folder.join("man1"), folder.join("completions"));
    std::fs::create_dir_all(&pages)?;
    std::fs::create_dir_all(&completions)?;
    let name = command.get_name().to_owned();
    let mut command = command.bin_name(&name);
    clap_mangen::generate_to(command.clone(), &pages)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command, &name, &completions)?;
    }
    Ok(())
}
