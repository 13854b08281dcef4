//! The static site of an office: every file a visitor may fetch beside the board, and the list of
//! their hashes that the office notice vouches for. (protocol §7, key 18)

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use minicbor::Encoder;
use record::FormLanguage;
use sha2::{Digest, Sha256};

use crate::reporter::{OfficePage, Script, Sentences, form, landing, sealed};

/// The files of a site, by their path, and what vouches for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Path (without a leading slash) and bytes, in order of path.
    pub files: Vec<(String, Vec<u8>)>,
    /// CBOR map from each path to the SHA-256 of its bytes.
    pub manifest: Vec<u8>,
    /// SHA-256 of the manifest: key 18 of the notice.
    pub hash: [u8; 32],
}

/// How often the compressor tries again: enough for the budgets, and a site is written in seconds.
const ROUNDS: NonZeroU64 = NonZeroU64::MIN.saturating_add(4);
/// What one response may weigh, compressed: the page one arrives on, and the form.
const PAGE_BYTES: [(&str, usize); 2] = [("index.html", 10_000), ("form.html", 14_000)];

impl Site {
    /// The first page that weighs more than a slow line bears, and how many bytes it has: an office
    /// that says and asks much makes its pages heavy.
    #[must_use]
    pub fn too_heavy(&self) -> Option<(&str, usize)> {
        self.files.iter().find_map(|(path, bytes)| {
            let page = path.strip_suffix(".gz")?;
            // The sheets and figures beside them are no way in.
            let (_, most) = PAGE_BYTES
                .iter()
                .find(|(name, _)| page.rsplit('/').next() == Some(*name))?;
            let of_figures = page.starts_with("figures/");
            (!of_figures && bytes.len() > *most).then_some((page, bytes.len()))
        })
    }
}

/// Writes the site.
///
/// `words` holds each word list by its file name without ending (`en`, `zh`), one word a line, UTF-8;
/// `more` holds files of other kinds, such as published figures. A path given twice is kept once,
/// the later one.
#[must_use]
pub fn site(
    office: &OfficePage,
    script: &Script<'_>,
    words: &[(&str, &[u8])],
    more: Vec<(String, Vec<u8>)>,
) -> Site {
    let mut files = BTreeMap::from([(script.file_name(), script.bytes().to_vec())]);
    let first = office
        .languages
        .first()
        .copied()
        .unwrap_or(FormLanguage::English);
    files.insert("index.html".to_owned(), landing(first, office, ""));
    for language in office.languages.iter().copied().chain([first]) {
        files.insert(
            format!("{}/index.html", language.tag()),
            landing(language, office, "../"),
        );
        files.insert(
            format!("{}/form.html", language.tag()),
            form(language, office, script),
        );
        files.insert(
            format!("{}/sealed.html", language.tag()),
            sealed(language, office),
        );
        for added in [
            script.files(language),
            script.new_words(language),
            script.pure(language),
        ] {
            files.extend(added.map(|added| (added.file_name(), added.bytes().to_vec())));
        }
        let sentences = Sentences::of(language);
        files.insert(sentences.file_name(), sentences.bytes().to_vec());
    }
    for (name, list) in words {
        let list = front_coded(&String::from_utf8_lossy(list));
        files.insert(format!("words/{name}.txt"), list.into_bytes());
    }
    files.extend(more);
    // The relay compresses nothing: each file has its compressed twin beside it, vouched for too.
    let twins: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(path, bytes)| (format!("{path}.gz"), compressed(bytes)))
        .collect();
    files.extend(twins);
    let manifest = manifest(&files);
    let hash = Sha256::digest(&manifest).into();
    Site {
        files: files.into_iter().collect(),
        manifest,
        hash,
    }
}

/// A word list as the page fetches it: each word as the number of letters it shares with the one
/// before it, at most nine, and the rest; nothing between them. A quarter lighter on the line.
fn front_coded(list: &str) -> String {
    let mut out = String::with_capacity(list.len());
    let mut before = "";
    for word in list.lines() {
        let same = word.chars().zip(before.chars()).take(9);
        let shared = same.take_while(|(a, b)| a == b).count();
        out.extend(
            u32::try_from(shared)
                .ok()
                .and_then(|n| char::from_digit(n, 10)),
        );
        out.extend(word.chars().skip(shared));
        before = word;
    }
    out
}

/// Without a name or a time inside, so that the same page gives the same bytes. A site is written
/// once a week and fetched over slow lines: it is worth seconds.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let options = zopfli::Options {
        iteration_count: ROUNDS,
        ..zopfli::Options::default()
    };
    // Writing into memory cannot fail.
    match zopfli::compress(options, zopfli::Format::Gzip, bytes, &mut out) {
        Ok(()) => out,
        Err(_) => Vec::new(),
    }
}

fn manifest(files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    // RFC 8949 §4.2.1 orders keys by their encoding: shorter texts first, then by bytes.
    let mut entries: Vec<_> = files.iter().collect();
    entries.sort_by_key(|(path, _)| (path.len(), path.as_str()));
    let mut e = Encoder::new(Vec::new());
    let written = (|| {
        e.map(entries.len() as u64)?;
        for (path, bytes) in entries {
            e.str(path)?.bytes(&Sha256::digest(bytes))?;
        }
        Ok::<_, minicbor::encode::Error<std::convert::Infallible>>(())
    })();
    // Writing into memory cannot fail.
    written.map(|()| e.into_writer()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::front_coded;

    #[test]
    fn a_list_as_it_is_served_spells_every_word() {
        let list = "abacus\nabdomen\nabdominal\nabyss\náb\n的\n一\nwordsthatarelongandalike\nwordsthatarelongandalikeness\n";
        let coded = front_coded(list);
        assert!(coded.starts_with("0abacus2domen5inal2yss"), "{coded}");
        let (mut word, mut words) = (String::new(), Vec::new());
        for c in coded.chars() {
            if let Some(shared) = c.to_digit(10) {
                words.push(word.clone());
                word = word.chars().take(shared as usize).collect();
            } else {
                word.push(c);
            }
        }
        words.push(word);
        assert!(list.lines().eq(words.iter().skip(1).map(String::as_str)));
    }
}
