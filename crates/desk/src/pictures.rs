//! Letters out of photographs: every code in every picture, put together by `carry::symbols`.
//!
//! A picture comes from anywhere. It is bounded in bytes before it is looked at and in pixels before
//! room is made for it; what is in it is believed only when its frames' checks and the hash of the
//! whole agree. Pure: bytes in, postings out; whoever calls files them.

mod finders;

use std::io::Cursor;

use carry::symbols::{Gathered, NotAFrame, Shown};
use envelope::Posting;
use png::{ColorType, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// The most bytes of one picture.
pub const MOST_BYTES: usize = 24 << 20;
/// The most pixels of one picture: the cameras of most phones make no more.
pub const MOST_PIXELS: usize = 52_000_000;
/// No side is longer.
const MOST_SIDE: usize = 16_384;
/// The most pixels in which codes are sought; a larger picture is made smaller first. A code of 61
/// modules in the middle of it still has ten pixels a module.
const SOUGHT_PIXELS: usize = 8_000_000;
/// Codes of one picture that are read; the still codes of a small letter are two dozen.
const MOST_CODES: usize = 64;
/// Corners of codes, of which each has three.
const MOST_CORNERS: usize = 200;
/// Corners of a handful of codes.
const FEW_CORNERS: usize = 12;
/// Below this side no code of a letter can be told apart.
const LEAST_SIDE: usize = 61;
/// Scans of a progressive JPEG.
const MOST_SCANS: usize = 64;

/// Letters that pictures may have begun at the same time, and the bytes these may hold together: all
/// pictures of a folder are brought at once, and a sheet of codes may be of a dozen letters.
const MOST_LETTERS: usize = 1_024;
const MOST_HELD: usize = 64 << 20;

/// Why a picture was not looked at. What other pictures brought stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotAPicture {
    /// Neither PNG nor JPEG by its first bytes.
    OtherKind,
    /// More bytes or pixels than are looked at.
    TooLarge,
    /// More corners of codes than a sheet of them has: looking for codes among them has no end.
    Crowded,
    /// It is cut or damaged.
    Damaged,
    /// Reading it took too long, or ended the process that read it.
    GivenUp,
}

impl NotAPicture {
    const ALL: [Self; 5] = [
        Self::OtherKind,
        Self::TooLarge,
        Self::Crowded,
        Self::Damaged,
        Self::GivenUp,
    ];

    /// From 1: how a process tells another.
    pub(crate) fn number(self) -> u8 {
        let at = Self::ALL.iter().position(|one| *one == self);
        at.and_then(|at| u8::try_from(at + 1).ok())
            .unwrap_or(u8::MAX)
    }

    pub(crate) fn numbered(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// What to do about it, in English and in French.
    #[must_use]
    pub fn sentences(self) -> (&'static str, &'static str) {
        match self {
            Self::OtherKind => (
                "this is neither a PNG nor a JPEG picture; save it as one of these",
                "ce n’est ni une image PNG ni une image JPEG ; enregistrez-la dans l’un de ces formats",
            ),
            Self::TooLarge => (
                "this picture is too large; make it smaller (24 MB and 52 million pixels at most)",
                "cette image est trop grande ; réduisez-la (24 Mo et 52 millions de pixels au plus)",
            ),
            Self::Crowded => (
                "too many codes are in this picture; take pictures of a few at a time",
                "il y a trop de codes sur cette image ; photographiez-en quelques-uns à la fois",
            ),
            Self::GivenUp => (
                "this picture could not be read to its end; take another, of one code at a time",
                "cette image n’a pas pu être lue jusqu’au bout ; prenez-en une autre, d’un seul code à la fois",
            ),
            Self::Damaged => (
                "this picture is cut short or damaged; copy it again or take another",
                "cette image est incomplète ou abîmée ; copiez-la de nouveau ou reprenez la photo",
            ),
        }
    }
}

impl std::fmt::Display for NotAPicture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.sentences().0)
    }
}

impl std::error::Error for NotAPicture {}

/// What one picture brought.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Codes of letters.
    pub codes: usize,
    /// Codes that say something else.
    pub others: usize,
    /// Letters that became whole, as postings.
    pub letters: Vec<Vec<u8>>,
    /// Letters that were begun and let go, since there were too many at once.
    pub let_go: usize,
}

/// What the pictures until now have brought.
#[derive(Clone, Debug)]
pub struct Pictures {
    shown: Shown,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            shown: Shown::with_room(MOST_LETTERS, MOST_HELD),
        }
    }
}

/// The text of every code of a picture. The search runs in other people's code, which may stop a
/// program or not come to an end: a desk asks [`crate::Apart`] for it.
///
/// # Errors
/// [`NotAPicture`].
pub fn codes_in(picture: &[u8]) -> Result<Vec<String>, NotAPicture> {
    Grey::of(picture)?.codes()
}

