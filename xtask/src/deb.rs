//! `cargo xtask deb`: a Debian package of each program, laid out in a folder and packed by
//! `dpkg-deb`. Four packages and not one: a relay's server carries no office's software.
//!
//! Nothing in a package depends on the day or the place it was packed: times are those of the commit
//! (`SOURCE_DATE_EPOCH`), owners are root, names are in order. The same binaries give the same bytes.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::broken::{Try, While, stop};
use crate::child::{self, Child, Shown};
use crate::place::{self, Folder, Profile};
use crate::wire;

/// A package: its name is its program's.
struct Package {
    name: &'static str,
    /// One line, no full stop.
    summary: &'static str,
    text: &'static str,
    /// What it needs beside the C library.
    needs: &'static str,
    /// Files of the checkout and where they go; folders end with `/`.
    files: &'static [(&'static str, &'static str)],
    /// Scripts of `packaging/debian` that run around installing and removing.
    scripts: &'static [&'static str],
}

const PACKAGES: [Package; 4] = [
    Package {
        name: "temoin-relay",
        summary: "keeps sealed reports it cannot read",
        text: "Accepts sealed letters from reporters, keeps them, lists them on a board of\nstatic files, and serves an office's signed pages. It links no code that could\nopen a letter. Begin with: temoin-relay setup.",
        needs: ", passwd",
        files: &[
            ("packaging/temoin-relay.service", "usr/lib/systemd/system/"),
            (
                "packaging/nginx.conf",
                "usr/share/doc/temoin-relay/examples/",
            ),
            (
                "packaging/Caddyfile",
                "usr/share/doc/temoin-relay/examples/",
            ),
            ("packaging/torrc", "usr/share/doc/temoin-relay/examples/"),
            (
                "crates/relay/relay.sample.toml",
                "usr/share/doc/temoin-relay/examples/",
            ),
            ("docs/operator.md", "usr/share/doc/temoin-relay/"),
            ("docs/operator.fr.md", "usr/share/doc/temoin-relay/"),
            ("docs/when-they-come.md", "usr/share/doc/temoin-relay/"),
            ("docs/when-they-come.fr.md", "usr/share/doc/temoin-relay/"),
            // A drop point is the same program.
            ("docs/kit.md", "usr/share/doc/temoin-relay/"),
            ("docs/kit.fr.md", "usr/share/doc/temoin-relay/"),
        ],
        scripts: &["postinst", "prerm", "postrm"],
    },
    Package {
        name: "temoin-doorstep",
        summary: "seals reports for browsers without script",
        text: "For reporters whose browser runs no script: what they type is sealed on this\nserver and posted to the office's relay. Whoever runs it could read what is\ntyped; its page says so. Off until its settings are written.",
        needs: "",
        files: &[
            (
                "packaging/temoin-doorstep.service",
                "usr/lib/systemd/system/",
            ),
            (
                "crates/doorstep/doorstep.sample.toml",
                "usr/share/doc/temoin-doorstep/examples/",
            ),
            ("docs/operator.md", "usr/share/doc/temoin-doorstep/"),
            ("docs/operator.fr.md", "usr/share/doc/temoin-doorstep/"),
        ],
        scripts: &["postinst", "prerm", "postrm"],
    },
    Package {
        name: "temoin",
        summary: "desk of an office for reports on attacks on defenders",
        text: "Collects and opens sealed letters on a caseworker's own machine, keeps cases\nin an encrypted vault, and answers. Not for a server.",
        needs: "",
        files: &[
            (
                "crates/desk/office.sample.toml",
                "usr/share/doc/temoin/examples/",
            ),
            ("docs/office.md", "usr/share/doc/temoin/"),
            ("docs/office.fr.md", "usr/share/doc/temoin/"),
            ("docs/operator.md", "usr/share/doc/temoin/"),
            ("docs/operator.fr.md", "usr/share/doc/temoin/"),
            ("docs/kit.md", "usr/share/doc/temoin/"),
            ("docs/kit.fr.md", "usr/share/doc/temoin/"),
        ],
        scripts: &[],
    },
    Package {
        name: "temoin-report",
        summary: "writes a sealed report to an office",
        text: "The reporter's side without a browser: seals a report to an office, posts it,\nand reads answers with the reporter's own words. Keeps nothing on the machine.",
        needs: "",
        files: &[
            ("docs/kit.md", "usr/share/doc/temoin-report/"),
            ("docs/kit.fr.md", "usr/share/doc/temoin-report/"),
        ],
        scripts: &[],
    },
];

