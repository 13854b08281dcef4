//! A child process that never outlives what started it, and whose lines can be waited for.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child as Process, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::broken::{Try, While, stop};
use crate::interrupt;

/// Ended when dropped.
pub(crate) struct Child {
    name: String,
    process: Process,
    lines: Receiver<String>,
}

impl Child {
    /// Starts a program in a process group of its own, so that Ctrl-C in the terminal reaches this
    /// process alone and children are ended in order. What it says on stderr goes to ours.
    pub(crate) fn start(name: &str, command: &mut Command) -> Try<Self> {
        let mut process = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .doing(|| format!("starting {name}"))?;
        let (send, lines) = channel();
        if let Some(stdout) = process.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                    if send.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Self {
            name: name.to_owned(),
            process,
            lines,
        })
    }

    /// The rest of the first line that begins so.
    pub(crate) fn line_after(&mut self, beginning: &str, within: Duration) -> Try<String> {
        let until = Instant::now() + within;
        loop {
            if interrupt::asked() {
                return stop("asked to end");
            }
            match self.lines.recv_timeout(Duration::from_millis(100)) {
                Ok(line) => {
                    if let Some(rest) = line.trim().strip_prefix(beginning) {
                        return Ok(rest.trim().to_owned());
                    }
                }
                Err(RecvTimeoutError::Disconnected) => {
                    return stop(format!("{} ended without saying “{beginning}”", self.name));
                }
                Err(RecvTimeoutError::Timeout) if Instant::now() > until => {
                    return stop(format!(
                        "{} did not say “{beginning}” within {} s",
                        self.name,
                        within.as_secs()
                    ));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }

    /// Its process number.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Whether it is still there.
    pub(crate) fn runs(&mut self) -> bool {
        matches!(self.process.try_wait(), Ok(None))
    }

    /// `kill -9`: no chance to tidy anything.
    pub(crate) fn kill(mut self) {
        // Already gone is as good.
        let _gone = self.process.kill();
        let _reaped = self.process.wait();
    }

    /// Asks it to end, and ends it if it does not listen.
    pub(crate) fn end(&mut self) {
        if !self.runs() {
            return;
        }
        let Some(pid) = self.pid() else { return };
        let _asked = kill_process(pid, Signal::TERM);
        let until = Instant::now() + Duration::from_secs(5);
        while self.runs() && Instant::now() < until {
            std::thread::sleep(Duration::from_millis(20));
        }
        // The whole group: a browser has children of its own.
        let _ended = kill_process_group(pid, Signal::KILL);
        let _reaped = self.process.wait();
    }

    fn pid(&self) -> Option<Pid> {
        i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.end();
    }
}

/// What a finished program said and how it ended.
pub(crate) struct Ended {
    pub(crate) ok: bool,
    pub(crate) said: String,
}

impl Ended {
    /// The rest of the line that begins so.
    pub(crate) fn line_after(&self, beginning: &str) -> Try<String> {
        self.said
            .lines()
            .find_map(|line| line.trim().strip_prefix(beginning))
            .map(|rest| rest.trim().to_owned())
            .map_or_else(
                || stop(format!("no line “{beginning}” in:\n{}", self.said)),
                Ok,
            )
    }
}

/// Runs a program to its end, showing what it prints as it comes if `shown`.
pub(crate) fn run(name: &str, command: &mut Command, shown: Shown) -> Try<Ended> {
    if interrupt::asked() {
        return stop("asked to end");
    }
    let mut process = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .doing(|| format!("starting {name}"))?;
    let reading = process.stdout.take().map(|out| {
        std::thread::spawn(move || {
            let mut said = String::new();
            // A program that dies while it speaks is told by its status.
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                match shown {
                    Shown::Yes => println!("{line}"),
                    Shown::No => {}
                }
                said.push_str(&line);
                said.push('\n');
            }
            said
        })
    });
    let status = loop {
        match process.try_wait().doing(|| format!("waiting for {name}"))? {
            Some(status) => break status,
            None if interrupt::asked() => {
                if let Some(pid) = i32::try_from(process.id()).ok().and_then(Pid::from_raw) {
                    let _ended = kill_process_group(pid, Signal::TERM);
                }
                let _reaped = process.wait();
                return stop("asked to end");
            }
            None => std::thread::sleep(Duration::from_millis(15)),
        }
    };
    let said = reading
        .and_then(|reading| reading.join().ok())
        .unwrap_or_default();
    Ok(Ended {
        ok: status.success(),
        said,
    })
}

/// Whether a program's lines are shown as they come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    Yes,
    No,
}

/// Runs a program that has to end well.
pub(crate) fn must(name: &str, command: &mut Command, shown: Shown) -> Try<Ended> {
    let ended = run(name, command, shown)?;
    if ended.ok {
        Ok(ended)
    } else {
        let said = if ended.said.trim().is_empty() {
            String::new()
        } else {
            format!(":\n{}", ended.said.trim_end())
        };
        stop(format!("{name} failed{said}"))
    }
}
