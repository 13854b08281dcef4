//! The office's static pages: held in memory, and served only as the office signed them.
//!
//! The site's folder holds `site-manifest.cbor`, a CBOR map from path to SHA-256. Its own hash
//! stands in the notice (key 18), so that neither a relay's operator nor who breaks in can slip a
//! page between the office and its readers unseen. A file the manifest does not list is not served;
//! a file that differs from it keeps the whole site from being served.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use envelope::hash;
use minicbor::{Decoder, Encoder};

use crate::answer::{Answer, Body, Freshness, Media};

/// Name of the manifest in the site's folder.
pub const MANIFEST: &str = "site-manifest.cbor";
const MOST_FILES: u64 = 4_096;
const MOST_BYTES: u64 = 64 << 20;

/// Why a site is not served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SiteRefused {
    /// A file cannot be read, or its name is no plain path.
    Unreadable {
        /// Which.
        file: String,
    },
    /// The manifest is not the one of the notice.
    NotTheSigned,
    /// A file is not the one of the manifest.
    Altered {
        /// Which.
        file: String,
    },
    /// More bytes than a relay holds in memory.
    TooLarge,
}

impl std::fmt::Display for SiteRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable { file } => write!(
                f,
                "the site is not served: `{file}` of its folder cannot be read; copy the whole folder again, and let the relay's account read it (`chmod -R a+rX` the folder)"
            ),
            Self::NotTheSigned => write!(
                f,
                "the site is not served: its manifest is not the one of the office's notice; copy the folder that belongs to the notice, or ask the office for a notice of this site"
            ),
            Self::Altered { file } => write!(
                f,
                "the site is not served: `{file}` is not the file the office signed; copy the whole folder again, and find out who changed it"
            ),
            Self::TooLarge => write!(
                f,
                "the site is not served: it has more than 64 MiB; take large files out of it"
            ),
        }
    }
}

struct Page {
    bytes: Arc<[u8]>,
    gzip: Option<Arc<[u8]>>,
    media: Media,
}

type Pages = HashMap<String, Page>;

struct State {
    /// Hash of the notice these pages were checked against.
    signed: Option<[u8; 32]>,
    pages: Option<Pages>,
    told: Option<SiteRefused>,
}

/// The site of a relay.
pub struct Site {
    folder: Option<PathBuf>,
    state: RwLock<State>,
}

impl Site {
    /// A site in a folder, or none. Nothing is read before [`Site::check`].
    #[must_use]
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self {
            folder,
            state: RwLock::new(State {
                signed: None,
                pages: None,
                told: None,
            }),
        }
    }

    /// Loads the site if the notice's hash changed or the site was refused last time.
    ///
    /// Gives back a reason to tell the operator, each reason once.
    pub fn check(&self, signed: Option<[u8; 32]>) -> Option<SiteRefused> {
        let folder = self.folder.as_ref()?;
        {
            let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
            if state.signed == signed && (state.pages.is_some() || signed.is_none()) {
                return None;
            }
        }
        let loaded = signed.map(|signed| load(folder, &signed));
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.signed = signed;
        match loaded {
            Some(Err(refused)) => {
                state.pages = None;
                let news = state.told.as_ref() != Some(&refused);
                state.told = Some(refused.clone());
                news.then_some(refused)
            }
            Some(Ok(pages)) => {
                state.pages = Some(pages);
                state.told = None;
                None
            }
            None => {
                state.pages = None;
                state.told = None;
                None
            }
        }
    }

    /// A page by its path. `signed` is the notice's hash now: pages checked against another one
    /// are not served.
    #[must_use]
    pub fn page(&self, path: &str, signed: Option<[u8; 32]>, gzip_accepted: bool) -> Answer {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let asked_for_a_page = path.ends_with('/') || path.ends_with(".html");
        let pages = match &state.pages {
            Some(pages) if state.signed == signed => pages,
            _ if self.folder.is_some() && asked_for_a_page => return closed(),
            _ => return Answer::not_found(),
        };
        let name = path.strip_prefix('/').unwrap_or(path);
        let found = if name.is_empty() || name.ends_with('/') {
            pages.get(&format!("{name}index.html"))
        } else {
            pages.get(name)
        };
        let Some(page) = found else {
            return Answer::not_found();
        };
        let (bytes, gzip) = match &page.gzip {
            Some(gzip) if gzip_accepted => (gzip, true),
            _ => (&page.bytes, false),
        };
        let mut answer = Answer::new(200, page.media, Body::Shared(Arc::clone(bytes)));
        answer.freshness = Freshness::NoStore;
        answer.gzip = gzip;
        // Its script stands inside, which no page of this origin may run: whoever types its address
        // is given the file, not a page of dead buttons.
        answer.saved = name == KIT;
        answer
    }
}