/// Builds the programs and packs them; says where the packages are.
pub(crate) fn write() -> Try<()> {
    place::build(
        &["relay", "doorstep", "temoin", "temoin-report"],
        Profile::Release,
    )?;
    let to = place::target().join("deb");
    for file in pack_all(&to, &Commit::newest()?)? {
        println!("{}  {}", digest(&file)?, file.display());
    }
    Ok(())
}

/// The commit that is packed: a package says when that was written, not when it was packed.
struct Commit {
    /// Seconds since 1970.
    second: String,
    /// As a letter's head has it.
    day: String,
}

impl Commit {
    fn newest() -> Try<Self> {
        let said = |format: &str| -> Try<String> {
            let mut when = Command::new("git");
            when.args(["log", "-1", format]).current_dir(place::root());
            let said = child::must("git log", &mut when, Shown::No)?.said;
            Ok(said.trim().to_owned())
        };
        Ok(Self {
            second: said("--format=%ct")?,
            day: said("--format=%cD")?,
        })
    }
}

/// Packs what was built into a folder.
fn pack_all(to: &Path, commit: &Commit) -> Try<Vec<PathBuf>> {
    let man = Folder::on_disk("man")?;
    crate::manual::write(Some(&man.path().to_string_lossy()))?;
    std::fs::create_dir_all(to).doing(|| format!("making {}", to.display()))?;
    let mut packed = Vec::new();
    for package in &PACKAGES {
        let tree = Folder::on_disk(package.name)?;
        let program = tree.join("program");
        let built = place::binary(package.name, Profile::Release);
        // What a debugger would want is half of a program's bytes.
        let mut strip = Command::new("strip");
        strip
            .arg("--strip-unneeded")
            .arg("-o")
            .arg(&program)
            .arg(&built);
        child::must("strip", &mut strip, Shown::No)?;
        let reading = || format!("reading {}", program.display());
        let bytes = std::fs::read(&program).doing(reading)?;
        put(
            &program,
            &without_build_folder(bytes, &place::target()),
            0o755,
        )?;
        let root = tree.join("root");
        lay_out(
            package,
            &program,
            man.path(),
            &root,
            &machine_words()?,
            commit,
        )?;
        packed.push(pack(package, &root, to, commit)?);
    }
    Ok(packed)
}

/// What a package says of the machine it is for.
struct Machine {
    architecture: String,
    libc: String,
}

fn machine_words() -> Try<Machine> {
    let said = |name: &str, arguments: &[&str]| -> Try<String> {
        let mut command = Command::new(name);
        command.args(arguments);
        Ok(child::must(name, &mut command, Shown::No)?
            .said
            .trim()
            .to_owned())
    };
    let libc = said("getconf", &["GNU_LIBC_VERSION"])?;
    Ok(Machine {
        architecture: said("dpkg", &["--print-architecture"])?,
        libc: libc.trim_start_matches("glibc").trim().to_owned(),
    })
}

/// Takes the folder out of a program in which OpenSSL was built: it remembers where it would have been
/// installed, and would look for what it could load there. What stands behind in the same text moves
/// up, and nothing else moves.
fn without_build_folder(mut program: Vec<u8>, target: &Path) -> Vec<u8> {
    const INSTALLED: &[u8] = b"/openssl-build/install";
    const NOWHERE: &[u8] = b"/nonexistent";
    let from = format!("{}/", target.display()).into_bytes();
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what);
    let mut at = 0;
    while let Some(found) = program.get(at..).and_then(|rest| find(rest, &from)) {
        let begin = at + found;
        let rest = program.get_mut(begin..).unwrap_or_default();
        let end = rest
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(rest.len());
        let text = rest.get_mut(..end).unwrap_or_default();
        if let Some(inside) = find(text, INSTALLED) {
            let behind = text.get(inside + INSTALLED.len()..).unwrap_or_default();
            let mut new = [NOWHERE, behind].concat();
            // The path of a target folder with OpenSSL in it is longer than the one instead of it.
            new.resize(end, 0);
            text.copy_from_slice(&new);
        }
        at = begin + end.max(1);
    }
    program
}

/// Where the desk's package has the scripts of the reporter's pages.
const SCRIPTS: &str = "usr/share/temoin/reporter";

