//! Letters as a camera meets them: drawn as codes, turned, blurred, photographed, read, filed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a test may stop at the first surprise"
)]

use super::*;
use carry::symbols::Frames;
use fast_qr::{ECL, QRBuilder};

/// Codes in a row, each with its quiet zone.
fn drawn(texts: &[String], scale: usize) -> Grey {
    let codes: Vec<_> = texts
        .iter()
        .map(|text| QRBuilder::new(text.as_str()).ecl(ECL::M).build().unwrap())
        .collect();
    let side = (codes[0].size + 8) * scale;
    let width = side * codes.len();
    let pixels = (0..width * side)
        .map(|at| {
            let (x, y) = (at % width, at / width);
            let code = &codes[x / side];
            let (x, y) = (x % side / scale, y / scale);
            let within = |n: usize| (4..4 + code.size).contains(&n);
            let dark = within(x) && within(y) && code.data[(y - 4) * code.size + x - 4].value();
            if dark { 40 } else { 215 }
        })
        .collect();
    Grey {
        width,
        height: side,
        pixels,
    }
}

/// As a hand holds the camera: turned by some degrees, on a desk of middle grey.
fn turned(grey: &Grey, degrees: f64) -> Grey {
    let (sin, cos) = degrees.to_radians().sin_cos();
    let side = grey.width.max(grey.height) * 3 / 2;
    let at = |x: usize, y: usize| {
        let (x, y) = (x as f64 - side as f64 / 2.0, y as f64 - side as f64 / 2.0);
        let from = (
            x * cos + y * sin + grey.width as f64 / 2.0,
            y * cos - x * sin + grey.height as f64 / 2.0,
        );
        let inside = (0.0..grey.width as f64).contains(&from.0)
            && (0.0..grey.height as f64).contains(&from.1);
        if inside {
            grey.pixels[from.1 as usize * grey.width + from.0 as usize]
        } else {
            150
        }
    };
    let pixels = (0..side * side).map(|n| at(n % side, n / side)).collect();
    Grey {
        width: side,
        height: side,
        pixels,
    }
}

/// Out of focus: each pixel the mean of those within a distance.
fn blurred(grey: &Grey, reach: usize) -> Grey {
    let mean = |x: usize, y: usize| {
        let (mut sum, mut count) = (0_usize, 0_usize);
        for v in y.saturating_sub(reach)..(y + reach + 1).min(grey.height) {
            for u in x.saturating_sub(reach)..(x + reach + 1).min(grey.width) {
                sum += usize::from(grey.pixels[v * grey.width + u]);
                count += 1;
            }
        }
        (sum / count) as u8
    };
    let pixels = (0..grey.pixels.len())
        .map(|n| mean(n % grey.width, n / grey.width))
        .collect();
    Grey { pixels, ..*grey }
}

impl Pictures {
    fn look(&mut self, picture: &[u8]) -> Result<Seen, NotAPicture> {
        codes_in(picture).map(|texts| self.take(&texts))
    }
}

fn png_of(grey: &Grey) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, grey.width as u32, grey.height as u32);
    encoder.set_color(ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&grey.pixels).unwrap();
    writer.finish().unwrap();
    bytes
}

/// As JPEG, in shades of grey, each tile of 8 by 8 pixels of one shade: then a tile is one number, its
/// difference to the tile before, and no more of the format is needed to write it (ITU-T T.81).
fn jpeg_of(grey: &Grey) -> Vec<u8> {
    fn segment(bytes: &mut Vec<u8>, marker: u8, body: &[u8]) {
        bytes.extend_from_slice(&[0xff, marker]);
        bytes.extend_from_slice(&(body.len() as u16 + 2).to_be_bytes());
        bytes.extend_from_slice(body);
    }
    assert_eq!((grey.width % 8, grey.height % 8), (0, 0));
    let [h, w] = [grey.height, grey.width].map(|side| (side as u16).to_be_bytes());
    let mut bytes = vec![0xff, 0xd8];
    segment(&mut bytes, 0xdb, &[&[0][..], &[1; 64]].concat());
    segment(
        &mut bytes,
        0xc0,
        &[8, h[0], h[1], w[0], w[1], 1, 1, 0x11, 0],
    );
    // The twelve lengths a difference can have, each a code of four bits; then one code of one bit, for
    // “nothing more in this tile”.
    let lengths: Vec<u8> = (0..12).collect();
    let mut counts = [0; 16];
    counts[3] = 12;
    segment(&mut bytes, 0xc4, &[&[0x00][..], &counts, &lengths].concat());
    let mut counts = [0; 16];
    counts[0] = 1;
    segment(&mut bytes, 0xc4, &[&[0x10][..], &counts, &[0]].concat());
    segment(&mut bytes, 0xda, &[1, 1, 0, 0, 63, 0]);
    let mut bits: Vec<bool> = Vec::new();
    let mut before = 0_i32;
    for y in (0..grey.height).step_by(8) {
        for x in (0..grey.width).step_by(8) {
            let tile = (i32::from(grey.pixels[y * grey.width + x]) - 128) * 8;
            let difference = tile - before;
            before = tile;
            let length = 32 - difference.unsigned_abs().leading_zeros();
            let number = if difference < 0 {
                difference - 1
            } else {
                difference
            };
            bits.extend((0..4).rev().map(|at| length >> at & 1 == 1));
            bits.extend((0..length).rev().map(|at| number >> at & 1 == 1));
            bits.push(false);
        }
    }
    for eight in bits.chunks(8) {
        let byte = (0..8).fold(0, |sum, at| {
            sum << 1 | u8::from(*eight.get(at).unwrap_or(&true))
        });
        bytes.push(byte);
        if byte == 0xff {
            bytes.push(0);
        }
    }
    bytes.extend_from_slice(&[0xff, 0xd9]);
    bytes
}

