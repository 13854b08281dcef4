//! Writing the office's pages into a folder that the relay serves.

use std::fs;
use std::io::Write;
use std::path::{Component, Path};

use flate2::Compression;
use flate2::write::GzEncoder;
use pages::reporter::OfficePage;
use seal::words::WordList;
use vault::Passphrase;

use crate::ending::{Outcome, Stopped};
use crate::office;

/// The file that vouches for all others; its hash stands in the notice.
pub(crate) const MANIFEST: &str = "site-manifest.cbor";

/// The built script in the folder that `xtask` makes.
const SCRIPT: &str = "reporter.js";

/// What goes into a site beside the office itself.
pub(crate) struct Wanted<'a> {
    pub(crate) script: &'a Path,
    pub(crate) to: &'a Path,
    pub(crate) figures: Option<&'a Path>,
    pub(crate) doorstep: Option<String>,
}

/// `temoin site`.
pub(crate) fn write(folder: &Path, wanted: &Wanted<'_>, passphrase: &Passphrase) -> Outcome {
    let desk = office::unlock(folder, passphrase)?;
    let script = fs::read(wanted.script.join(SCRIPT)).map_err(|_| {
        Stopped::refused(
            "the page's script is not in that folder; build it with `npm run build` in reporter/",
        )
    })?;
    let mut more = Vec::new();
    if let Some(figures) = wanted.figures {
        collect(figures, "figures", &mut more).map_err(|_| {
            Stopped::refused("the folder of figures cannot be read; write it with `temoin figures`")
        })?;
    }
    let settings = desk.settings();
    let page = OfficePage {
        name: settings.name.clone(),
        languages: settings.page_languages(),
        mailbox: desk.identity().mailbox,
        root: desk.identity().root,
        doorstep: wanted.doorstep.clone(),
        exit: settings.exit.clone(),
        figures: (!more.is_empty()).then(|| "figures/".to_owned()),
    };
    let lists: Vec<(&str, Vec<u8>)> = [("en", WordList::English), ("fr", WordList::French)]
        .into_iter()
        .map(|(name, list)| {
            let lines: String = list.words().flat_map(|word| [word, "\n"]).collect();
            (name, lines.into_bytes())
        })
        .collect();
    let words: Vec<(&str, &[u8])> = lists.iter().map(|(n, l)| (*n, l.as_slice())).collect();
    let site = pages::site(&page, &script, &words, more);
    let put = || -> std::io::Result<()> {
        fs::create_dir_all(wanted.to)?;
        for (path, bytes) in &site.files {
            let path = wanted.to.join(path);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, bytes)?;
            let mut name = path.into_os_string();
            name.push(".gz");
            fs::write(name, gzip(bytes)?)?;
        }
        fs::write(wanted.to.join(MANIFEST), &site.manifest)
    };
    put().map_err(|_| {
        Stopped::failed("the site could not be written; check the folder and the disk")
    })?;
    Ok(vec![format!(
        "{} files written; publish a notice to vouch for them",
        site.files.len()
    )])
}

/// Without a time or a name inside, so that the same page gives the same bytes.
fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    out.write_all(bytes)?;
    out.finish()
}

/// Every file below a folder, by its path in the site.
fn collect(folder: &Path, under: &str, out: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let plain = matches!(path.components().next_back(), Some(Component::Normal(_)));
        let Some(name) = entry
            .file_name()
            .to_str()
            .map(str::to_owned)
            .filter(|_| plain)
        else {
            continue;
        };
        let inside = format!("{under}/{name}");
        if entry.file_type()?.is_dir() {
            collect(&path, &inside, out)?;
        } else {
            out.push((inside, fs::read(path)?));
        }
    }
    Ok(())
}
