//! The load maker: many keep-alive connections, one request in flight on each, driven by a single
//! thread so that the load takes as little of the machine as it can.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{Timespec, epoll};

use crate::broken::{Try, While};
use crate::office::Postings;
use crate::wire;

/// What happened to one posting.
pub(crate) struct Answered<'a> {
    /// Which one.
    pub(crate) at: usize,
    /// `201`, `200` or a refusal.
    pub(crate) status: u16,
    /// The receipt, if it was taken.
    pub(crate) body: &'a [u8],
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Whoever watches said so.
    Told,
    /// Every letter was answered.
    NothingLeft,
    /// The server closed or broke every connection.
    ServerGone,
}

/// Numbers of letters that are to be posted: those that came back first, then new ones.
#[derive(Default)]
pub(crate) struct Todo {
    back: VecDeque<usize>,
    next: usize,
    end: usize,
}

impl Todo {
    /// Every letter there is, and the same ones again under other nonces for as long as it takes.
    fn without_end() -> Self {
        let mut todo = Self::default();
        todo.more(usize::MAX);
        todo
    }

    /// So many new ones.
    pub(crate) fn more(&mut self, count: usize) {
        self.end = self.end.saturating_add(count);
    }

    /// Whether nothing is left.
    pub(crate) fn is_empty(&self) -> bool {
        self.back.is_empty() && self.next == self.end
    }

    fn take(&mut self) -> Option<usize> {
        self.back.pop_front().or_else(|| {
            let number = self.next;
            (number < self.end).then(|| {
                self.next += 1;
                number
            })
        })
    }

    fn give_back(&mut self, number: usize) {
        self.back.push_front(number);
    }
}

struct Connection {
    stream: TcpStream,
    /// The posting in flight.
    at: Option<usize>,
    read: Vec<u8>,
}

/// Posts what is to do on this many connections until `go_on` says no, or nothing is left. What
/// was in flight when a connection broke, or when the run was told to end, goes back to the front:
/// nobody knows whether the server took it.
pub(crate) fn pump(
    to: SocketAddr,
    connections: usize,
    postings: &Postings,
    todo: &mut Todo,
    mut go_on: impl FnMut() -> bool,
    mut answered: impl FnMut(Answered<'_>),
) -> Try<Ending> {
    let doing = || "posting letters".to_owned();
    let poll = epoll::create(epoll::CreateFlags::CLOEXEC).doing(doing)?;
    let mut open: Vec<Option<Connection>> = Vec::with_capacity(connections);
    for number in 0..connections {
        let Ok(stream) = TcpStream::connect_timeout(&to, Duration::from_secs(5)) else {
            open.push(None);
            continue;
        };
        stream.set_nodelay(true).doing(doing)?;
        let data = epoll::EventData::new_u64(number as u64);
        epoll::add(&poll, stream.as_fd(), data, epoll::EventFlags::IN).doing(doing)?;
        let mut connection = Connection {
            stream,
            at: None,
            read: Vec::with_capacity(1_024),
        };
        let alive = connection.post_next(postings, todo);
        open.push(alive.then_some(connection));
    }

    let patience = Timespec {
        tv_sec: 0,
        tv_nsec: 50_000_000,
    };
    let mut events = Vec::with_capacity(connections.max(1));
    let ending = loop {
        if open.iter().all(Option::is_none) {
            break Ending::ServerGone;
        }
        if open.iter().flatten().all(|one| one.at.is_none()) {
            break Ending::NothingLeft;
        }
        if !go_on() {
            break Ending::Told;
        }
        events.clear();
        match epoll::wait(
            &poll,
            rustix::buffer::spare_capacity(&mut events),
            Some(&patience),
        ) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).doing(doing),
        }
        for event in &events {
            let number = usize::try_from(event.data.u64()).unwrap_or(usize::MAX);
            let Some(slot) = open.get_mut(number) else {
                continue;
            };
            let Some(connection) = slot else { continue };
            if !connection.hear(postings, todo, &mut answered) {
                if let Some(at) = connection.at {
                    todo.give_back(at);
                }
                *slot = None;
            }
        }
    };
    for connection in open.into_iter().flatten() {
        if let Some(at) = connection.at {
            todo.give_back(at);
        }
    }
    Ok(ending)
}

impl Connection {
    /// Whether the connection still stands. A letter of the smallest class fits the kernel's
    /// buffer, so this write does not wait.
    fn post_next(&mut self, postings: &Postings, todo: &mut Todo) -> bool {
        self.at = todo.take();
        match self.at.and_then(|at| postings.request(at)) {
            Some(request) => self.stream.write_all(&request).is_ok(),
            None => true,
        }
    }

    fn hear(
        &mut self,
        postings: &Postings,
        todo: &mut Todo,
        answered: &mut impl FnMut(Answered<'_>),
    ) -> bool {
        let mut chunk = [0; 4_096];
        let heard = match self.stream.read(&mut chunk) {
            Ok(0) | Err(_) => return false,
            Ok(heard) => heard,
        };
        self.read
            .extend_from_slice(chunk.get(..heard).unwrap_or_default());
        let Some((answer, used)) = wire::parse(&self.read) else {
            return true;
        };
        self.read.drain(..used);
        if let Some(at) = self.at.take() {
            answered(Answered {
                at,
                status: answer.status,
                body: &answer.body,
            });
        }
        self.post_next(postings, todo)
    }
}

/// What a timed run counted.
pub(crate) struct Counted {
    /// Letters acknowledged with `201` in the measured time, a second.
    pub(crate) per_second: f64,
    /// All that was acknowledged, warm-up included: which letter, and its receipt.
    pub(crate) acknowledged: Vec<(usize, Vec<u8>)>,
    /// Statuses other than `201`, and how often.
    pub(crate) refused: std::collections::BTreeMap<u16, u64>,
    /// How it ended.
    pub(crate) ending: Ending,
}

/// A warm-up, then the measured time.
pub(crate) fn timed(
    to: SocketAddr,
    connections: usize,
    postings: &Postings,
    warm_up: Duration,
    measured: Duration,
) -> Try<Counted> {
    let mut todo = Todo::without_end();
    let begin = Instant::now() + warm_up;
    let end = begin + measured;
    let mut in_time: u64 = 0;
    let mut acknowledged = Vec::new();
    let mut refused = std::collections::BTreeMap::new();
    let ending = pump(
        to,
        connections,
        postings,
        &mut todo,
        || Instant::now() < end,
        |answer| {
            if answer.status != 201 {
                *refused.entry(answer.status).or_default() += 1;
                return;
            }
            acknowledged.push((answer.at, answer.body.to_vec()));
            let now = Instant::now();
            if now >= begin && now < end {
                in_time += 1;
            }
        },
    )?;
    Ok(Counted {
        per_second: in_time as f64 / measured.as_secs_f64(),
        acknowledged,
        refused,
        ending,
    })
}
