//! `cargo xtask demo`: the whole house, to look at; and `--check`, which looks at it itself.

use std::time::Instant;

use crate::broken::{Try, stop};
use crate::interrupt;
use crate::journeys;
use crate::place::Profile;
use crate::stage::{Stage, Wanted};

/// Up until Ctrl-C.
pub(crate) fn show() -> Try<()> {
    interrupt::watch()?;
    let mut stage = match Stage::set(Wanted {
        epoch_seconds: 10,
        doorstep: true,
        recorded: false,
        samples: true,
        figures: true,
        profile: Profile::Dev,
    }) {
        Ok(stage) => stage,
        // Ctrl-C while it builds or starts: everything is ended already.
        Err(_) if interrupt::asked() => return Ok(()),
        Err(why) => return Err(why),
    };
    println!(
        "\nA new office with sample cases. Everything is on this machine and vanishes with Ctrl-C.\n\n\
         write as a reporter    {}\n\
         work as a caseworker   {}\n\
         read as the public     {}\n\n\
         Letters reach the desk within seconds; an answer can be read ten seconds after it was sent.\n\
         Without script a reporter writes at {}, and whoever runs that server could read along.\n\n\
         Open the desk in another browser, or in a private window: leaving the reporter's page makes\n\
         its browser forget this machine's address, and with it the desk's one-time link.\n\
         Should you lock the desk, its passphrase is: {}",
        stage.reporter,
        stage.desk_link,
        stage.public,
        stage.doorstep_url.as_deref().unwrap_or("(no doorstep)"),
        Stage::passphrase()
    );
    interrupt::wait(|| !stage.all_run());
    if interrupt::asked() {
        drop(stage);
        println!("\nEnded; nothing is left.");
        Ok(())
    } else {
        stop("one of the programs ended by itself; see above")
    }
}

/// The whole journey in Chromium, a line a step.
pub(crate) fn check() -> Try<()> {
    interrupt::watch()?;
    let begin = Instant::now();
    journeys::browsers()?;
    let stage = Stage::set(Wanted {
        epoch_seconds: 2,
        doorstep: false,
        recorded: false,
        samples: true,
        figures: false,
        profile: Profile::Dev,
    })?;
    println!("ready after {:.0} s", begin.elapsed().as_secs_f64());
    let walked = Instant::now();
    let counted = journeys::whole(&stage, "chromium")?;
    drop(stage);
    println!("the journey took {:.0} s", walked.elapsed().as_secs_f64());
    if counted.failed == 0 {
        Ok(())
    } else {
        stop("not every step was seen")
    }
}
