//! The static site of an office: every file a visitor may fetch beside the board, and the list of
//! their hashes that the office notice vouches for. (protocol §7, key 18)

use std::collections::BTreeMap;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use minicbor::Encoder;
use record::FormLanguage;
use sha2::{Digest, Sha256};

use crate::reporter::{OfficePage, Script, Sentences, form, landing};

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

/// Writes the site.
///
/// `words` holds each word list by its file name without ending (`en`, `fr`), one word a line;
/// `more` holds files of other kinds, such as published figures. A path given twice is kept once,
/// the later one.
#[must_use]
pub fn site(
    office: &OfficePage,
    script: &[u8],
    words: &[(&str, &[u8])],
    more: Vec<(String, Vec<u8>)>,
) -> Site {
    let script = Script::of(script);
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
            form(language, office, &script),
        );
        let sentences = Sentences::of(language);
        files.insert(sentences.file_name(), sentences.bytes().to_vec());
    }
    for (name, list) in words {
        files.insert(format!("words/{name}.txt"), list.to_vec());
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

/// Without a name or a time inside, so that the same page gives the same bytes.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    // Writing into memory cannot fail.
    out.write_all(bytes)
        .and_then(|()| out.finish())
        .unwrap_or_default()
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