impl Pictures {
    /// Takes what the codes of one picture say.
    pub fn take(&mut self, texts: &[String]) -> Seen {
        let mut seen = Seen::default();
        for text in texts {
            match self.shown.take(text) {
                Ok(Gathered::Missing(_) | Gathered::Already) => seen.codes += 1,
                Ok(Gathered::Whole(bytes)) => {
                    seen.codes += 1;
                    if Posting::parse(&bytes).is_ok() {
                        seen.letters.push(bytes);
                    } else {
                        seen.others += 1;
                    }
                }
                // It is a letter's code; that its letter is spoiled is asked of all pictures together.
                Err(NotAFrame::Spoiled) => seen.codes += 1,
                Err(_) => seen.others += 1,
            }
        }
        seen.let_go = self.shown.let_go();
        seen
    }

    /// A letter that became whole could not be kept: its pictures may be shown again.
    pub fn forget(&mut self, posting: &[u8]) {
        self.shown.forget(posting);
    }

    /// For each letter that was begun, is not whole and not spoiled, how many more codes it needs, at
    /// least.
    #[must_use]
    pub fn missing(&self) -> Vec<usize> {
        self.shown.missing().collect()
    }

    /// Letters with a code among theirs that is not theirs, as long as no other codes told which.
    #[must_use]
    pub fn spoiled(&self) -> usize {
        self.shown.spoiled()
    }
}