/// Lays a package out as it will lie on a machine.
fn lay_out(
    package: &Package,
    program: &Path,
    man: &Path,
    root: &Path,
    machine: &Machine,
    commit: &Commit,
) -> Try<()> {
    let name = package.name;
    if name == "temoin" {
        // What `temoin site` puts into the office's pages. Whoever has the package needs no Node.
        for script in place::files_below(&place::script()?)? {
            if script.extension().is_some_and(|end| end == "js") {
                let file = script.file_name().unwrap_or_default();
                copy(&script, &root.join(SCRIPTS).join(file), 0o644)?;
            }
        }
    }
    copy(program, &root.join("usr/bin").join(name), 0o755)?;
    for (from, to) in package.files {
        let from = place::root().join(from);
        let file = from.file_name().unwrap_or_default();
        copy(&from, &root.join(to).join(file), 0o644)?;
    }
    for page in place::files_below(&man.join("man1"))? {
        let file = page.file_name().unwrap_or_default().to_string_lossy();
        let verb = format!("{name}-");
        let own =
            file == format!("{name}.1") || (file.starts_with(&verb) && !of_another(&file, name));
        if own {
            let to = root.join("usr/share/man/man1").join(&*file);
            copy(&page, &to, 0o644)?;
            compress(&to)?;
        }
    }
    let completions = man.join("completions");
    for (file, to) in [
        (
            format!("{name}.bash"),
            format!("usr/share/bash-completion/completions/{name}"),
        ),
        (
            format!("_{name}"),
            format!("usr/share/zsh/vendor-completions/_{name}"),
        ),
        (
            format!("{name}.fish"),
            format!("usr/share/fish/vendor_completions.d/{name}.fish"),
        ),
    ] {
        copy(&completions.join(file), &root.join(to), 0o644)?;
    }
    let doc = root.join("usr/share/doc").join(name);
    write_file(&doc.join("copyright"), COPYRIGHT, 0o644)?;
    // What changed, as it was written, and what Debian's own tools read.
    let changes = doc.join("CHANGELOG.md");
    copy(&place::root().join("CHANGELOG.md"), &changes, 0o644)?;
    compress(&changes)?;
    let log = doc.join("changelog");
    write_file(&log, &debian_changelog(package, &commit.day), 0o644)?;
    compress(&log)?;
    for script in package.scripts {
        let from = place::root()
            .join("packaging/debian")
            .join(format!("{name}.{script}"));
        copy(&from, &root.join("DEBIAN").join(script), 0o755)?;
    }
    let control = control(package, machine, kibibytes(root)?);
    write_file(&root.join("DEBIAN/control"), &control, 0o644)
}

/// Whether a manual page belongs to a program whose name begins with this one's.
fn of_another(file: &str, name: &str) -> bool {
    PACKAGES.iter().any(|other| {
        other.name.len() > name.len()
            && other.name.starts_with(name)
            && (file == format!("{}.1", other.name)
                || file.starts_with(&format!("{}-", other.name)))
    })
}

const COPYRIGHT: &str = "\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: temoin

Files: *
Copyright: 2026 the authors of Temoin
License: AGPL-3.0-or-later
 This program is free software: you can redistribute it and/or modify it under
 the terms of the GNU Affero General Public License as published by the Free
 Software Foundation, either version 3 of the License, or (at your option) any
 later version. It comes without any warranty. The text of the license is at
 https://www.gnu.org/licenses/agpl-3.0.txt
";

/// One entry, as Debian's policy wants it written (§4.4).
fn debian_changelog(package: &Package, day: &str) -> String {
    format!(
        "{} ({}) unstable; urgency=medium\n\n  * What changed is in CHANGELOG.md beside this file.\n\n \
         -- {MAINTAINER}  {day}\n",
        package.name,
        env!("CARGO_PKG_VERSION")
    )
}

/// Nobody answers for all of Temoin by mail: SECURITY.md says how to reach who does.
const MAINTAINER: &str = "The authors of Temoin <temoin@localhost>";

fn control(package: &Package, machine: &Machine, kibibytes: u64) -> String {
    let (name, summary, needs) = (package.name, package.summary, package.needs);
    let (architecture, libc) = (&machine.architecture, &machine.libc);
    let version = env!("CARGO_PKG_VERSION");
    let text: String = package
        .text
        .lines()
        .flat_map(|line| [" ", line, "\n"])
        .collect();
    format!(
        "Package: {name}\nVersion: {version}\nArchitecture: {architecture}\n\
         Maintainer: {MAINTAINER}\nInstalled-Size: {kibibytes}\n\
         Depends: libc6 (>= {libc}), libgcc-s1{needs}\nSection: net\nPriority: optional\n\
         Description: {summary}\n{text}"
    )
}

