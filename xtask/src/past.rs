//! An office with months behind it: a board as it stands after so many days, made by the relay's own
//! code with the clock handed in, and the office's pages beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use envelope::Cell;
use envelope::keys::RelaySecret;
use pages::reporter::{OfficePage, Own, Script};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::FormLanguage;
use relay::{FolderShelf, Limits, Relay};

use crate::broken::{Try, While, stop};
use crate::office::{Epochs, Office, SEED, now};
use crate::place;
use crate::served::Served;

const DAY_SECONDS: u64 = 86_400;

/// Fills the board of a relay that does not run: so many days, the last of them today. The answer,
/// if any, is listed in the last epoch; every other cell is a dummy.
pub(crate) fn board(
    served: &Served<'_>,
    office: &Office,
    epochs: Epochs,
    days: u32,
    answer: &[Cell],
) -> Try<()> {
    let doing = || "making the board of the past".to_owned();
    let store = served.store();
    let seed = std::fs::read(store.join("relay.key")).doing(doing)?;
    let Ok(seed) = <[u8; 32]>::try_from(seed.as_slice()) else {
        return stop("the relay's seed is not 32 bytes");
    };
    let shelf = FolderShelf::open(&store).doing(doing)?;
    let relay = Relay::open(
        Arc::new(shelf),
        RelaySecret::from_seed(&seed),
        office.root_key(),
        Limits::default(),
        now(),
    )
    .doing(doing)?;
    let notice = office.notice(served.key, &format!("http://{}", served.address), epochs);
    took(relay.put_notice(&notice, now()).status)?;
    let period = office.period.number();
    took(relay.put_key(period, &office.intake_public()).status)?;

    let mut rng = ChaCha20Rng::seed_from_u64(SEED);
    let a_day = DAY_SECONDS / u64::from(epochs.seconds.max(1));
    let last_day = u64::from(office.today.0);
    let ends: Vec<u64> = (last_day + 1 - u64::from(days)..=last_day)
        .flat_map(|day| (0..a_day).map(move |k| (day, k)))
        .map(|(day, k)| day * DAY_SECONDS + k * u64::from(epochs.seconds))
        .filter(|end| *end <= now())
        .collect();
    for (n, end) in ends.iter().enumerate() {
        if n + 1 == ends.len() && !answer.is_empty() {
            let cells: Vec<u8> = answer.iter().flat_map(|cell| *cell.bytes()).collect();
            let signed = office.signed("POST", "/office/cells", &cells);
            let said = relay.answer("POST", "/office/cells", Some(&signed), &cells, now());
            took(said.status)?;
        }
        relay.close_epoch(*end, &mut rng).doing(doing)?;
    }
    Ok(())
}

fn took(status: u16) -> Try<()> {
    if status == 204 {
        Ok(())
    } else {
        stop(format!("the relay of the past answered {status}"))
    }
}

/// The office's pages in a folder; their hash goes into its notice.
pub(crate) fn site(office: &mut Office, folder: &Path) -> Try<PathBuf> {
    let built = place::script()?;
    let read = |name: &str| {
        let script = built.join(name);
        std::fs::read(&script).doing(|| format!("reading {}", script.display()))
    };
    let (script, files) = (read("reporter.js")?, read("files.js")?);
    let page = OfficePage {
        name: "Sample Office".to_owned(),
        languages: FormLanguage::ALL.to_vec(),
        mailbox: office.mailbox,
        root: office.root_key(),
        doorstep: None,
        exit: None,
        figures: None,
        own: Own::default(),
    };
    let words = place::root().join("crates/seal/words");
    let lists = ["en", "fr"].map(|name| {
        let file = words.join(format!("{name}.txt"));
        let list = std::fs::read(&file).doing(|| format!("reading {}", file.display()));
        list.map(|list| (name, list))
    });
    let lists = lists.into_iter().collect::<Try<Vec<_>>>()?;
    let lists: Vec<(&str, &[u8])> = lists
        .iter()
        .map(|(name, list)| (*name, list.as_slice()))
        .collect();
    let script = Script::of(&script).with_files(&files);
    let made = pages::site(&page, &script, &lists, Vec::new());
    office.site = made.hash;
    let out = folder.join("site");
    let manifest = (relay::site::MANIFEST.to_owned(), made.manifest);
    for (path, bytes) in made.files.into_iter().chain([manifest]) {
        let file = out.join(path);
        if let Some(parent) = file.parent() {
            std::fs::create_dir_all(parent).doing(|| format!("making {}", parent.display()))?;
        }
        std::fs::write(&file, bytes).doing(|| format!("writing {}", file.display()))?;
    }
    Ok(out)
}
