//! What fills a board so that it tells nothing: cells that are real seals to nobody. (protocol §5)

use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::XWing;
use hpke::{Kem, OpModeS, PskBundle, Serializable};
use rand_core::CryptoRng;

use crate::{CELL_BYTES, Cell, ENCAPSULATION_BYTES, LETTER_VERSION, labels};

/// Bytes sealed in a cell: what is left of 4,096 after version, tag, encapsulation and AEAD tag.
pub const CELL_PLAIN_BYTES: usize = CELL_BYTES - 1 - 16 - ENCAPSULATION_BYTES - 16;

/// Makes a cell that nobody can open: zeros sealed to a key that is thrown away at once, under a
/// random tag and a random psk. On the wire it is like any other.
pub fn cell(rng: &mut impl CryptoRng) -> Cell {
    let mut tag = [0; 16];
    rng.fill_bytes(&mut tag);
    let mut psk = zeroize::Zeroizing::new([0; 32]);
    rng.fill_bytes(psk.as_mut());
    let (_, nobody) = XWing::gen_keypair_with_rng(rng);
    let sealed = PskBundle::new(psk.as_ref(), labels::CELL_PSK.as_bytes()).and_then(|psk| {
        hpke::single_shot_seal_with_rng::<AesGcm256, HkdfSha256, XWing>(
            &OpModeS::Psk(psk),
            &nobody,
            labels::CELL.as_bytes(),
            &[0; CELL_PLAIN_BYTES],
            &tag,
            rng,
        )
    });
    // Sealing fixed-length zeros to a fresh key has no way to fail; if a library ever finds one,
    // random bytes of the same length are the next best thing, and never a missing cell.
    let mut bytes = [0; CELL_BYTES];
    rng.fill_bytes(&mut bytes);
    if let Ok((encapsulation, ciphertext)) = sealed {
        let parts = tag
            .into_iter()
            .chain(encapsulation.to_bytes())
            .chain(ciphertext);
        for (to, from) in bytes.iter_mut().skip(1).zip(parts) {
            *to = from;
        }
    }
    if let Some(first) = bytes.first_mut() {
        *first = LETTER_VERSION;
    }
    Cell::from_array(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::SeedableRng;

    #[test]
    fn no_two_dummies_share_a_tag_or_a_body() {
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(1);
        let (a, b) = (cell(&mut rng), cell(&mut rng));
        assert_ne!(a.tag(), b.tag());
        let same = a
            .bytes()
            .iter()
            .zip(b.bytes().iter())
            .filter(|(x, y)| x == y)
            .count();
        assert!(same < 200, "{same} of 4,096 bytes are equal");
    }
}