fn kibibytes(root: &Path) -> Try<u64> {
    let mut all = 0;
    for file in place::files_below(root)? {
        let size = std::fs::metadata(&file).doing(|| format!("looking at {}", file.display()))?;
        all += size.len().div_ceil(1_024);
    }
    Ok(all)
}

fn pack(package: &Package, root: &Path, to: &Path, commit: &Commit) -> Try<PathBuf> {
    let Machine { architecture, .. } = machine_words()?;
    let file = to.join(format!(
        "{}_{}_{architecture}.deb",
        package.name,
        env!("CARGO_PKG_VERSION")
    ));
    let mut command = Command::new("dpkg-deb");
    command
        .env("SOURCE_DATE_EPOCH", &commit.second)
        .args(["--root-owner-group", "-Zxz", "--build"])
        .arg(root)
        .arg(&file);
    child::must("dpkg-deb", &mut command, Shown::No)?;
    Ok(file)
}

fn copy(from: &Path, to: &Path, mode: u32) -> Try<()> {
    let bytes = std::fs::read(from).doing(|| format!("reading {}", from.display()))?;
    put(to, &bytes, mode)
}

fn write_file(to: &Path, text: &str, mode: u32) -> Try<()> {
    put(to, text.as_bytes(), mode)
}

/// Writes a file; folders that are missing are made as every machine has them.
fn put(to: &Path, bytes: &[u8], mode: u32) -> Try<()> {
    let folder = to.parent().unwrap_or(to);
    for above in folder.ancestors().collect::<Vec<_>>().into_iter().rev() {
        if !above.as_os_str().is_empty() && !above.exists() {
            std::fs::create_dir(above).doing(|| format!("making {}", above.display()))?;
            let all = std::fs::Permissions::from_mode(0o755);
            std::fs::set_permissions(above, all)
                .doing(|| format!("opening {}", above.display()))?;
        }
    }
    std::fs::write(to, bytes).doing(|| format!("writing {}", to.display()))?;
    std::fs::set_permissions(to, std::fs::Permissions::from_mode(mode))
        .doing(|| format!("setting the rights of {}", to.display()))
}

/// `gzip` without a name and a time in it.
fn compress(file: &Path) -> Try<()> {
    let mut command = Command::new("gzip");
    command.args(["-9", "-n", "-f"]).arg(file);
    child::must("gzip", &mut command, Shown::No)?;
    Ok(())
}

fn digest(file: &Path) -> Try<String> {
    let bytes = std::fs::read(file).doing(|| format!("reading {}", file.display()))?;
    Ok(place::hex(&Sha256::digest(bytes)))
}

// ── Looked at ──────────────────────────────────────────────────────────────────────────────────

/// Packs twice, compares, and looks at what came of it: fields, files, rights, folders of this machine
/// in a program, and what lintian says where it is installed.
pub(crate) fn check() -> Try<String> {
    let to = Folder::on_disk("deb")?;
    checked(to.path()).map(|(_, told)| told)
}

/// The packages that were looked at, in a folder.
fn checked(to: &Path) -> Try<(Vec<PathBuf>, String)> {
    place::build(
        &["relay", "doorstep", "temoin", "temoin-report"],
        Profile::Release,
    )?;
    let second = Folder::on_disk("deb")?;
    let commit = Commit::newest()?;
    let packed = pack_all(to, &commit)?;
    let again = pack_all(second.path(), &commit)?;
    let mut wrong = Vec::new();
    for ((package, file), other) in PACKAGES.iter().zip(&packed).zip(&again) {
        let mut found = Vec::new();
        if digest(file)? != digest(other)? {
            found.push("packed twice, it has other bytes".to_owned());
        }
        found.extend(missing_fields(package, &dpkg_deb("--field", file)?));
        found.extend(strange_entries(package, &dpkg_deb("--contents", file)?));
        let tree = Folder::on_disk("unpacked")?;
        let mut unpack = Command::new("dpkg-deb");
        unpack.arg("--extract").arg(file).arg(tree.path());
        child::must("dpkg-deb", &mut unpack, Shown::No)?;
        for one in place::files_below(tree.path())? {
            let bytes = std::fs::read(&one).doing(|| format!("reading {}", one.display()))?;
            let named = one.strip_prefix(tree.path()).unwrap_or(&one).display();
            let of_here = folders_of_here();
            found.extend(
                folders_named(&bytes, &of_here)
                    .map(|folder| format!("{named} names {folder}, a folder of this machine")),
            );
        }
        wrong.extend(found.iter().map(|one| format!("{}: {one}", package.name)));
    }
    let (objections, said) = lintian(&packed)?;
    wrong.extend(objections);
    if wrong.is_empty() {
        Ok((
            packed,
            format!(
                "{} packages: packed twice to the same bytes, fields, files and rights as they should \
                 be, no folder of this machine in them; {said}",
                PACKAGES.len()
            ),
        ))
    } else {
        stop(wrong.join("\n"))
    }
}

