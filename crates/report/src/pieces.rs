//! Sending a file's pieces: sealed on several threads, posted over several lines at once, each one
//! counted when it is durable and never earlier.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use envelope::notice::IntakeKey;
use rand_core::CryptoRng;
use seal::{CannotSeal, SealedLetter};
use zeroize::Zeroizing;

use crate::files::{CannotTake, Ready};

/// Lines over which pieces travel at once. Two seal while two wait for the relay's disk.
pub const LINES: usize = 4;

/// What came of one piece.
enum Came<E> {
    /// It is durable.
    Arrived(u32),
    Failed(E),
}

/// Seals and sends the pieces that are not in `arrived` yet, and adds each as it becomes durable.
/// `send` returns only when it is; it is called from several threads. `told` is given how many
/// have arrived so far.
///
/// What did not arrive is sealed anew by the next call: the relay has no receipt out for it.
///
/// # Errors
/// The first failure; what arrived stands in `arrived`.
pub fn send<E: From<CannotTake> + From<CannotSeal> + Send, R: CryptoRng>(
    ready: &Ready,
    key: &IntakeKey,
    lines: usize,
    arrived: &mut BTreeSet<u32>,
    rng: impl Fn() -> R + Sync,
    send: impl Fn(&SealedLetter) -> Result<(), E> + Sync,
    mut told: impl FnMut(usize),
) -> Result<(), E> {
    let of = *ready.announced();
    let before = arrived.clone();
    // Room for one chunk a line: whoever reads waits for whoever sends.
    let (chunks_in, chunks) = sync_channel::<Chunk>(lines.max(1));
    let (came_in, came) = sync_channel::<Came<E>>(lines.max(1) * 4);
    // Buffers that were sent come back to be filled again: new ones cost as much as the sealing.
    let (emptied_in, emptied) = channel::<Zeroizing<Vec<u8>>>();
    // Taken away by the first line that fails: then nobody reads on, and nobody waits for ever.
    let chunks = Mutex::new(Some(chunks));
    let mut failed = None;
    std::thread::scope(|scope| {
        for _ in 0..lines.max(1) {
            let (came_in, chunks, send, rng) = (came_in.clone(), &chunks, &send, &rng);
            let emptied_in = emptied_in.clone();
            scope.spawn(move || {
                let mut rng = rng();
                while let Some((number, chunk)) = next(chunks) {
                    let sealed = seal::piece(&of, number, &chunk, key, &mut rng);
                    // Nobody fills it any more: the file is read.
                    emptied_in.send(chunk).ok();
                    let sent = sealed.map_err(E::from).and_then(|letter| send(&letter));
                    let over = sent.is_err();
                    let came = sent.map_or_else(Came::Failed, |()| Came::Arrived(number));
                    if over {
                        held(chunks).take();
                    }
                    if came_in.send(came).is_err() || over {
                        break;
                    }
                }
            });
        }
        scope.spawn(move || {
            let read = ready.each_chunk(|number, chunk| {
                if before.contains(&number) {
                    return Ok(());
                }
                let mut room = emptied.try_recv().unwrap_or_default();
                room.clear();
                room.extend_from_slice(chunk);
                // Nobody takes chunks any more: why, comes another way.
                chunks_in.send((number, room)).map_err(|_| None)
            });
            if let Err(Some(why)) = read {
                // The receiver outlives every sender.
                drop(came_in.send(Came::Failed(E::from(why))));
            }
        });
        for came in came {
            match came {
                Came::Arrived(number) => {
                    arrived.insert(number);
                    told(arrived.len());
                }
                Came::Failed(why) => {
                    failed.get_or_insert(why);
                }
            }
        }
    });
    failed.map_or(Ok(()), Err)
}

type Chunk = (u32, Zeroizing<Vec<u8>>);
type Waiting = Mutex<Option<Receiver<Chunk>>>;

fn held(chunks: &Waiting) -> MutexGuard<'_, Option<Receiver<Chunk>>> {
    chunks.lock().unwrap_or_else(PoisonError::into_inner)
}

fn next(chunks: &Waiting) -> Option<Chunk> {
    held(chunks).as_ref()?.recv().ok()
}