/// The one page that works from a file and not from here.
const KIT: &str = "kit.html";

fn closed() -> Answer {
    const PAGE: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Not available</title><p>This page is not available at the moment. Please come back later.<p lang=\"fr\">Cette page n’est pas disponible pour le moment. Revenez plus tard.</html>";
    Answer::new(
        503,
        Media::Html,
        Body::Own(std::borrow::Cow::Borrowed(PAGE.as_bytes())),
    )
}

fn media_of(path: &str) -> Media {
    match path.rsplit_once('.').map(|(_, end)| end) {
        Some("html") => Media::Html,
        Some("css") => Media::Css,
        Some("js") => Media::Script,
        Some("svg") => Media::Svg,
        Some("png") => Media::Png,
        Some("json") => Media::Json,
        Some("txt" | "csv") => Media::Text,
        _ => Media::Bytes,
    }
}

/// A path of plain names: nothing that climbs, nothing absolute, nothing hidden.
fn is_plain(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    !path.is_empty()
        && path
            .split('/')
            .all(|name| !name.is_empty() && !name.starts_with('.') && name.chars().all(plain))
}

fn load(folder: &Path, signed: &[u8; 32]) -> Result<Pages, SiteRefused> {
    let mut room = MOST_BYTES;
    let mut read = |file: &str| {
        let unreadable = || SiteRefused::Unreadable {
            file: file.to_owned(),
        };
        let path = folder.join(file);
        let size = fs::metadata(&path).map_err(|_| unreadable())?.len();
        room = room.checked_sub(size).ok_or(SiteRefused::TooLarge)?;
        fs::read(&path).map_err(|_| unreadable())
    };
    let manifest = read(MANIFEST)?;
    if hash(&manifest) != *signed {
        return Err(SiteRefused::NotTheSigned);
    }
    let listed = read_manifest(&manifest).ok_or(SiteRefused::NotTheSigned)?;
    let mut files: BTreeMap<String, Arc<[u8]>> = BTreeMap::new();
    for (path, expected) in listed {
        if !is_plain(&path) {
            return Err(SiteRefused::Unreadable { file: path });
        }
        let bytes = read(&path)?;
        if hash(&bytes) != expected {
            return Err(SiteRefused::Altered { file: path });
        }
        files.insert(path, bytes.into());
    }
    let mut pages = Pages::new();
    for (path, bytes) in &files {
        if !path.ends_with(".gz") {
            let page = Page {
                bytes: Arc::clone(bytes),
                gzip: files.get(&format!("{path}.gz")).cloned(),
                media: media_of(path),
            };
            pages.insert(path.clone(), page);
        }
    }
    let page = Page {
        bytes: manifest.into(),
        gzip: None,
        media: Media::Bytes,
    };
    pages.insert(MANIFEST.to_owned(), page);
    Ok(pages)
}

fn read_manifest(bytes: &[u8]) -> Option<Vec<(String, [u8; 32])>> {
    let mut d = Decoder::new(bytes);
    let count = d.map().ok()??;
    if count > MOST_FILES {
        return None;
    }
    let mut listed = Vec::new();
    for _ in 0..count {
        let path = d.str().ok()?.to_owned();
        listed.push((path, d.bytes().ok()?.try_into().ok()?));
    }
    (d.position() == bytes.len()).then_some(listed)
}