#[test]
fn a_letter_photographed_in_jpeg_comes_back_whole() {
    let (posting, frames) = posting();
    let mut pictures = Pictures::default();
    let mut letters = Vec::new();
    for seed in 0..u32::from(frames.count()) {
        let picture = jpeg_of(&drawn(&[frames.frame(seed)], 8));
        let seen = pictures.look(&picture).unwrap();
        assert_eq!((seen.codes, seen.others), (1, 0), "code {seed}");
        letters.extend(seen.letters);
    }
    assert!(letters == [posting]);
}

#[test]
fn a_folder_with_the_codes_of_forty_letters_gives_all_of_them() {
    let (posting, _) = posting();
    let mut letters: Vec<Vec<u8>> = (0..40)
        .map(|n| {
            let mut other = posting.clone();
            other[..2].copy_from_slice(&[n, 0]);
            other
        })
        .collect();
    let frames: Vec<Frames> = letters.iter().map(|l| Frames::of(l).unwrap()).collect();
    let mut pictures = Pictures::default();
    let mut whole = Vec::new();
    // The first code of each, then the second of each: as files named by the time they were taken.
    for seed in 0..u32::from(frames[0].count()) {
        let texts: Vec<String> = frames.iter().map(|one| one.frame(seed)).collect();
        let seen = pictures.take(&texts);
        assert_eq!(seen.let_go, 0);
        whole.extend(seen.letters);
    }
    whole.sort();
    letters.sort();
    assert!(whole == letters);
}

/// A photograph in JPEG of a code, too small and blurred to be read.
const PHOTO: &[u8] = include_bytes!("code.jpg");

/// A posting as an office is sent one, and its frames.
fn posting() -> (Vec<u8>, Frames) {
    let mut scene = crate::intake::tests::Scene::new();
    let posting = scene.with_words().posting().to_vec();
    let frames = Frames::of(&posting).unwrap();
    (posting, frames)
}

#[test]
fn a_letter_of_which_half_the_codes_were_photographed_turned_and_blurred_comes_back_whole() {
    let (posting, frames) = posting();
    let mut pictures = Pictures::default();
    // Every second code was missed; the sums behind the letter's own symbols stand in for them.
    for seed in (0..4 * u32::from(frames.count())).step_by(2) {
        let code = drawn(&[frames.frame(seed)], 6);
        let code = blurred(&turned(&code, f64::from(seed * 17 % 360)), 1);
        let picture = png_of(&code);
        let seen = pictures.look(&picture).unwrap();
        // One that is too blurred is one more that was missed; none is misread.
        assert_eq!(seen.others, 0, "code {seed}");
        if let [whole] = seen.letters.as_slice() {
            assert!(*whole == posting);
            assert!(pictures.missing().is_empty());
            return;
        }
    }
    panic!("still missing: {:?}", pictures.missing());
}

