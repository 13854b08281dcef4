//! What a form was answered with, shown under an address of its own.
//!
//! A browser writes down, to find its windows again after a crash, what a form held beside the page
//! that answered it. So no form is answered with a page: the page waits here, the browser is sent to
//! it, and what its files hold is an address that means nothing. Locking lets all of them go.

use std::collections::VecDeque;

use rand_core::Rng;

use super::Answered;
use crate::hex;

/// Where such pages are shown.
pub(super) const SHOWN: &str = "/shown/";
/// How many wait: a browser fetches one at once, and goes back a few.
const KEPT: usize = 8;

/// A page that waits.
struct Waiting {
    name: String,
    session: usize,
    answered: Answered,
    /// Made while the desk was locked: shown once.
    once: bool,
}

/// Pages that wait for the browser that is sent to them.
#[derive(Default)]
pub(super) struct ShownPages(VecDeque<Waiting>);

impl ShownPages {
    /// Keeps a page, and says where it is shown.
    pub(super) fn keep(
        &mut self,
        session: usize,
        answered: Answered,
        once: bool,
        rng: &mut impl Rng,
    ) -> String {
        let mut bytes = [0; 16];
        rng.fill_bytes(&mut bytes);
        let name = hex::show(&bytes);
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        let to = format!("{SHOWN}{name}");
        self.0.push_back(Waiting {
            name,
            session,
            answered,
            once,
        });
        to
    }

    /// The page of a name, for the browser it was made for.
    pub(super) fn show(&mut self, session: usize, name: &str) -> Option<Answered> {
        let mut pages = self.0.iter();
        let place = pages.position(|one| one.session == session && one.name == name)?;
        if self.0.get(place)?.once {
            return self.0.remove(place).map(|one| one.answered);
        }
        self.0.get(place).map(|one| one.answered.clone())
    }

    /// Lets all of them go.
    pub(super) fn let_go(&mut self) {
        self.0.clear();
    }
}