/// Makes the manifest of a site from its files: what the office hashes into its notice.
///
/// List a page's `.gz` beside it to have it served compressed.
#[must_use]
pub fn manifest_of(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    // Deterministic CBOR sorts keys by their encoding, so shorter names come first.
    let mut names: Vec<&String> = files.keys().collect();
    names.sort_by_key(|name| (name.len(), name.as_str()));
    let mut e = Encoder::new(Vec::new());
    let written = (|| {
        e.map(names.len() as u64)?;
        for name in names {
            let bytes = files.get(name).map_or(&[][..], Vec::as_slice);
            e.str(name)?.bytes(&hash(bytes))?;
        }
        Ok::<(), minicbor::encode::Error<std::convert::Infallible>>(())
    })();
    match written {
        Ok(()) => e.into_writer(),
        Err(_) => Vec::new(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    fn folder_with(files: &BTreeMap<String, Vec<u8>>) -> (tempfile::TempDir, [u8; 32]) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let manifest = manifest_of(files);
        fs::write(folder.path().join(MANIFEST), &manifest).unwrap();
        (folder, hash(&manifest))
    }

    fn files() -> BTreeMap<String, Vec<u8>> {
        let files = [
            ("index.html", "<p>hello"),
            ("index.html.gz", "zipped"),
            ("fr/index.html", "<p>bonjour"),
            ("page.js", "1"),
            ("kit.html", "<script>"),
        ];
        files
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .into()
    }

    #[test]
    fn a_signed_site_is_served_with_its_types_and_its_gzip() {
        let (folder, signed) = folder_with(&files());
        let site = Site::new(Some(folder.path().to_owned()));
        assert_eq!(site.check(Some(signed)), None);
        let page = |path, gzip| site.page(path, Some(signed), gzip);
        assert_eq!(page("/", false).body.bytes(), b"<p>hello");
        assert_eq!(page("/", true).body.bytes(), b"zipped");
        assert!(page("/", true).gzip);
        assert_eq!(page("/fr/", true).body.bytes(), "<p>bonjour".as_bytes());
        assert_eq!(page("/page.js", true).media, Media::Script);
        assert_eq!(page("/index.html.gz", true).status, 404);
        assert_eq!(page("/../version", true).status, 404);
    }

    #[test]
    fn the_kit_is_saved_by_whoever_opens_its_address_and_no_other_page_is() {
        let (folder, signed) = folder_with(&files());
        let site = Site::new(Some(folder.path().to_owned()));
        assert_eq!(site.check(Some(signed)), None);
        let saved = |path| site.page(path, Some(signed), true).saved;
        assert!(saved("/kit.html"));
        assert!(!saved("/") && !saved("/fr/") && !saved("/page.js"));
    }

    #[test]
    fn one_altered_file_keeps_the_whole_site_from_being_served_and_is_told_once() {
        let (folder, signed) = folder_with(&files());
        fs::write(folder.path().join("page.js"), "2").unwrap();
        let site = Site::new(Some(folder.path().to_owned()));
        let altered = SiteRefused::Altered {
            file: "page.js".to_owned(),
        };
        assert_eq!(site.check(Some(signed)), Some(altered));
        assert_eq!(site.check(Some(signed)), None);
        assert_eq!(site.page("/", Some(signed), false).status, 503);
        fs::write(folder.path().join("page.js"), "1").unwrap();
        assert_eq!(site.check(Some(signed)), None);
        assert_eq!(site.page("/", Some(signed), false).status, 200);
    }

    #[test]
    fn a_site_of_another_notice_is_not_served() {
        let (folder, signed) = folder_with(&files());
        let site = Site::new(Some(folder.path().to_owned()));
        assert_eq!(site.check(Some([7; 32])), Some(SiteRefused::NotTheSigned));
        assert_eq!(site.check(Some(signed)), None);
        assert_eq!(site.page("/", Some([7; 32]), false).status, 503);
        assert_eq!(site.page("/x", Some([7; 32]), false).status, 404);
    }

    #[test]
    fn a_manifest_that_climbs_out_of_its_folder_is_refused() {
        for path in ["../secret", "/etc/passwd", "a//b", ".hidden", "a/../b", ""] {
            assert!(!is_plain(path), "{path}");
            let files = [(path.to_owned(), vec![1])].into();
            let folder = tempfile::tempdir().unwrap();
            let manifest = manifest_of(&files);
            fs::write(folder.path().join(MANIFEST), &manifest).unwrap();
            let site = Site::new(Some(folder.path().to_owned()));
            assert!(matches!(
                site.check(Some(hash(&manifest))),
                Some(SiteRefused::Unreadable { .. })
            ));
        }
    }
}
