//! What readers cost: a thousand of them look through a month of the board, each over a connection of
//! their own, and the relay's CPU is read before and after.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::broken::{Try, While, stop};
use crate::office::{Epochs, Office, SEED};
use crate::place::{self, Folder, Profile};
use crate::served::Served;
use crate::{interrupt, machine, past, wire};

const DAYS: u32 = 30;
const READERS: usize = 1_000;
/// Readers at a time: enough to keep two cores busy, and no more than a small machine has.
const AT_ONCE: usize = 4;

/// What was seen.
pub(crate) struct Cost {
    /// Server CPU a reader, milliseconds.
    pub(crate) cpu_ms: f64,
    /// Bytes of tags a reader fetches, bodies alone.
    pub(crate) tags_bytes: u64,
    /// Cells that were listed, dummies counted.
    pub(crate) cells: u64,
}

/// A relay with at least so many cells within thirty days, and its readers.
pub(crate) fn cost(cells: u32, profile: Profile) -> Try<Cost> {
    place::build(&["relay"], profile)?;
    let folder = Folder::on_disk("readers")?;
    // Few cells come in a small office's epochs; for many the epochs are shorter, since a relay
    // takes no more than 1,024 at a time.
    let a_day = if cells > 100_000 { 36 } else { 4 };
    // The last day is not over.
    let full = (DAYS - 1) * a_day;
    let epochs = Epochs {
        seconds: 86_400 / a_day,
        leaves: 64,
        cells: cells.div_ceil(full),
    };
    let office = Office::of_seed(SEED).founded(2 * DAYS);
    let address: SocketAddr = ([127, 0, 0, 1], wire::free_port()?).into();
    let mut served = Served::founded(&office, profile, folder.path(), address, None)?;
    eprintln!("a board of {cells} cells");
    past::board(&served, &office, epochs, DAYS, &[])?;
    served.start()?;
    let Some(id) = served.id() else {
        return stop("the relay is not running");
    };
    let last = office.today.0;
    let days: Vec<String> = (last + 1 - DAYS..=last)
        .map(|day| format!("/board/days/{day}"))
        .collect();
    let tags_bytes = read(address, &days)?;
    // As the page does it: ten days in one file.
    let paths: Vec<String> = ((last + 1 - DAYS) / 10..=last / 10)
        .map(|ten| format!("/board/tens/{ten}"))
        .collect();
    let before = machine::cpu_seconds(id)?;
    eprintln!("{READERS} readers of {cells} cells");
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..AT_ONCE)
            .map(|_| {
                scope.spawn(|| {
                    for _ in 0..READERS / AT_ONCE {
                        if interrupt::asked() {
                            return stop("asked to end");
                        }
                        one_reader(address, &paths)?;
                    }
                    Ok(())
                })
            })
            .collect();
        running
            .into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| stop("a reader stopped")))
    })?;
    let used = machine::cpu_seconds(id)? - before;
    let records = tags_bytes.saturating_sub(u64::from(DAYS * a_day) * 12);
    Ok(Cost {
        cpu_ms: used * 1e3 / READERS as f64,
        tags_bytes,
        cells: records / 8,
    })
}

/// What the page does: the newest manifest, the notice, the lists of the window, one page of cells.
fn one_reader(address: SocketAddr, lists: &[String]) -> Try<()> {
    let mut paths = vec!["/office/notice".to_owned(), "/board/newest".to_owned()];
    paths.extend_from_slice(lists);
    paths.push("/board/0/cells-0".to_owned());
    read(address, &paths)?;
    Ok(())
}

/// Fetches files one after another over one connection; the bytes of their bodies.
fn read(address: SocketAddr, paths: &[String]) -> Try<u64> {
    let doing = || "reading the board".to_owned();
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(10)).doing(doing)?;
    stream.set_nodelay(true).doing(doing)?;
    let mut bytes = 0;
    for path in paths {
        let request = wire::request(address, "GET", path, &[], &[]);
        stream.write_all(&request).doing(doing)?;
        let answer = wire::read_answer(&mut stream).doing(doing)?;
        if answer.status != 200 {
            return stop(format!("the relay answered {} to {path}", answer.status));
        }
        bytes += answer.body.len() as u64;
    }
    Ok(bytes)
}
