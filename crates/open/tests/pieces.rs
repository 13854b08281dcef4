//! Files in pieces, from the sender's slices to the office's whole, with nothing between.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

mod office;

use std::collections::BTreeMap;

use office::{MAILBOX, Office};
use open::{CannotOpen, DoesNotFit, NotTheFile, Opened, OpenedPiece, Reassembly};
use proptest::prelude::*;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use record::{MediaKind, Report};
use seal::{
    Attachment, CHUNK_BYTES, CannotSeal, ContentHash, FileId, MOST_ATTACHMENTS, SealedBy,
    SealedLetter,
};

fn content(bytes: usize) -> Vec<u8> {
    (0..=250_u8).cycle().take(bytes).collect()
}

fn announced(file: &[u8]) -> Attachment {
    let mut hash = ContentHash::new();
    hash.take(file);
    Attachment::of(hash, FileId([3; 16]), Some(MediaKind::Jpeg)).unwrap()
}

fn sealed(office: &Office, file: &[u8], of: &Attachment) -> Vec<SealedLetter> {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let key = office.key();
    (0..of.pieces)
        .map(|number| {
            let from = (number as usize * CHUNK_BYTES).min(file.len());
            let chunk = &file[from..from + of.chunk_bytes(number)];
            seal::piece(of, number, chunk, &key, &mut rng).unwrap()
        })
        .collect()
}

fn opened(office: &Office, letter: &SealedLetter) -> OpenedPiece {
    match open::posted(letter.letter(), &MAILBOX, &office.intake) {
        Ok(Opened::Piece(piece)) => piece,
        _ => panic!("not a piece"),
    }
}

#[test]
fn every_letter_of_a_file_has_one_length_whatever_it_carries() {
    let office = Office::new();
    let file = content(8 * CHUNK_BYTES + 1);
    let of = announced(&file);
    assert_eq!((of.full_pieces(), of.pieces), (9, 10));
    for letter in sealed(&office, &file, &of) {
        assert_eq!(letter.letter().len(), 262_144);
    }
    let small = content(1);
    let of = announced(&small);
    let one = sealed(&office, &small, &of);
    assert_eq!(one[0].letter().len(), 262_144);
}

#[test]
fn a_report_brings_what_it_announces_and_its_signature_covers_it() {
    let office = Office::new();
    let of = announced(&content(70_000));
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    let files = vec![of; MOST_ATTACHMENTS];
    let seal = |files: &[Attachment], rng: &mut ChaCha20Rng| {
        let by = SealedBy::Native;
        seal::letter_with_files(
            &Report::default(),
            files,
            None,
            None,
            by,
            &office.key(),
            rng,
        )
    };
    let letter = seal(&files, &mut rng).unwrap();
    let opened = open::letter(letter.letter(), &MAILBOX, &office.intake).unwrap();
    assert_eq!(opened.attachments(), files);
    let more = vec![of; MOST_ATTACHMENTS + 1];
    assert!(matches!(
        seal(&more, &mut rng),
        Err(CannotSeal::TooManyFiles)
    ));
}

#[test]
fn a_piece_is_no_report_and_a_piece_in_a_small_letter_is_no_piece() {
    let office = Office::new();
    let file = content(10);
    let of = announced(&file);
    let piece = &sealed(&office, &file, &of)[0];
    assert!(matches!(
        open::letter(piece.letter(), &MAILBOX, &office.intake),
        Err(CannotOpen::Malformed)
    ));
}

#[test]
fn a_chunk_of_another_place_or_length_is_not_sealed() {
    let office = Office::new();
    let of = announced(&content(CHUNK_BYTES + 5));
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    for (number, bytes) in [(0, 5), (1, CHUNK_BYTES), (1, 4), (2, 0), (7, 5)] {
        let chunk = vec![0; bytes];
        assert!(
            seal::piece(&of, number, &chunk, &office.key(), &mut rng).is_err(),
            "{number} {bytes}"
        );
    }
}

#[test]
fn what_does_not_fit_is_told_apart() {
    let office = Office::new();
    let file = content(CHUNK_BYTES + 5);
    let of = announced(&file);
    let piece = opened(&office, &sealed(&office, &file, &of)[1]);
    assert_eq!(piece.fits(&of), Ok(()));
    let other = FileId([4; 16]);
    let cases = [
        (Attachment { file: other, ..of }, DoesNotFit::OtherFile),
        (
            announced(&content(2 * CHUNK_BYTES + 5)),
            DoesNotFit::OtherCount,
        ),
        (
            announced(&content(CHUNK_BYTES + 6)),
            DoesNotFit::OtherLength,
        ),
    ];
    for (announced, why) in cases {
        assert_eq!(piece.fits(&announced), Err(why));
    }
    let impossible = Attachment { pieces: 9, ..of };
    assert!(matches!(
        piece.fits(&impossible),
        Err(DoesNotFit::Announced(_))
    ));
}

#[test]
fn swapped_altered_cut_and_added_chunks_never_make_a_complete_file() {
    let file = content(2 * CHUNK_BYTES + 9);
    let of = announced(&file);
    let chunks: Vec<&[u8]> = file.chunks(CHUNK_BYTES).collect();
    let told = |chunks: &[&[u8]]| {
        let mut whole = Reassembly::of(&of);
        for chunk in chunks {
            whole.take(chunk)?;
        }
        whole.end()
    };
    assert_eq!(told(&chunks).unwrap().announced(), &of);
    let swapped = [chunks[1], chunks[0], chunks[2]];
    assert_eq!(told(&swapped), Err(NotTheFile::OtherContent));
    let mut altered = file.clone();
    altered[77] ^= 1;
    let altered: Vec<&[u8]> = altered.chunks(CHUNK_BYTES).collect();
    assert_eq!(told(&altered), Err(NotTheFile::OtherContent));
    assert_eq!(told(&chunks[..2]), Err(NotTheFile::Incomplete));
    let added = [chunks[0], chunks[1], chunks[2], &[1]];
    assert_eq!(told(&added), Err(NotTheFile::OtherLength));
    assert_eq!(told(&[&file[..9]]), Err(NotTheFile::OtherLength));

    let by_hash = |chunks: &[&[u8]]| {
        let mut whole = Reassembly::of(&of);
        for chunk in chunks {
            whole.take_hashed(envelope::hash(chunk), chunk.len())?;
        }
        whole.end()
    };
    assert_eq!(by_hash(&chunks), told(&chunks));
    assert_eq!(by_hash(&swapped), Err(NotTheFile::OtherContent));
    assert_eq!(by_hash(&added), Err(NotTheFile::OtherLength));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn pieces_in_any_order_and_repeated_give_the_file_back(
        bytes in 1usize..(4 * CHUNK_BYTES),
        order in prop::collection::vec(0usize..4, 0..12),
    ) {
        let office = Office::new();
        let file = content(bytes);
        let of = announced(&file);
        let letters = sealed(&office, &file, &of);
        let mut came = BTreeMap::new();
        // Some in this order, some twice, then whatever is left.
        let all = order.into_iter().filter(|n| *n < letters.len()).chain(0..letters.len());
        for number in all {
            let piece = opened(&office, &letters[number]);
            prop_assert_eq!(piece.fits(&of), Ok(()));
            came.insert(piece.number(), piece.chunk().to_vec());
        }
        let mut whole = Reassembly::of(&of);
        for number in 0..of.full_pieces() {
            whole.take(&came[&number]).unwrap();
        }
        prop_assert!(whole.end().is_ok());
    }
}
