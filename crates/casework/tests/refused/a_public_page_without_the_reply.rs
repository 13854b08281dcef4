//! Nobody publishes a case without the reply of those it accuses, or the record why there is none.
use casework::{Covered, PublicPage};

fn without<'a>(covered: Covered<'a>) -> PublicPage<'a> {
    PublicPage { covered }
}

fn main() {}
