//! Pictures without what a camera wrote into them: place, time, device, earlier versions, a
//! thumbnail of what was cut away.
//!
//! Kept is what it takes to show the picture, by name; everything else goes, known or not. What is
//! shown by the picture itself stays in it, and a camera leaves traces in every pixel: nothing here
//! makes a picture anonymous. One turned by a note alone (EXIF orientation) lies on its side
//! afterwards.

use img_parts::Bytes;
use img_parts::png::Png;
use img_parts::riff::{RiffChunk, RiffContent};
use img_parts::webp::WebP;
use record::MediaKind;

/// The largest picture that is held in memory to be cleaned.
pub const MOST_BYTES: u64 = 128 << 20;

/// A picture that cannot be cleaned: it is cut, or not what its first bytes say. It must not leave
/// as if it were clean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotCleaned;

/// Whether files of a kind can be cleaned; of all others, what their program wrote stays inside.
#[must_use]
pub fn can_be_cleaned(kind: Option<MediaKind>) -> bool {
    matches!(
        kind,
        Some(MediaKind::Jpeg | MediaKind::Png | MediaKind::WebP)
    )
}

/// The picture without what a camera or a program wrote beside it.
///
/// # Errors
/// [`NotCleaned`], also for a kind that cannot be cleaned.
pub fn cleaned(kind: MediaKind, picture: &[u8]) -> Result<Vec<u8>, NotCleaned> {
    match kind {
        MediaKind::Jpeg => jpeg(picture).ok_or(NotCleaned),
        MediaKind::Png => png(picture),
        MediaKind::WebP => webp(picture),
        _ => Err(NotCleaned),
    }
}

/// JPEG (ITU-T T.81 annex B), segment by segment to the end of the image and no further: after it,
/// phones append whole second pictures and films. `None` if it is cut.
///
/// Walked here and not by a library: those at hand keep everything after the first scan as it is.
fn jpeg(picture: &[u8]) -> Option<Vec<u8>> {
    const START: [u8; 2] = [0xff, 0xd8];
    let mut rest = picture.strip_prefix(&START)?;
    let mut out = Vec::with_capacity(picture.len());
    out.extend_from_slice(&START);
    loop {
        // Fill bytes before a marker are allowed.
        let marker = rest.iter().position(|b| *b != 0xff)?;
        let code = *rest.get(marker)?;
        if marker == 0 {
            return None;
        }
        rest = rest.get(marker + 1..)?;
        match code {
            // End of the image.
            0xd9 => {
                out.extend_from_slice(&[0xff, 0xd9]);
                return Some(out);
            }
            // Markers that stand alone.
            0x01 | 0xd0..=0xd7 => {
                out.extend_from_slice(&[0xff, code]);
                continue;
            }
            0x00 | 0xd8 => return None,
            _ => {}
        }
        let (length, _) = rest.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (segment, after) = rest.split_at_checked(length.max(2))?;
        rest = after;
        if is_picture(code) {
            out.extend_from_slice(&[0xff, code]);
            out.extend_from_slice(segment);
        }
        if code == 0xda {
            // Entropy-coded data runs to the next marker; 0xFF inside it is followed by 0x00 or by
            // a restart.
            let end = rest.windows(2).position(
                |pair| matches!(pair, [0xff, next] if !matches!(next, 0x00 | 0xd0..=0xd7 | 0xff)),
            )?;
            let (data, after) = rest.split_at_checked(end)?;
            out.extend_from_slice(data);
            rest = after;
        }
    }
}

/// Frames, tables, scans; and Adobe's note on how colours were turned, without which they are
/// wrong. No other application data, no comment.
fn is_picture(code: u8) -> bool {
    match code {
        0xee => true,
        0xe0..=0xfe => false,
        _ => true,
    }
}

fn png(picture: &[u8]) -> Result<Vec<u8>, NotCleaned> {
    const KEPT: [&[u8; 4]; 12] = [
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"acTL",
        b"fcTL", b"fdAT",
    ];
    let mut png = Png::from_bytes(Bytes::copy_from_slice(picture)).map_err(|_| NotCleaned)?;
    png.chunks_mut()
        .retain(|chunk| KEPT.contains(&&chunk.kind()));
    if png.chunks().last().map(|chunk| chunk.kind()) != Some(*b"IEND") {
        return Err(NotCleaned);
    }
    Ok(png.encoder().bytes().to_vec())
}