#[test]
fn it_is_told_how_many_codes_are_missing_and_the_rest_may_come_later() {
    let (posting, frames) = posting();
    let mut pictures = Pictures::default();
    let count = u32::from(frames.count());
    for seed in 0..count - 3 {
        pictures
            .look(&png_of(&drawn(&[frames.frame(seed)], 4)))
            .unwrap();
    }
    assert_eq!(pictures.missing(), [3]);
    // The same picture again is no harm and no help.
    pictures
        .look(&png_of(&drawn(&[frames.frame(0)], 4)))
        .unwrap();
    assert_eq!(pictures.missing(), [3]);
    // Three codes on one sheet.
    let last: Vec<String> = (count - 3..count).map(|seed| frames.frame(seed)).collect();
    let seen = pictures.look(&png_of(&drawn(&last, 4))).unwrap();
    assert_eq!(seen.codes, 3);
    assert!(seen.letters == [posting]);
}

#[test]
fn a_code_that_is_no_letters_is_counted_and_left_alone() {
    let mut pictures = Pictures::default();
    let seen = pictures
        .look(&png_of(&drawn(&["HTTPS://EXAMPLE.ORG".to_owned()], 6)))
        .unwrap();
    assert_eq!((seen.codes, seen.others, seen.letters.len()), (0, 1, 0));
    // Frames of something that is not a letter.
    let frames = Frames::of(b"not a letter").unwrap();
    let seen = pictures
        .look(&png_of(&drawn(&[frames.frame(0)], 6)))
        .unwrap();
    assert_eq!((seen.letters.len(), seen.others), (0, 1));
}

#[test]
fn a_whole_jpeg_is_looked_at() {
    assert!(Pictures::default().look(PHOTO).is_ok());
}

/// A PNG that says it has this size, and nothing behind it.
fn claiming(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 6, 0, 0, 0]);
    let mut check = flate2::Crc::new();
    check.update(&header);
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    png.extend_from_slice(&header);
    png.extend_from_slice(&check.sum().to_be_bytes());
    png
}

#[test]
fn hostile_pictures_are_refused_by_name_and_nothing_gathered_is_lost() {
    let (_, frames) = posting();
    let mut pictures = Pictures::default();
    let good = png_of(&drawn(&[frames.frame(0)], 4));
    pictures.look(&good).unwrap();
    let missing = pictures.missing();
    let photo = PHOTO;
    // A JPEG whose size was rewritten: the start of frame holds height and width.
    let at = photo
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    let mut vast = photo.to_vec();
    vast[at + 5..at + 9].fill(0xff);
    let cases: [(Vec<u8>, NotAPicture); 9] = [
        (Vec::new(), NotAPicture::OtherKind),
        (b"<svg/>".to_vec(), NotAPicture::OtherKind),
        (b"GIF89a".to_vec(), NotAPicture::OtherKind),
        (vec![0x89; MOST_BYTES + 1], NotAPicture::TooLarge),
        (
            claiming(u32::MAX >> 1, u32::MAX >> 1),
            NotAPicture::TooLarge,
        ),
        (claiming(16_000, 16_000), NotAPicture::TooLarge),
        (vast, NotAPicture::TooLarge),
        (good[..good.len() / 2].to_vec(), NotAPicture::Damaged),
        (photo[..photo.len() / 2].to_vec(), NotAPicture::Damaged),
    ];
    for (n, (picture, why)) in cases.into_iter().enumerate() {
        assert_eq!(pictures.look(&picture), Err(why), "picture {n}");
        assert_eq!(pictures.missing(), missing, "picture {n}");
    }
}

#[test]
fn a_picture_full_of_corners_of_codes_is_not_searched() {
    // Finder patterns side by side: what the search for codes has most work with.
    let side = 40 * 9_usize;
    let pixels = (0..side * side)
        .map(|at| {
            let (x, y) = (at % side % 9, at / side % 9);
            let ring = x.abs_diff(4).max(y.abs_diff(4));
            if ring == 3 || ring <= 1 { 30 } else { 220 }
        })
        .collect();
    let grey = Grey {
        width: side,
        height: side,
        pixels,
    };
    let seen = Pictures::default().look(&png_of(&grey));
    assert_eq!(seen, Err(NotAPicture::Crowded));
}

#[test]
fn the_grain_of_blank_paper_is_no_crowd_of_codes() {
    let (_, frames) = posting();
    let code = drawn(&[frames.frame(0)], 12);
    let (width, height) = (code.width, 3 * code.height);
    let mut pixels = vec![215; 2 * width * code.height];
    pixels.extend_from_slice(&code.pixels);
    // Sums of four small draws, from a generator with a fixed seed: about as a sensor's noise falls.
    let mut state = 1_u64;
    let mut draw = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        i16::try_from(state >> 33 & 7).unwrap()
    };
    for pixel in &mut pixels {
        let noise = draw() + draw() + draw() + draw() - 14;
        *pixel = u8::try_from((i16::from(*pixel) + noise).clamp(0, 255)).unwrap();
    }
    let picture = Grey {
        width,
        height,
        pixels,
    };
    assert_eq!(picture.codes(), Ok(vec![frames.frame(0)]));
}