fn dpkg_deb(what: &str, file: &Path) -> Try<String> {
    let mut command = Command::new("dpkg-deb");
    command.arg(what).arg(file);
    Ok(child::must("dpkg-deb", &mut command, Shown::No)?.said)
}

fn missing_fields(package: &Package, control: &str) -> Vec<String> {
    let version = env!("CARGO_PKG_VERSION");
    [
        ("Package", package.name),
        ("Version", version),
        ("Architecture", ""),
        ("Maintainer", ""),
        ("Installed-Size", ""),
        ("Depends", "libc6"),
        ("Section", ""),
        ("Priority", "optional"),
        ("Description", package.summary),
    ]
    .iter()
    .filter(|(field, begins)| {
        let value = control
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(": "));
        !value.is_some_and(|value| !value.is_empty() && value.starts_with(begins))
    })
    .map(|(field, _)| format!("its {field} is missing or another"))
    .collect()
}

/// What stands in a package as it should not, and what does not stand in it: lines of
/// `dpkg-deb --contents`, which are those of `tar`.
fn strange_entries(package: &Package, contents: &str) -> Vec<String> {
    let name = package.name;
    let mut strange = Vec::new();
    let mut there = Vec::new();
    for line in contents.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [rights, owner, _, _, _, path, ..] = words.as_slice() else {
            strange.push(format!("a line that cannot be read: {line}"));
            continue;
        };
        let program = format!("./usr/bin/{name}");
        let due = match () {
            () if path.ends_with('/') => "drwxr-xr-x",
            () if **path == program => "-rwxr-xr-x",
            () => "-rw-r--r--",
        };
        if *owner != "root/root" || *rights != due {
            strange.push(format!("{path} is {rights} of {owner}"));
        }
        if !path.starts_with("./usr/") && *path != "./" {
            strange.push(format!(
                "{path} lies where no package of ours puts anything"
            ));
        }
        there.push(*path);
    }
    for due in [
        format!("./usr/bin/{name}"),
        format!("./usr/share/man/man1/{name}.1.gz"),
        format!("./usr/share/doc/{name}/copyright"),
        format!("./usr/share/doc/{name}/changelog.gz"),
    ] {
        if !there.contains(&due.as_str()) {
            strange.push(format!("no {due}"));
        }
    }
    strange
}

/// Folders whose names would say where, and mostly by whom, a program was built.
fn folders_of_here() -> Vec<String> {
    let home = std::env::var("HOME").unwrap_or_default();
    [place::root().display().to_string(), home]
        .into_iter()
        .filter(|folder| folder.len() > 1)
        .map(|folder| format!("{folder}/"))
        .collect()
}

fn folders_named<'a>(bytes: &[u8], folders: &'a [String]) -> impl Iterator<Item = &'a String> {
    folders.iter().filter(|folder| {
        let folder = folder.as_bytes();
        bytes.windows(folder.len()).any(|part| part == folder)
    })
}

/// What lintian objects to, and one clause about it. Where it is not installed, nothing was checked.
fn lintian(packed: &[PathBuf]) -> Try<(Vec<String>, String)> {
    let there = Command::new("lintian").arg("--version").output();
    if !there.is_ok_and(|out| out.status.success()) {
        return stop("lintian is not installed and did NOT look: apt install lintian");
    }
    let mut command = Command::new("lintian");
    command.args(["--no-cfg", "--allow-root", "--profile", "debian"]);
    let no_tags = NOT_FOR_US.map(|(tag, _)| tag).join(",");
    command.args(["--suppress-tags", &no_tags]).args(packed);
    let ended = child::run("lintian", &mut command, Shown::No)?;
    let objections: Vec<String> = ended
        .said
        .lines()
        .filter(|line| line.starts_with("E: ") || line.starts_with("W: "))
        .map(|line| format!("lintian: {line}"))
        .collect();
    if objections.is_empty() && !ended.ok {
        return stop(format!("lintian did not end well:\n{}", ended.said));
    }
    Ok((objections, "lintian has no objection".to_owned()))
}

