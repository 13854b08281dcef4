//! A slow and lossy link on one machine: two network namespaces, a TUN device in each, and this
//! program between them, which holds packets back, loses some and counts all (`line.rs` decides).
//! It needs no queueing discipline of the kernel; `netem` is missing on some.
//!
//! Nothing of it outlives this process, even one that is killed: the namespaces have no name and
//! live as long as a shell that waits for the end of our pipe, every process in them is its child,
//! and a TUN device goes with the file that made it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child as Process, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use tun_tap::{Iface, Mode};

use crate::broken::{Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::line::{self, Direction, Line};
use crate::place::ThisProgram;
use crate::{interrupt, machine, wire};

/// The end a reporter is on.
pub(crate) const NEAR: &str = "10.71.7.1";
/// The end a server is on.
pub(crate) const FAR: &str = "10.71.7.2";
/// Bytes of the largest packet, as on a mobile network.
const LARGEST: usize = 1_400;

/// Two ends and the line between them; gone when dropped.
pub(crate) struct Link {
    pub(crate) near: End,
    pub(crate) far: End,
    up: Arc<AtomicU64>,
    down: Arc<AtomicU64>,
}

impl Link {
    /// A link whose line is as bad in both directions. The cuts break both at once.
    pub(crate) fn over(line: Line, seed: u64, cuts: &[(Duration, Duration)]) -> Try<Self> {
        possible()?;
        let (near, near_device) = End::with_device(NEAR)?;
        let (far, far_device) = End::with_device(FAR)?;
        let (up, down) = (Arc::default(), Arc::default());
        let begin = Instant::now();
        for (from, to, seed, count) in [
            (&near_device, &far_device, seed, &up),
            (&far_device, &near_device, !seed, &down),
        ] {
            let direction = Direction::new(line, seed, cuts.to_vec());
            carry(from, to, direction, begin, count);
        }
        Ok(Self {
            near,
            far,
            up,
            down,
        })
    }

    /// Bytes that left the near end so far, headers of IP included, the lost ones too.
    pub(crate) fn up(&self) -> u64 {
        self.up.load(Ordering::Relaxed)
    }

    /// Bytes that left the far end so far, headers of IP included, the lost ones too.
    pub(crate) fn down(&self) -> u64 {
        self.down.load(Ordering::Relaxed)
    }
}

/// Whether this machine and this user can have one.
pub(crate) fn possible() -> Try<()> {
    if !rustix::process::geteuid().is_root() {
        return stop("network namespaces need root; run as root");
    }
    if !Path::new("/dev/net/tun").exists() {
        return stop("this kernel has no /dev/net/tun");
    }
    Ok(())
}

/// One end: a namespace of network, processes and mounts.
pub(crate) struct End {
    holder: Process,
    /// Closed with this process, however it ends; the shell in the namespace waits for that.
    _pipe: Option<ChildStdin>,
}

impl End {
    /// A namespace with loopback and nothing else.
    pub(crate) fn alone() -> Try<Self> {
        let mut holder = Command::new("unshare")
            .args(["--net", "--pid", "--mount", "--mount-proc", "--fork"])
            .args(["--kill-child", "sh", "-c", "echo ready; exec cat"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .doing(|| "making a namespace with unshare (util-linux)".to_owned())?;
        let pipe = holder.stdin.take();
        let mut line = String::new();
        if let Some(said) = holder.stdout.take() {
            BufReader::new(said)
                .read_line(&mut line)
                .doing(|| "waiting for a namespace".to_owned())?;
        }
        let end = Self {
            holder,
            _pipe: pipe,
        };
        if line.trim() != "ready" {
            return stop("unshare could not make a namespace");
        }
        end.must(&["ip", "link", "set", "lo", "up"])?;
        Ok(end)
    }

    fn with_device(address: &str) -> Try<(Self, Arc<Iface>)> {
        let end = Self::alone()?;
        let device = Iface::without_packet_info("temoin%d", Mode::Tun)
            .doing(|| "making a TUN device".to_owned())?;
        let name = device.name().to_owned();
        let mut moving = Command::new("ip");
        moving.args(["link", "set", &name, "netns", &end.holder.id().to_string()]);
        child::must("ip link set netns (iproute2)", &mut moving, Shown::No)?;
        // No neighbour is looked for, and nothing is sent unasked.
        end.must(&["ip", "link", "set", &name, "addrgenmode", "none"])?;
        let with_mask = format!("{address}/30");
        end.must(&["ip", "address", "add", &with_mask, "dev", &name])?;
        let largest = LARGEST.to_string();
        end.must(&["ip", "link", "set", &name, "mtu", &largest, "up"])?;
        Ok((end, Arc::new(device)))
    }

    /// A program that will run at this end, in the folder we are in.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let id = self.holder.id();
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/proc/{id}/ns/net"))
            .arg(format!("--mount=/proc/{id}/ns/mnt"))
            // Programs are where they are for this process, also below a root of its own.
            .arg(format!("--root=/proc/{id}/root"))
            // The shell's own is that of its children.
            .arg(format!("--pid=/proc/{id}/ns/pid_for_children"))
            .arg("--wd=.")
            .arg("--")
            .arg(program);
        command
    }

    /// The same for a program with its arguments.
    pub(crate) fn within(&self, inner: &Command) -> Command {
        let mut command = self.command(inner.get_program());
        command.args(inner.get_args());
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = inner.get_current_dir() {
            command.current_dir(folder);
        }
        command
    }

    /// Its process number: `/proc` holds its namespaces.
    pub(crate) fn id(&self) -> u32 {
        self.holder.id()
    }

    /// Segments TCP sent more than once from here: lost on the way, or held up for longer than it waited.
    pub(crate) fn sent_again(&self) -> Option<u64> {
        let counters = std::fs::read_to_string(format!("/proc/{}/net/snmp", self.id())).ok()?;
        let mut lines = counters.lines().filter(|line| line.starts_with("Tcp:"));
        let (names, values) = (lines.next()?, lines.next()?);
        let at = names.split(' ').position(|name| name == "RetransSegs")?;
        values.split(' ').nth(at)?.parse().ok()
    }

    fn must(&self, words: &[&str]) -> Try<()> {
        let [program, arguments @ ..] = words else {
            return Ok(());
        };
        child::must(
            &words.join(" "),
            self.command(program).args(arguments),
            Shown::No,
        )?;
        Ok(())
    }
}

impl Drop for End {
    fn drop(&mut self) {
        // With `--kill-child` the shell goes with it, and with the shell all that runs there.
        let _gone = self.holder.kill();
        let _reaped = self.holder.wait();
    }
}

/// One direction, until the devices are gone: a thread takes packets, another gives them out.
fn carry(
    from: &Arc<Iface>,
    to: &Arc<Iface>,
    mut direction: Direction,
    begin: Instant,
    count: &Arc<AtomicU64>,
) {
    let (send, queue) = channel();
    let (from, to, count) = (Arc::clone(from), Arc::clone(to), Arc::clone(count));
    std::thread::spawn(move || {
        let mut packet = [0; 2 * LARGEST];
        while let Ok(length) = from.recv(&mut packet) {
            count.fetch_add(length as u64, Ordering::Relaxed);
            let bytes = packet.get(..length).unwrap_or_default();
            let arrives = direction.pass(begin.elapsed(), length);
            if let Some(at) = arrives
                && send.send((at, bytes.to_vec())).is_err()
            {
                break;
            }
        }
    });
    std::thread::spawn(move || give_out(&queue, &to, begin));
}

fn give_out(queue: &Receiver<(Duration, Vec<u8>)>, to: &Iface, begin: Instant) {
    while let Ok((at, packet)) = queue.recv() {
        std::thread::sleep(at.saturating_sub(begin.elapsed()));
        if to.send(&packet).is_err() {
            break;
        }
    }
}

// --- Whether the link is as slow as it says ---------------------------------------------------

/// `cargo xtask link`: what a body of so many bytes takes over a new connection, to compare with
/// other emulators.
pub(crate) fn run(flags: &[&str]) -> Try<()> {
    interrupt::watch()?;
    let mut line = Line::SLOW;
    let mut breaks = 0;
    let mut rest = flags;
    loop {
        rest = match rest {
            [] => break,
            ["--kbit", n, more @ ..] => {
                line.kbit_s = number(n)?;
                more
            }
            ["--round-trip-ms", n, more @ ..] => {
                line.one_way = Duration::from_millis(u64::from(number(n)?) / 2);
                more
            }
            ["--lost-of-1000", n, more @ ..] => {
                line.lost_of_1000 = number(n)?;
                more
            }
            ["--burst", n, more @ ..] => {
                line = line.losing(line.lost_of_1000, number(n)?);
                more
            }
            ["--breaks", n, more @ ..] => {
                breaks = number(n)? as usize;
                more
            }
            ["--queue-ms", n, more @ ..] => {
                line.queue = Duration::from_millis(u64::from(number(n)?));
                more
            }
            [other, ..] => {
                return stop(format!(
                    "unknown: {other}. Try: cargo xtask link [--kbit N] [--round-trip-ms N] \
                     [--lost-of-1000 N] [--burst N] [--breaks N] [--queue-ms N]"
                ));
            }
        };
    }
    println!(
        "{} kbit/s, {} ms there and back, {} of 1,000 lost in runs of {}, a queue of {} ms, \
         broken {breaks} times a minute for a second",
        line.kbit_s,
        line.one_way.as_millis() * 2,
        line.lost_of_1000,
        line.burst,
        line.queue.as_millis()
    );
    for kilobytes in [4_u32, 10, 14, 30, 60] {
        let seed = u64::from(kilobytes);
        let cuts = line::cuts(
            seed,
            breaks,
            Duration::from_secs(60),
            Duration::from_secs(1),
        );
        let link = Link::over(line, seed, &cuts)?;
        let times = fetches(&link, kilobytes as usize * 1_000, 5)?;
        let Some((median, least, most)) = machine::spread(&times) else {
            return stop("nothing was fetched");
        };
        println!(
            "{kilobytes:>3} kB  median {median:.2} s, from {least:.2} to {most:.2}; on the link \
             {} bytes down and {} up each",
            link.down() / times.len() as u64,
            link.up() / times.len() as u64
        );
    }
    Ok(())
}

fn number(text: &str) -> Try<u32> {
    text.parse().doing(|| format!("reading {text} as a number"))
}

/// Seconds that a body takes over plain HTTP, a new connection each.
fn fetches(link: &Link, bytes: usize, rounds: usize) -> Try<Vec<f64>> {
    let copy = ThisProgram::copied()?;
    let program = copy.path();
    let mut serving = Command::new(&program);
    serving.args(["far-end", FAR]);
    let mut server = Child::start("the far end", &mut link.far.within(&serving))?;
    let at = server.line_after("listening on", Duration::from_secs(10))?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        let mut fetching = link.near.command(&program);
        fetching.args(["near-end", &at, &bytes.to_string()]);
        let said = child::must("the near end", &mut fetching, Shown::No)?;
        let seconds = said.line_after("seconds")?;
        times.push(
            seconds
                .parse()
                .doing(|| "reading what the near end said".to_owned())?,
        );
    }
    Ok(times)
}

/// Serves as many bytes as its path says, until it is killed. Not for people.
pub(crate) fn far_end(address: &str) -> Try<()> {
    let doing = || "serving at the far end".to_owned();
    let listener = TcpListener::bind((address, 0)).doing(doing)?;
    println!("listening on {}", listener.local_addr().doing(doing)?);
    for stream in listener.incoming() {
        let mut stream = stream.doing(doing)?;
        std::thread::spawn(move || {
            let mut head = Vec::new();
            let mut chunk = [0; 1_024];
            while !head.windows(4).any(|four| four == b"\r\n\r\n") {
                match stream.read(&mut chunk) {
                    Ok(n) if n > 0 => head.extend_from_slice(chunk.get(..n).unwrap_or_default()),
                    _ => return,
                }
            }
            let length = String::from_utf8_lossy(&head)
                .split([' ', '/'])
                .find_map(|word| word.parse::<usize>().ok())
                .unwrap_or(0)
                .min(1_000_000);
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n");
            // Whoever went away does not miss it.
            let _sent = stream.write_all(&[head.as_bytes(), &vec![7; length]].concat());
        });
    }
    Ok(())
}

/// Fetches so many bytes and says how long it took. Not for people.
pub(crate) fn near_end(at: &str, bytes: &str) -> Try<()> {
    let doing = || "fetching from the far end".to_owned();
    let at: SocketAddr = at.parse().doing(doing)?;
    let begin = Instant::now();
    let mut stream = TcpStream::connect_timeout(&at, Duration::from_secs(60)).doing(doing)?;
    let request = wire::request(at, "GET", &format!("/{bytes}"), &[], &[]);
    stream.write_all(&request).doing(doing)?;
    let answer = wire::read_answer(&mut stream).doing(doing)?;
    if answer.body.len().to_string() != bytes {
        return stop("the far end sent another number of bytes");
    }
    println!("seconds {:.3}", begin.elapsed().as_secs_f64());
    Ok(())
}

/// Holds a link until it is killed, and says by which processes. Not for people.
pub(crate) fn hold() -> Try<()> {
    let link = Link::over(Line::SLOW, 1, &[])?;
    let sleeping = Child::start("sleep", link.near.command("sleep").arg("600"))?;
    println!(
        "held by {} {} {}",
        link.near.id(),
        link.far.id(),
        sleeping.id()
    );
    std::thread::sleep(Duration::from_secs(600));
    Ok(())
}

/// For the gate: bytes pass, none are lost on a line that loses none, and a link whose maker is
/// killed leaves no process behind. How long it took is told and decides nothing.
pub(crate) fn check() -> Try<String> {
    let link = Link::over(Line::SLOW, 1, &[])?;
    let times = fetches(&link, 10_000, 1)?;
    let program = ThisProgram::copied()?;
    let mut holder = Child::start("a link", Command::new(program.path()).arg("link-held"))?;
    let said = holder.line_after("held by", Duration::from_secs(20))?;
    holder.kill();
    for id in said.split_whitespace() {
        let gone = || Ok(!Path::new(&format!("/proc/{id}/ns/net")).exists());
        wire::until(
            "the killed link has left nothing behind",
            Duration::from_secs(20),
            gone,
        )?;
    }
    Ok(format!(
        "10 kB in {:.2} s (2.6 s on a quiet machine), and nothing is left of a killed link",
        times.first().copied().unwrap_or_default()
    ))
}
