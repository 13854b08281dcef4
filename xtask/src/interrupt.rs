//! Ctrl-C, and the other ways of being asked to end.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::broken::{Try, While, stop};

static ASKED: AtomicBool = AtomicBool::new(false);
static WATCHING: OnceLock<()> = OnceLock::new();

/// From now on SIGINT, SIGTERM and SIGHUP are noted instead of ending this process at once, so
/// that children are ended and folders removed first.
pub(crate) fn watch() -> Try<()> {
    if WATCHING.set(()).is_err() {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .doing(|| "watching for Ctrl-C".to_owned())?;
    let (ready, is_ready) = mpsc::channel();
    std::thread::spawn(move || {
        runtime.block_on(async {
            let (Ok(mut int), Ok(mut term), Ok(mut hup)) = (
                signal(SignalKind::interrupt()),
                signal(SignalKind::terminate()),
                signal(SignalKind::hangup()),
            ) else {
                return;
            };
            // Whoever waits has gone only if the whole task has.
            let _told = ready.send(());
            tokio::select! {
                _ = int.recv() => {}
                _ = term.recv() => {}
                _ = hup.recv() => {}
            }
            ASKED.store(true, Ordering::SeqCst);
        });
    });
    match is_ready.recv() {
        Ok(()) => Ok(()),
        Err(mpsc::RecvError) => stop("this system does not let a process watch for Ctrl-C"),
    }
}

/// Whether someone asked this process to end.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::SeqCst)
}

/// Ends whatever waits here as if someone had asked: a part of this process panicked.
pub(crate) fn ask() {
    ASKED.store(true, Ordering::SeqCst);
}

/// Waits until someone does, or until `over` says there is nothing left to wait for.
pub(crate) fn wait(mut over: impl FnMut() -> bool) {
    while !asked() && !over() {
        std::thread::sleep(Duration::from_millis(100));
    }
}
