//! The kinds of files that a report may bring: a short list of media types, with the ending a
//! desk gives a file it hands out.
//!
//! The kind is what a sender saw in the first bytes; nobody opened the file to find out. A desk
//! therefore never acts on it: it chooses an ending and a word to show, and nothing else.
//!
//! Absent: any type a browser or a system would run, such as HTML, SVG or office documents with
//! macros. Such a file travels all the same, without a kind.

use crate::vocabulary::Language;

/// A kind of file that is known by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MediaKind {
    /// A photograph.
    Jpeg,
    /// A picture without loss: often of a screen.
    Png,
    /// A picture of the web.
    WebP,
    /// A document of pages.
    Pdf,
    /// Sound or film as some browsers record it.
    WebM,
    /// Sound as some browsers record it.
    Ogg,
    /// Sound or film as phones record it.
    Mp4,
    /// Sound.
    Mp3,
    /// Sound without loss.
    Wav,
}

impl MediaKind {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Jpeg,
        Self::Png,
        Self::WebP,
        Self::Pdf,
        Self::WebM,
        Self::Ogg,
        Self::Mp4,
        Self::Mp3,
        Self::Wav,
    ];

    /// The code that travels: the media type of RFC 6838.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Pdf => "application/pdf",
            Self::WebM => "video/webm",
            Self::Ogg => "audio/ogg",
            Self::Mp4 => "video/mp4",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
        }
    }

    /// The kind of a code, if it is one of the list.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The ending of a file of this kind, without the dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Pdf => "pdf",
            Self::WebM => "webm",
            Self::Ogg => "ogg",
            Self::Mp4 => "mp4",
            Self::Mp3 => "mp3",
            Self::Wav => "wav",
        }
    }

    /// What to call it.
    #[must_use]
    pub const fn label(self, language: Language) -> &'static str {
        let (en, fr) = match self {
            Self::Jpeg | Self::Png | Self::WebP => ("Picture", "Image"),
            Self::Pdf => ("Document", "Document"),
            Self::WebM | Self::Mp4 => ("Film or sound", "Film ou son"),
            Self::Ogg | Self::Mp3 | Self::Wav => ("Sound", "Son"),
        };
        match language {
            Language::French => fr,
            _ => en,
        }
    }

    /// The kind that a file's first bytes tell; sixteen of them are enough.
    #[must_use]
    pub fn of_first_bytes(first: &[u8]) -> Option<Self> {
        let at = |offset: usize, mark: &[u8]| {
            first
                .get(offset..)
                .is_some_and(|rest| rest.starts_with(mark))
        };
        if at(0, &[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if at(0, b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if at(0, b"RIFF") && at(8, b"WEBP") {
            Some(Self::WebP)
        } else if at(0, b"RIFF") && at(8, b"WAVE") {
            Some(Self::Wav)
        } else if at(0, b"%PDF-") {
            Some(Self::Pdf)
        } else if at(0, &[0x1a, 0x45, 0xdf, 0xa3]) {
            Some(Self::WebM)
        } else if at(0, b"OggS") {
            Some(Self::Ogg)
        } else if at(4, b"ftyp") {
            Some(Self::Mp4)
        } else if at(0, b"ID3") || at(0, &[0xff, 0xfb]) || at(0, &[0xff, 0xf3]) {
            Some(Self::Mp3)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_again_by_its_code_and_no_two_share_one() {
        for kind in MediaKind::ALL {
            assert_eq!(MediaKind::of_code(kind.code()), Some(kind));
        }
        for code in [
            "text/html",
            "image/svg+xml",
            "IMAGE/JPEG",
            "",
            "image/jpeg ",
        ] {
            assert_eq!(MediaKind::of_code(code), None, "{code}");
        }
    }

    #[test]
    fn no_ending_could_lead_a_name_out_of_its_folder_or_run() {
        for kind in MediaKind::ALL {
            let ending = kind.ending();
            assert!(
                ending.bytes().all(|b| b.is_ascii_alphanumeric()),
                "{ending}"
            );
            assert!(!["exe", "htm", "html", "js", "svg"].contains(&ending));
        }
    }

    #[test]
    fn first_bytes_tell_the_kind_and_a_cut_or_strange_file_has_none() {
        let cases: [(&[u8], Option<MediaKind>); 12] = [
            (b"\xff\xd8\xff\xe1\0\0Exif", Some(MediaKind::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\0\0", Some(MediaKind::Png)),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some(MediaKind::WebP)),
            (b"RIFF\x10\0\0\0WAVEfmt ", Some(MediaKind::Wav)),
            (b"%PDF-1.7", Some(MediaKind::Pdf)),
            (b"\x1a\x45\xdf\xa3", Some(MediaKind::WebM)),
            (b"OggS", Some(MediaKind::Ogg)),
            (b"\0\0\0\x20ftypisom", Some(MediaKind::Mp4)),
            (b"ID3\x04", Some(MediaKind::Mp3)),
            (b"RIFF\x10\0\0\0", None),
            (b"<html>", None),
            (b"", None),
        ];
        for (first, kind) in cases {
            assert_eq!(MediaKind::of_first_bytes(first), kind, "{first:02x?}");
        }
    }
}