/// A picture in shades of grey.
struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl Grey {
    fn of(picture: &[u8]) -> Result<Self, NotAPicture> {
        if picture.len() > MOST_BYTES {
            return Err(NotAPicture::TooLarge);
        }
        let grey = match picture {
            [0x89, b'P', b'N', b'G', ..] => Self::of_png(picture)?,
            [0xff, 0xd8, 0xff, ..] => Self::of_jpeg(picture)?,
            _ => return Err(NotAPicture::OtherKind),
        };
        if grey.pixels.len() == grey.width.saturating_mul(grey.height) {
            Ok(grey)
        } else {
            Err(NotAPicture::Damaged)
        }
    }

    fn bounded(width: usize, height: usize) -> Result<(), NotAPicture> {
        let within = width.max(height) <= MOST_SIDE && width.saturating_mul(height) <= MOST_PIXELS;
        if within {
            Ok(())
        } else {
            Err(NotAPicture::TooLarge)
        }
    }

    fn of_png(picture: &[u8]) -> Result<Self, NotAPicture> {
        let damaged = |_| NotAPicture::Damaged;
        let limits = png::Limits {
            bytes: MOST_PIXELS * 4,
        };
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(picture), limits);
        decoder.set_transformations(Transformations::normalize_to_color8());
        decoder.set_ignore_text_chunk(true);
        decoder.set_ignore_iccp_chunk(true);
        let header = decoder.read_header_info().map_err(damaged)?;
        let (width, height) = (
            usize::try_from(header.width).unwrap_or(usize::MAX),
            usize::try_from(header.height).unwrap_or(usize::MAX),
        );
        Self::bounded(width, height)?;
        let mut reader = decoder.read_info().map_err(damaged)?;
        let colour = reader.output_color_type().0;
        let length = reader.output_buffer_size().ok_or(NotAPicture::TooLarge)?;
        if length > MOST_PIXELS * 4 {
            return Err(NotAPicture::TooLarge);
        }
        let mut samples = vec![0; length];
        reader.next_frame(&mut samples).map_err(damaged)?;
        let pixels = match colour {
            ColorType::Grayscale => samples,
            ColorType::GrayscaleAlpha => {
                pixels_of(&samples, |[grey, alpha]| over_white(grey, alpha))
            }
            ColorType::Rgb => pixels_of(&samples, |[r, g, b]| luma(r, g, b)),
            ColorType::Rgba => pixels_of(&samples, |[r, g, b, alpha]| {
                over_white(luma(r, g, b), alpha)
            }),
            // Palettes are expanded by the transformation.
            ColorType::Indexed => return Err(NotAPicture::Damaged),
        };
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    fn of_jpeg(picture: &[u8]) -> Result<Self, NotAPicture> {
        let options = DecoderOptions::default()
            // As large as the format can say: the bound below tells what is too large.
            .set_max_width(usize::from(u16::MAX))
            .set_max_height(usize::from(u16::MAX))
            // Without it, a picture that is cut is filled up with grey and called whole.
            .set_strict_mode(true)
            .jpeg_set_max_scans(MOST_SCANS)
            .jpeg_set_out_colorspace(ColorSpace::Luma);
        let mut decoder = JpegDecoder::new_with_options(Cursor::new(picture), options);
        decoder.decode_headers().map_err(|_| NotAPicture::Damaged)?;
        let info = decoder.info().ok_or(NotAPicture::Damaged)?;
        let (width, height) = (usize::from(info.width), usize::from(info.height));
        Self::bounded(width, height)?;
        let pixels = decoder.decode().map_err(|_| NotAPicture::Damaged)?;
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// Half as wide and as high: each pixel is the mean of four. Noise and the grid of a filmed
    /// screen go with it.
    fn halved(&self) -> Self {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut pixels = Vec::with_capacity(width * height);
        for pair in self.pixels.chunks_exact((2 * self.width).max(1)) {
            let (above, below) = pair.split_at(self.width);
            let (above, below) = (above.as_chunks::<2>().0, below.as_chunks::<2>().0);
            for ([a, b], [c, d]) in above.iter().zip(below) {
                let sum = u16::from(*a) + u16::from(*b) + u16::from(*c) + u16::from(*d);
                pixels.push(u8::try_from(sum / 4).unwrap_or(u8::MAX));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }

    /// The text of every code that can be read, at one size after the other: what is too noisy at
    /// full size is often clear at half. Each text once.
    fn codes(self) -> Result<Vec<String>, NotAPicture> {
        let mut grey = self;
        while grey.pixels.len() > SOUGHT_PIXELS {
            grey = grey.halved();
        }
        let mut texts: Vec<String> = Vec::new();
        let mut crowded = false;
        while grey.width.min(grey.height) >= LEAST_SIDE {
            // Every size is looked through: what is found at one says nothing of what is clear at another.
            let finders = grey.finders();
            let mut read = Vec::new();
            if (3..MOST_CORNERS).contains(&finders.len()) {
                read = grey.apart(&finders);
            }
            // A code whose corners are too faint to be paired here may be clear to the reader, which
            // tries all threes: with few of them, that is soon done.
            let left_over = finders.len() <= FEW_CORNERS && 3 * read.len() < finders.len();
            if read.is_empty() || left_over {
                // Or grain that is taken for corners, and gone at half the size.
                if grey.corners() > MOST_CORNERS {
                    crowded = true;
                } else {
                    read.extend(grey.read());
                }
            }
            for text in read {
                if !texts.contains(&text) && texts.len() < MOST_CODES {
                    texts.push(text);
                }
            }
            grey = grey.halved();
        }
        if crowded && texts.is_empty() {
            return Err(NotAPicture::Crowded);
        }
        Ok(texts)
    }

    /// The text of every code that is read in the whole of it at once: good for a few.
    fn read(&self) -> Vec<String> {
        let mut seen =
            rqrr::PreparedImage::prepare_from_greyscale(self.width, self.height, |x, y| {
                self.pixels
                    .get(y.saturating_mul(self.width).saturating_add(x))
                    .copied()
                    .unwrap_or(u8::MAX)
            });
        let grids = seen.detect_grids().into_iter().take(MOST_CODES);
        grids
            .filter_map(|grid| grid.decode().ok())
            .map(|(_, text)| text)
            .collect()
    }

    /// About how many corners of codes there are: dark, light, three times dark, light, dark in a row,
    /// seen in the three middle modules of each. The search for codes compares every corner with
    /// every two others.
    fn corners(&self) -> usize {
        // In shares of a corner, so that the sum stays a whole number.
        const WHOLE: usize = 1_024;
        let mut sum = 0_usize;
        let span = |pixels: &[u8]| {
            let both = pixels.iter();
            both.fold((u8::MAX, 0_u8), |(a, b), p| (a.min(*p), b.max(*p)))
        };
        let (darkest, lightest) = span(&self.pixels);
        for row in self.pixels.chunks_exact(self.width.max(1)) {
            let (least, most) = span(row);
            // Paper, a table, a wall: what differs there is the sensor's grain.
            if most.saturating_sub(least) < lightest.saturating_sub(darkest) / 3 {
                continue;
            }
            let middle = least.midpoint(most);
            let mut runs = [0_usize; 5];
            let mut dark = false;
            for pixel in row.iter().chain([&u8::MAX]) {
                if (*pixel < middle) == dark {
                    runs[4] += 1;
                    continue;
                }
                if dark && is_corner(runs) {
                    let across: usize = runs.iter().sum();
                    sum = sum.saturating_add(WHOLE * 7 / (3 * across.max(1)));
                }
                dark = !dark;
                runs.rotate_left(1);
                runs[4] = 1;
            }
        }
        sum / WHOLE
    }
}

/// Whether runs of dark and light are as 1 : 1 : 3 : 1 : 1, within three quarters of a module.
fn is_corner(runs: [usize; 5]) -> bool {
    let module = runs.iter().sum::<usize>() / 7;
    let near =
        |run: usize, modules: usize| (4 * run).abs_diff(4 * modules * module) <= 3 * module + 3;
    let [a, b, c, d, e] = runs;
    module > 0 && near(a, 1) && near(b, 1) && near(c, 3) && near(d, 1) && near(e, 1)
}

fn pixels_of<const N: usize>(samples: &[u8], grey: impl Fn([u8; N]) -> u8) -> Vec<u8> {
    samples
        .as_chunks::<N>()
        .0
        .iter()
        .map(|p| grey(*p))
        .collect()
}

/// How bright a colour is (ITU-R BT.601), in 256 steps.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b);
    u8::try_from(sum / 256).unwrap_or(u8::MAX)
}

/// What is transparent is shown on white.
fn over_white(grey: u8, alpha: u8) -> u8 {
    let (grey, alpha) = (u32::from(grey), u32::from(alpha));
    u8::try_from((grey * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