/// Rules of Debian's archive, which these packages are not of, and why each is left out.
const NOT_FOR_US: [(&str, &str); 3] = [
    (
        "initial-upload-closes-no-bugs",
        "there is no request for packaging in Debian that it could close",
    ),
    (
        "bogus-mail-host",
        "nobody answers for all of Temoin by mail, and no address is better than one nobody reads",
    ),
    (
        "bogus-mail-host-in-debian-changelog",
        "the same address, where the changes are told",
    ),
];

// ── On a clean machine ─────────────────────────────────────────────────────────────────────────

/// Packs and looks at the packages; installs on an empty Debian, sets up, starts, asks, removes, purges.
/// Needs root and debootstrap.
pub(crate) fn on_a_clean_machine() -> Try<String> {
    let first = Folder::on_disk("deb")?;
    let (packed, looked) = checked(first.path())?;
    let machine = Folder::on_disk("machine")?;
    let system = machine.join("debian");
    if !rustix::process::getuid().is_root() {
        return stop("an empty Debian is made by root alone: run this step as root");
    }
    let mut make = Command::new("debootstrap");
    make.args(["--variant=minbase", "bookworm"]).arg(&system);
    child::must("debootstrap", &mut make, Shown::No)?;
    try_out(&system, &packed)?;
    Ok(format!(
        "{looked}. Installed on an empty Debian 12, set up, started as its own account, healthy, \
         removed, purged; the store stays"
    ))
}

