//! The terminal: typed words that are not shown, and drawn words that do not stay on it.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

/// No typed line is longer.
const LONGEST_LINE: u64 = 4_096;

/// Asks for a line on the terminal itself, whatever the standard input is, and shows nothing of
/// what is typed: a terminal keeps what it showed.
pub(crate) fn ask_unseen(prompt: &str) -> io::Result<Zeroizing<String>> {
    let mut terminal = File::options().read(true).write(true).open("/dev/tty")?;
    let typed = {
        // Before the question: what a quick hand types is not shown either, and not lost.
        let _quiet = Quiet::on(terminal.try_clone()?)?;
        write!(terminal, "{prompt}")?;
        terminal.flush()?;
        read_line(&terminal)?
    };
    writeln!(terminal)?;
    Ok(typed)
}

/// Shows a page on the terminal and takes it away when Enter is pressed. Without a terminal it is
/// printed, and whoever reads the output sees to the rest. Whether a terminal showed it comes back.
pub(crate) fn show_once(page: &str, prompt: &str) -> io::Result<bool> {
    let terminal = File::options().read(true).write(true).open("/dev/tty");
    match terminal {
        Ok(mut terminal) if io::stdout().is_terminal() => {
            // The other screen of a terminal keeps no history.
            write!(terminal, "\x1b[?1049h\x1b[2J\x1b[H{page}\n\n{prompt}")?;
            terminal.flush()?;
            let answered = read_line(&terminal);
            write!(terminal, "\x1b[2J\x1b[?1049l")?;
            terminal.flush()?;
            answered.map(|_| true)
        }
        _ => writeln!(io::stdout(), "{page}").map(|()| false),
    }
}

/// One line of a file or of the standard input, bounded.
pub(crate) fn read_line(from: impl Read) -> io::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::with_capacity(4_096));
    BufReader::with_capacity(1, from.take(LONGEST_LINE)).read_line(&mut line)?;
    Ok(line)
}

/// A terminal that shows nothing of what is typed, until this is dropped.
struct Quiet {
    terminal: File,
    before: Termios,
}

impl Quiet {
    fn on(terminal: File) -> io::Result<Self> {
        let before = tcgetattr(&terminal)?;
        let mut quiet = before.clone();
        quiet.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&terminal, OptionalActions::Flush, &quiet)?;
        Ok(Self { terminal, before })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        // If the terminal is gone there is nothing to give back.
        tcsetattr(&self.terminal, OptionalActions::Flush, &self.before).ok();
    }
}