/// Codes in rows of so many, each with its quiet zone, and light between them.
fn grid(texts: &[String], scale: usize, columns: usize, between: usize) -> Grey {
    let codes: Vec<Grey> = texts
        .iter()
        .map(|text| drawn(std::slice::from_ref(text), scale))
        .collect();
    let pitch = codes[0].width + between;
    let (width, height) = (pitch * columns, pitch * codes.len().div_ceil(columns));
    let pixels = (0..width * height)
        .map(|at| {
            let (x, y) = (at % width, at / width);
            let code = codes.get(y / pitch * columns + x / pitch);
            let (x, y) = (x % pitch, y % pitch);
            match code {
                Some(code) if x < code.width && y < code.height => code.pixels[y * code.width + x],
                _ => 235,
            }
        })
        .collect();
    Grey {
        width,
        height,
        pixels,
    }
}

/// The still codes of a kit: all of a letter's, and three more.
fn still(frames: &Frames) -> Vec<String> {
    (0..u32::from(frames.count()) + 3)
        .map(|seed| frames.frame(seed))
        .collect()
}

/// As a browser shows a picture at another size: each pixel is the one it falls on.
fn shown_at(grey: &Grey, share: f64) -> Grey {
    let [width, height] = [grey.width, grey.height].map(|side| (side as f64 * share) as usize);
    let at =
        |n: usize, of: usize, from: usize| ((n as f64 + 0.5) * from as f64 / of as f64) as usize;
    let pixels = (0..width * height)
        .map(|n| {
            let (x, y) = (
                at(n % width, width, grey.width),
                at(n / width, height, grey.height),
            );
            grey.pixels[y * grey.width + x]
        })
        .collect();
    Grey {
        width,
        height,
        pixels,
    }
}

#[test]
fn one_picture_of_all_still_codes_of_a_kit_gives_the_letter() {
    let (posting, frames) = posting();
    let codes = still(&frames);
    // The kit draws six pixels a module and shows a code 238 pixels wide.
    for share in [1.0, 238.0 / 414.0] {
        let screen = shown_at(&grid(&codes, 6, 4, 28), share);
        let seen = Pictures::default().look(&png_of(&screen)).unwrap();
        assert!(seen.codes + 2 >= codes.len(), "{} at {share}", seen.codes);
        assert_eq!(seen.others, 0);
        assert!(seen.letters == [posting.clone()]);
    }
}

#[test]
fn twelve_codes_in_one_photograph_held_aslant_and_blurred_are_told_apart() {
    let (_, frames) = posting();
    let codes: Vec<String> = (0..12).map(|seed| frames.frame(seed)).collect();
    for degrees in [4.0, 45.0, 173.0] {
        let photo = blurred(&turned(&grid(&codes, 6, 4, 12), degrees), 1);
        let seen = Pictures::default().look(&png_of(&photo)).unwrap();
        // One that is too blurred is one more that was missed; none is misread.
        assert!(seen.codes >= 11, "{} at {degrees}", seen.codes);
        assert_eq!(seen.others, 0);
    }
}

#[test]
fn a_second_code_of_which_a_corner_is_faint_is_read_beside_a_clear_one() {
    let (_, frames) = posting();
    let texts = [0, 1].map(|seed| frames.frame(seed));
    let mut picture = grid(&texts, 6, 2, 28);
    // One module in a corner of the second code's second pattern, where light fell on the sheet: on
    // one of both slants there is no pattern any more.
    let (pitch, module) = (picture.width / 2, 6);
    for y in 10 * module..11 * module {
        for x in pitch + 58 * module..pitch + 59 * module {
            assert_eq!(picture.pixels[y * picture.width + x], 40);
            picture.pixels[y * picture.width + x] = 215;
        }
    }
    let corners = picture.finders().len();
    assert_eq!(corners, 5);
    assert_eq!(picture.codes().map(|read| read.len()), Ok(2));
}

#[test]
fn the_pictures_that_the_fuzzer_begins_with_hold_each_a_code_of_one_letter() {
    let mut pictures = Pictures::default();
    let jpeg = include_bytes!("legible.jpg");
    let png = include_bytes!("legible.png");
    for picture in [&jpeg[..], &png[..]] {
        let seen = pictures.look(picture).unwrap();
        assert_eq!((seen.codes, seen.others), (1, 0));
    }
    assert_eq!(pictures.missing(), [19]);
}