fn try_out(system: &Path, packed: &[PathBuf]) -> Try<()> {
    let inside = |program: &str, arguments: &[&str]| {
        let mut command = Command::new("chroot");
        command.arg(system).arg(program).args(arguments);
        command.env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command
    };
    let must = |program: &str, arguments: &[&str]| {
        child::must(program, &mut inside(program, arguments), Shown::No)
    };
    let mut names = Vec::new();
    for file in packed {
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        copy(file, &system.join(&name), 0o644)?;
        names.push(format!("/{name}"));
    }
    let mut install = vec!["-i"];
    install.extend(names.iter().map(String::as_str));
    must("dpkg", &install)?;
    for package in &PACKAGES {
        must(package.name, &["--version"])?;
    }
    let address = format!("127.0.0.1:{}", wire::free_port()?);
    let root = "ab".repeat(32);
    let setup = [
        "setup",
        "--office-root",
        &root,
        "--name",
        "relay.invented.test",
        "--listen",
        &address,
    ];
    must("temoin-relay", &setup)?.line_after("relay key")?;
    // A second time it changes nothing.
    must("temoin-relay", &["setup"])?;
    let settings = "/etc/temoin-relay/relay.toml";
    let mut start = inside(
        "setpriv",
        &[
            "--reuid",
            "temoin-relay",
            "--regid",
            "temoin-relay",
            "--clear-groups",
            "temoin-relay",
            "serve",
            "--settings",
            settings,
        ],
    );
    let mut relay = Child::start("temoin-relay", &mut start)?;
    relay.line_after("listening on", Duration::from_secs(60))?;
    let to = address.parse().doing(|| "reading the address".to_owned())?;
    let health =
        wire::ask(to, "GET", "/health", &[], &[]).doing(|| "asking for health".to_owned())?;
    if health.status != 204 {
        return stop(format!(
            "the installed relay answers {} to /health",
            health.status
        ));
    }
    // It lacks an office's notice, and the doctor says so and no worse.
    let told = child::run(
        "doctor",
        &mut inside("temoin-relay", &["doctor"]),
        Shown::No,
    )?;
    let mends: Vec<&str> = told
        .said
        .lines()
        .filter(|l| l.starts_with("MEND"))
        .collect();
    if told.ok || mends.len() != 1 || !told.said.contains("has not published a notice") {
        return stop(format!("the doctor says on a new relay:\n{}", told.said));
    }
    relay.end();
    must("dpkg", &["--remove", "temoin-relay"])?;
    must(
        "dpkg",
        &[
            "--purge",
            "temoin-relay",
            "temoin-doorstep",
            "temoin",
            "temoin-report",
        ],
    )?;
    let left = |place: &str| system.join(place).exists();
    if left("usr/bin/temoin-relay") || left("etc/temoin-relay") {
        return stop("a purge leaves programs or settings behind");
    }
    if !left("var/lib/temoin-relay/store/relay.key") {
        return stop("a purge took the letters away");
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;

    /// Every package laid out around a program and manual pages that are made up here.
    fn laid_out() -> Vec<(&'static Package, Folder)> {
        let made = Folder::temporary("made").unwrap();
        let program = made.join("program");
        std::fs::write(&program, "#!/bin/sh\n").unwrap();
        for package in &PACKAGES {
            let name = package.name;
            for page in ["man1", "completions"] {
                std::fs::create_dir_all(made.join(page)).unwrap();
            }
            for file in [
                format!("man1/{name}.1"),
                format!("man1/{name}-verb.1"),
                format!("completions/{name}.bash"),
                format!("completions/_{name}"),
                format!("completions/{name}.fish"),
            ] {
                std::fs::write(made.join(&file), name).unwrap();
            }
        }
        let machine = Machine {
            architecture: "amd64".to_owned(),
            libc: "2.36".to_owned(),
        };
        let commit = Commit {
            second: "1795000000".to_owned(),
            day: "Wed, 18 Nov 2026 11:06:40 +0000".to_owned(),
        };
        let lay = |package: &'static Package| {
            let root = Folder::temporary(package.name).unwrap();
            lay_out(
                package,
                &program,
                made.path(),
                root.path(),
                &machine,
                &commit,
            )
            .unwrap();
            (package, root)
        };
        PACKAGES.iter().map(lay).collect()
    }

    fn names(root: &Folder) -> Vec<String> {
        let files = place::files_below(root.path()).unwrap();
        let below = files
            .iter()
            .map(|file| file.strip_prefix(root.path()).unwrap());
        below.map(|file| file.display().to_string()).collect()
    }

    #[test]
    fn every_package_has_its_program_its_pages_its_completions_and_its_licence() {
        for (package, root) in laid_out() {
            let (name, files) = (package.name, names(&root));
            for file in [
                format!("usr/bin/{name}"),
                format!("usr/share/man/man1/{name}.1.gz"),
                format!("usr/share/man/man1/{name}-verb.1.gz"),
                format!("usr/share/bash-completion/completions/{name}"),
                format!("usr/share/zsh/vendor-completions/_{name}"),
                format!("usr/share/fish/vendor_completions.d/{name}.fish"),
                format!("usr/share/doc/{name}/copyright"),
                format!("usr/share/doc/{name}/changelog.gz"),
                format!("usr/share/doc/{name}/CHANGELOG.md.gz"),
                "DEBIAN/control".to_owned(),
            ] {
                assert!(files.contains(&file), "{name}: no {file} in {files:?}");
            }
            for script in package.scripts {
                assert!(
                    files.contains(&format!("DEBIAN/{script}")),
                    "{name}: {script}"
                );
            }
        }
    }

    #[test]
    fn no_two_packages_have_a_file_in_common_and_only_a_relay_brings_what_an_operator_needs() {
        let mut seen = std::collections::BTreeMap::new();
        for (package, root) in laid_out() {
            for file in names(&root)
                .into_iter()
                .filter(|file| !file.starts_with("DEBIAN/"))
            {
                let before = seen.insert(file.clone(), package.name);
                assert_eq!(before, None, "{file}");
                assert!(
                    package.name != "temoin-relay" || !file.contains("office.sample"),
                    "{file}"
                );
            }
        }
        let unit = seen.get("usr/lib/systemd/system/temoin-relay.service");
        assert_eq!(unit, Some(&"temoin-relay"));
    }

    #[test]
    fn programs_and_scripts_run_and_nothing_else_does_and_nobody_but_root_writes() {
        for (_, root) in laid_out() {
            for file in place::files_below(root.path()).unwrap() {
                let mode = std::fs::metadata(&file).unwrap().permissions().mode() & 0o777;
                let name = file.strip_prefix(root.path()).unwrap();
                let script = name.starts_with("DEBIAN") && !name.ends_with("control");
                let runs = name.starts_with("usr/bin") || script;
                assert_eq!(mode, if runs { 0o755 } else { 0o644 }, "{}", name.display());
            }
        }
    }

    #[test]
    fn a_unit_starts_a_program_of_its_own_package() {
        for (package, root) in laid_out() {
            for file in names(&root)
                .iter()
                .filter(|file| file.ends_with(".service"))
            {
                let unit = std::fs::read_to_string(root.join(file)).unwrap();
                let start = unit.lines().find_map(|l| l.strip_prefix("ExecStart=/"));
                let program = start.unwrap().split(' ').next().unwrap();
                assert_eq!(program, format!("usr/bin/{}", package.name));
            }
        }
    }

    #[test]
    fn every_line_of_a_control_file_is_a_field_or_goes_one_on() {
        for (package, root) in laid_out() {
            let control = std::fs::read_to_string(root.join("DEBIAN/control")).unwrap();
            assert!(control.ends_with('\n'), "{}", package.name);
            for line in control.lines() {
                let field = line.split_once(": ").is_some_and(|(key, value)| {
                    !value.is_empty() && key.chars().all(|c| c.is_ascii_alphabetic() || c == '-')
                });
                assert!(field || line.starts_with(' '), "{line:?}");
                assert!(line.len() <= 80, "{line:?}");
            }
        }
    }

    const CONTENTS: &str = "\
drwxr-xr-x root/root         0 2026-11-30 09:00 ./
drwxr-xr-x root/root         0 2026-11-30 09:00 ./usr/bin/
-rwxr-xr-x root/root   2837488 2026-11-30 09:00 ./usr/bin/temoin-report
-rw-r--r-- root/root       900 2026-11-30 09:00 ./usr/share/man/man1/temoin-report.1.gz
-rw-r--r-- root/root       900 2026-11-30 09:00 ./usr/share/doc/temoin-report/copyright
-rw-r--r-- root/root       900 2026-11-30 09:00 ./usr/share/doc/temoin-report/changelog.gz
";

    #[test]
    fn a_package_is_objected_to_for_each_thing_that_is_not_as_it_should_be() {
        let package = &PACKAGES[3];
        assert_eq!(strange_entries(package, CONTENTS), Vec::<String>::new());
        for (from, to, says) in [
            ("-rwxr-xr-x root", "-rwsr-xr-x root", "is -rwsr-xr-x"),
            ("-rw-r--r-- root", "-rw-rw-r-- root", "is -rw-rw-r--"),
            ("drwxr-xr-x root", "drwxrwxrwx root", "is drwxrwxrwx"),
            ("root/root       900", "me/root       900", "of me/root"),
            (
                "./usr/share/doc/temoin-report/copyright",
                "./srv/me/copyright",
                "where no package of ours",
            ),
            (
                "./usr/share/man/man1/temoin-report.1.gz",
                "./usr/share/man/man1/other.1.gz",
                "no ./usr/share/man/man1/temoin-report.1.gz",
            ),
            (
                "drwxr-xr-x root/root         0",
                "drwxr-xr-x",
                "cannot be read",
            ),
        ] {
            let bent = CONTENTS.replacen(from, to, 1);
            assert_ne!(bent, CONTENTS);
            let objections = strange_entries(package, &bent);
            let objected = objections.iter().any(|one| one.contains(says));
            assert!(objected, "{to}: {objections:?}");
        }
        let machine = Machine {
            architecture: "amd64".to_owned(),
            libc: "2.36".to_owned(),
        };
        let good = control(package, &machine, 3_000);
        assert_eq!(missing_fields(package, &good), Vec::<String>::new());
        for field in ["Version", "Maintainer", "Depends", "Description"] {
            let bent = good.replacen(&format!("{field}:"), "Other:", 1);
            assert_eq!(missing_fields(package, &bent).len(), 1, "{field}");
        }
    }

    #[test]
    fn a_folder_in_which_openssl_was_built_leaves_a_program_as_long_as_it_was() {
        let target = Path::new("/builds/somebody/target");
        let built =
            b"/builds/somebody/target/release/build/openssl-sys-1/out/openssl-build/install";
        let program = [
            &b"\0before\0DIR: \""[..],
            built,
            b"/lib/engines-3\"\0after\0",
            built,
            b"\0end",
        ]
        .concat();
        let length = program.len();
        let here = [format!("{}/", target.display())];
        assert_eq!(folders_named(&program, &here).count(), 1);
        let cleaned = without_build_folder(program.clone(), target);
        assert_eq!(folders_named(&cleaned, &here).count(), 0);
        assert_eq!(cleaned.len(), length);
        let place = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|w| w == what);
        assert!(place(&cleaned, b"\0before\0DIR: \"/nonexistent/lib/engines-3\"\0").is_some());
        for word in [&b"\0after\0"[..], b"\0end"] {
            assert_eq!(place(&cleaned, word), place(&program, word));
        }
        // What it does not know is left, for the check to object to.
        let other = b"/builds/somebody/target/other\0".to_vec();
        assert_eq!(without_build_folder(other.clone(), target), other);
    }

    #[test]
    fn a_folder_of_this_machine_is_seen_wherever_it_stands_in_a_program() {
        let here = ["/builds/somebody/".to_owned()];
        let named = |bytes: &[u8]| folders_named(bytes, &here).count();
        assert_eq!(named(b"\x7fELF\0/builds/somebody/src/main.rs\0"), 1);
        assert_eq!(named(b"\x7fELF\0/cargo/registry/src/lib.rs:3\0"), 0);
    }
}
