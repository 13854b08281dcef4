//! Frames as a camera meets them: drawn as codes, seen as grey pictures, read, put together.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use carry::symbols::{Frames, Gathered, Shown};
use fast_qr::{ECL, QRBuilder};
use rand_core::{Rng, SeedableRng};

/// Pixels of a module, and modules of white around the code.
const SCALE: usize = 4;
const QUIET: usize = 4;

/// A picture of a code: dark grey on light grey, straight, with a little noise. Blur, tilt and two
/// frames in one picture are not tried here.
struct Picture {
    side: usize,
    pixels: Vec<u8>,
}

fn drawn(text: &str, rng: &mut impl Rng) -> Picture {
    let code = QRBuilder::new(text).ecl(ECL::M).build().unwrap();
    let side = (code.size + 2 * QUIET) * SCALE;
    let mut noise = vec![0; side * side];
    rng.fill_bytes(&mut noise);
    let pixels = (0..side * side)
        .map(|at| {
            let (x, y) = (at % side / SCALE, at / side / SCALE);
            let within = |n: usize| (QUIET..QUIET + code.size).contains(&n);
            let dark =
                within(x) && within(y) && code.data[(y - QUIET) * code.size + (x - QUIET)].value();
            (if dark { 40 } else { 210 }) + noise[at] % 8
        })
        .collect();
    Picture { side, pixels }
}

fn read(picture: &Picture) -> String {
    let mut seen =
        rqrr::PreparedImage::prepare_from_greyscale(picture.side, picture.side, |x, y| {
            picture.pixels[y * picture.side + x]
        });
    let grids = seen.detect_grids();
    assert_eq!(
        grids.len(),
        1,
        "codes seen in a picture of {} pixels",
        picture.side
    );
    grids[0].decode().unwrap().1
}

#[test]
fn a_letter_of_16_kilobytes_filmed_with_half_its_pictures_lost_arrives_within_a_minute_of_them() {
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(16);
    let mut letter = vec![0; 16 + 16_384];
    rng.fill_bytes(&mut letter);
    let frames = Frames::of(&letter).unwrap();
    let mut shown = Shown::default();
    let mut caught = 0;
    for seed in 0..180 {
        if rng.next_u32() % 2 == 0 {
            continue;
        }
        caught += 1;
        let text = frames.frame(seed);
        let seen = read(&drawn(&text, &mut rng));
        assert_eq!(seen, text);
        if let Gathered::Whole(back) = shown.take(&seen).unwrap() {
            assert!(back == letter);
            assert!(
                caught <= usize::from(frames.count()) + 3,
                "{caught} pictures"
            );
            return;
        }
    }
    panic!("not whole within 180 pictures, a minute at three a second: {caught} caught");
}
