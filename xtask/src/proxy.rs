//! A plain TCP relay between a browser and a server that counts, and keeps, every byte.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::broken::{Try, While};

/// Both directions of everything that passed.
#[derive(Default)]
pub(crate) struct Passed {
    up: AtomicU64,
    down: AtomicU64,
    kept: Mutex<Vec<u8>>,
    over: AtomicBool,
}

/// Runs until dropped.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    passed: Arc<Passed>,
}

impl Proxy {
    /// Listens on a free port of loopback and passes on to `target`, which need not listen yet.
    pub(crate) fn before(target: SocketAddr) -> Try<Self> {
        let doing = || "listening before the relay".to_owned();
        let listener = TcpListener::bind(("127.0.0.1", 0)).doing(doing)?;
        let address = listener.local_addr().doing(doing)?;
        listener.set_nonblocking(true).doing(doing)?;
        let passed = Arc::new(Passed::default());
        let shared = Arc::clone(&passed);
        std::thread::spawn(move || {
            while !shared.over.load(Ordering::Relaxed) {
                match listener.accept() {
                    Ok((client, _)) => pass(client, target, &shared),
                    Err(_) => std::thread::sleep(Duration::from_millis(2)),
                }
            }
        });
        Ok(Self { address, passed })
    }

    /// Bytes from the client to the server so far.
    pub(crate) fn up(&self) -> u64 {
        self.passed.up.load(Ordering::Relaxed)
    }

    /// Bytes from the server to the client so far.
    pub(crate) fn down(&self) -> u64 {
        self.passed.down.load(Ordering::Relaxed)
    }

    /// Everything that passed, the two directions of each connection interleaved as they came.
    pub(crate) fn capture(&self) -> Vec<u8> {
        let kept = self.passed.kept.lock();
        kept.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.passed.over.store(true, Ordering::Relaxed);
    }
}

/// One connection, a thread for each direction.
fn pass(client: TcpStream, target: SocketAddr, passed: &Arc<Passed>) {
    let opened = client.set_nonblocking(false).and_then(|()| {
        let server = TcpStream::connect_timeout(&target, Duration::from_secs(5))?;
        server.set_nodelay(true)?;
        client.set_nodelay(true)?;
        Ok((client.try_clone()?, server.try_clone()?, server))
    });
    // A browser asks again by itself; a server that is gone is told by the journey.
    let Ok((client_reads, server_reads, server)) = opened else {
        return;
    };
    let (up, down) = (Arc::clone(passed), Arc::clone(passed));
    std::thread::spawn(move || copy(client_reads, server, |bytes| up.keep(&up.up, bytes)));
    std::thread::spawn(move || copy(server_reads, client, |bytes| down.keep(&down.down, bytes)));
}

impl Passed {
    fn keep(&self, count: &AtomicU64, bytes: &[u8]) {
        count.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.extend_from_slice(bytes);
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, keep: impl Fn(&[u8])) {
    let mut chunk = vec![0; 64 * 1_024];
    while let Ok(read) = from.read(&mut chunk) {
        let bytes = chunk.get(..read).unwrap_or_default();
        keep(bytes);
        if bytes.is_empty() || to.write_all(bytes).is_err() {
            break;
        }
    }
    // Either end may be gone already.
    let _closed = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}