fn webp(picture: &[u8]) -> Result<Vec<u8>, NotCleaned> {
    const KEPT: [&[u8; 4]; 6] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"];
    /// Bits of VP8X that promise chunks which are gone: colour profile, EXIF, XMP.
    const GONE: u8 = 0b0010_1100;
    let mut webp = WebP::from_bytes(Bytes::copy_from_slice(picture)).map_err(|_| NotCleaned)?;
    webp.chunks_mut()
        .retain(|chunk| KEPT.contains(&&chunk.id()));
    for chunk in webp.chunks_mut() {
        if chunk.id() == *b"VP8X"
            && let Some(data) = chunk.content().data()
        {
            let mut data = data.to_vec();
            if let Some(flags) = data.first_mut() {
                *flags &= !GONE;
            }
            *chunk = RiffChunk::new(*b"VP8X", RiffContent::Data(data.into()));
        }
    }
    Ok(webp.encoder().bytes().to_vec())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    const PLANTED: &[u8] = b"Kinshasa 4.32S 15.31E";

    fn holds_planted(bytes: &[u8]) -> bool {
        bytes.windows(PLANTED.len()).any(|at| at == PLANTED)
    }

    fn segment(code: u8, contents: &[u8]) -> Vec<u8> {
        let length = u16::try_from(contents.len() + 2).unwrap().to_be_bytes();
        [&[0xff, code][..], &length, contents].concat()
    }

    /// A JPEG in form: tables, a frame, two scans, and what the test adds around them.
    fn jpeg_with(head: &[u8], between: &[u8], after: &[u8]) -> Vec<u8> {
        [
            &[0xff, 0xd8][..],
            head,
            &segment(0xdb, &[0; 65]),
            &segment(0xc2, &[8, 0, 1, 0, 1, 1, 1, 0x11, 0]),
            &segment(0xda, &[1, 1, 0, 0, 0, 0]),
            &[0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56],
            between,
            &segment(0xda, &[1, 1, 0, 1, 63, 0]),
            &[0x78, 0x9a],
            &[0xff, 0xd9],
            after,
        ]
        .concat()
    }

    #[test]
    fn nothing_but_the_picture_stays_in_a_jpeg_wherever_it_was_hidden() {
        let clean = jpeg_with(&[], &[], &[]);
        assert_eq!(cleaned(MediaKind::Jpeg, &clean).unwrap(), clean);
        let hidden = [
            segment(0xe1, &[b"Exif\0\0", PLANTED].concat()),
            segment(0xe0, &[b"JFIF\0", PLANTED].concat()),
            segment(0xe2, &[b"MPF\0", PLANTED].concat()),
            segment(0xfe, PLANTED),
        ]
        .concat();
        let second = [&[0xff, 0xd8][..], &hidden, &[0xff, 0xd9]].concat();
        for dirty in [
            jpeg_with(&hidden, &[], &[]),
            jpeg_with(&[], &hidden, &[]),
            jpeg_with(&[], &[], &second),
            jpeg_with(&[], &[], PLANTED),
        ] {
            assert!(holds_planted(&dirty));
            assert_eq!(cleaned(MediaKind::Jpeg, &dirty).unwrap(), clean);
        }
    }

    #[test]
    fn a_cut_picture_is_not_called_clean() {
        let whole = jpeg_with(&segment(0xe1, PLANTED), &[], &[]);
        for cut in 0..whole.len() - 1 {
            let cut = whole.get(..cut).unwrap();
            assert_eq!(cleaned(MediaKind::Jpeg, cut), Err(NotCleaned));
        }
        for kind in [MediaKind::Png, MediaKind::WebP, MediaKind::Pdf] {
            assert_eq!(cleaned(kind, &whole), Err(NotCleaned));
        }
    }

    fn chunk(kind: &[u8; 4], contents: &[u8]) -> Vec<u8> {
        let chunk = img_parts::png::PngChunk::new(*kind, contents.to_vec().into());
        chunk.encoder().bytes().to_vec()
    }

    #[test]
    fn nothing_but_the_picture_stays_in_a_png() {
        let png = |more: &[u8], after: &[u8]| {
            [
                b"\x89PNG\r\n\x1a\n",
                &chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0])[..],
                more,
                &chunk(b"IDAT", &[1, 2, 3]),
                &chunk(b"IEND", &[]),
                after,
            ]
            .concat()
        };
        let clean = png(&[], &[]);
        assert_eq!(cleaned(MediaKind::Png, &clean).unwrap(), clean);
        for kind in [
            b"tEXt", b"iTXt", b"zTXt", b"eXIf", b"iCCP", b"tIME", b"prVt",
        ] {
            let dirty = png(&chunk(kind, PLANTED), PLANTED);
            assert_eq!(cleaned(MediaKind::Png, &dirty).unwrap(), clean);
        }
        let cut = clean.get(..clean.len() - 12).unwrap();
        assert_eq!(cleaned(MediaKind::Png, cut), Err(NotCleaned));
    }

    #[test]
    fn nothing_but_the_picture_stays_in_a_webp_and_no_flag_promises_more() {
        let riff = |id: &[u8; 4], data: &[u8]| {
            let length = u32::try_from(data.len()).unwrap().to_le_bytes();
            let pad: &[u8] = if data.len() % 2 == 1 { &[0] } else { &[] };
            [&id[..], &length, data, pad].concat()
        };
        let webp = |chunks: &[u8]| {
            let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
            [b"RIFF", &length[..], b"WEBP", chunks].concat()
        };
        let picture = riff(b"VP8L", &[0x2f, 0, 0, 0, 0, 1]);
        let head = |flags: u8| riff(b"VP8X", &[flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        let hidden = [
            riff(b"EXIF", PLANTED),
            riff(b"XMP ", PLANTED),
            riff(b"secr", PLANTED),
        ]
        .concat();
        let dirty = webp(
            &[
                head(0b0010_1100),
                riff(b"ICCP", PLANTED),
                picture.clone(),
                hidden,
            ]
            .concat(),
        );
        let clean = webp(&[head(0), picture].concat());
        assert_eq!(cleaned(MediaKind::WebP, &dirty).unwrap(), clean);
    }
}
