//! Writes `vectors/rust` again, the same bytes each time. Called by `cargo xtask vectors`.
#![allow(clippy::unwrap_used, reason = "a development tool fails by panicking")]

fn main() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../vectors/rust");
    for (name, text) in rehearsal::vectors::all() {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
}
