//! Planted words: a browser writes a report with words nobody else uses, and afterwards they are
//! looked for in every byte that crossed the wire, in every file below the relay's folder and in
//! the memory of the running relay, in every form software is wont to write text in.

use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::broken::{Try, While, stop};
use crate::place;

/// A pattern, and what it is of, for the sentence when it is found. The word itself is not told: in
/// real use it would be somebody's.
pub(crate) struct Pattern {
    pub(crate) form: &'static str,
    pub(crate) bytes: Vec<u8>,
}

/// All forms of a text worth looking for.
pub(crate) fn forms(text: &str) -> Vec<Pattern> {
    let raw = text.as_bytes();
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut found = vec![
        ("as it is", raw.to_vec()),
        ("in UTF-16, little end first", wide(u16::to_le_bytes)),
        ("in UTF-16, big end first", wide(u16::to_be_bytes)),
        ("in hexadecimal", place::hex(raw).into_bytes()),
        (
            "in capital hexadecimal",
            place::hex(raw).to_uppercase().into_bytes(),
        ),
        (
            "percent-encoded",
            percent(raw, |byte| byte.is_ascii_alphanumeric()).into_bytes(),
        ),
        (
            "with every byte percent-encoded",
            percent(raw, |_| false).into_bytes(),
        ),
        ("backwards", raw.iter().rev().copied().collect()),
    ];
    for shift in 0..3 {
        found.push(("in base64", base64_inside(raw, shift, false)));
        found.push(("in URL-safe base64", base64_inside(raw, shift, true)));
    }
    found
        .into_iter()
        .filter(|(_, bytes)| bytes.len() >= 6)
        .map(|(form, bytes)| Pattern { form, bytes })
        .collect()
}

fn percent(raw: &[u8], plain: impl Fn(u8) -> bool) -> String {
    raw.iter().fold(String::new(), |mut out, byte| {
        if plain(*byte) {
            out.push(char::from(*byte));
        } else {
            out.push('%');
            out.push_str(&place::hex(&[*byte]).to_uppercase());
        }
        out
    })
}

/// What of the text's base64 does not depend on its neighbours, when it begins `shift` bytes into
/// a group of three.
fn base64_inside(raw: &[u8], shift: usize, url: bool) -> Vec<u8> {
    const PLAIN: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let alphabet = if url { URL } else { PLAIN };
    let skipped = (3 - shift) % 3;
    let whole = raw.get(skipped..).unwrap_or_default();
    let mut out = Vec::new();
    for group in whole.as_chunks::<3>().0 {
        let [a, b, c] = *group;
        let bits = u32::from(a) << 16 | u32::from(b) << 8 | u32::from(c);
        for at in [18, 12, 6, 0] {
            let index = usize::try_from(bits >> at & 63).unwrap_or(0);
            out.push(alphabet.get(index).copied().unwrap_or(b'='));
        }
    }
    out
}

/// The first pattern found in these bytes.
pub(crate) fn found<'a>(bytes: &[u8], patterns: &'a [Pattern]) -> Option<&'a Pattern> {
    patterns
        .iter()
        .find(|pattern| contains(bytes, &pattern.bytes))
}

/// Whether one piece of memory holds another. By the first byte and then the rest, which is quick
/// enough for some hundred megabytes.
fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    let Some(first) = needle.first() else {
        return false;
    };
    let mut rest = haystack;
    while let Some(at) = rest.iter().position(|byte| byte == first) {
        let here = rest.get(at..).unwrap_or_default();
        if here.starts_with(needle) {
            return true;
        }
        rest = here.get(1..).unwrap_or_default();
    }
    false
}

/// Every readable stretch of a process's memory. Needs root, since our binaries let nobody else
/// look.
pub(crate) fn memory(id: u32) -> Try<Vec<u8>> {
    let maps = std::fs::read_to_string(format!("/proc/{id}/maps"))
        .doing(|| "reading the relay's memory map".to_owned())?;
    let file = std::fs::File::open(format!("/proc/{id}/mem")).doing(|| {
        "opening the relay's memory (run the gate as root, or with sudo, for this step)".to_owned()
    })?;
    let mut dump = Vec::new();
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else {
            continue;
        };
        let bounds = range.split_once('-').and_then(|(from, to)| {
            Some((
                u64::from_str_radix(from, 16).ok()?,
                u64::from_str_radix(to, 16).ok()?,
            ))
        });
        let (Some((from, to)), true) = (bounds, rights.starts_with('r')) else {
            continue;
        };
        let mut at = from;
        let mut page = vec![0; 1 << 20];
        while at < to {
            let want = usize::try_from(to - at)
                .unwrap_or(page.len())
                .min(page.len());
            // Kernel pages at the end of the map cannot be read by anyone.
            let Ok(read) = file.read_at(page.get_mut(..want).unwrap_or_default(), at) else {
                break;
            };
            if read == 0 {
                break;
            }
            dump.extend_from_slice(page.get(..read).unwrap_or_default());
            at += read as u64;
        }
    }
    if dump.len() < 1 << 20 {
        return stop("the relay's memory could not be read; run the gate as root for this step");
    }
    Ok(dump)
}

/// Looks into every file below a folder, names included.
pub(crate) fn in_files(folder: &Path, patterns: &[Pattern]) -> Try<Option<String>> {
    for file in place::files_below(folder)? {
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            // A running relay removes a file between the listing and the look.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).doing(|| format!("reading {}", file.display())),
        };
        let name = file.to_string_lossy().into_owned();
        let hit = found(&bytes, patterns).or_else(|| found(name.as_bytes(), patterns));
        if let Some(pattern) = hit {
            return Ok(Some(format!("{name}, {}", pattern.form)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(text: &str) -> bool {
        found(text.as_bytes(), &forms("Quokka-Éclipse 7")).is_some()
    }

    #[test]
    fn a_planted_text_is_found_in_each_form() {
        assert!(hides("before Quokka-Éclipse 7 after"));
        assert!(hides("q=Quokka%2D%C3%89clipse%207&r=1"));
        assert!(hides("51756f6b6b612dc389636c697073652037"));
        // Base64 of it after no, one and two bytes: the three ways it can lie in a group.
        for text in [
            "UXVva2thLcOJY2xpcHNlIDc=",
            "eFF1b2trYS3DiWNsaXBzZSA3",
            "eHlRdW9ra2Etw4ljbGlwc2UgNw==",
        ] {
            assert!(hides(text), "{text}");
        }
        let wide: Vec<u8> = "Quokka-Éclipse 7"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(found(&wide, &forms("Quokka-Éclipse 7")).is_some());
    }

    #[test]
    fn what_is_not_there_is_not_found() {
        assert!(!hides("before Quokka-Eclipse 7 after"));
        assert!(!hides(""));
    }
}
