//! Counted facts have no numbers to read and nothing to write: only `protect` makes a release of
//! them, and a file that was read back is not one either.
use figures::{Counted, Earlier, Published};

fn publish(counted: Counted, earlier: Earlier) {
    let _ = counted.to_json();
    let _: Published = counted.into();
    let _: Published = earlier.into();
}

fn main() {}
