//! A case in the order of its days: what happened, what came, what left, what was done about it, and
//! what is due. What has no day stands apart: it is not put anywhere by guessing.

use record::{ActId, Date, EventId, HelpId, RemedyId, StepId};

use crate::case::Case;
use crate::chain::span;
use crate::clock::{Clock, Terms};

/// Something that has a place in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening {
    /// An event of which no act is recorded.
    Event(EventId),
    /// An act.
    Act(ActId),
    /// A report came, by its place among the letters, from 1.
    Letter(usize),
    /// The office answered the reporter.
    Reply(u32),
    /// A letter left.
    LetterOut(u32),
    /// Material left, by its place, from 1.
    Material(usize),
    /// An answer came, by its place among the answers, from 1.
    Response(usize),
    /// Somebody looked in after a letter, by its place among the looks, from 1.
    CheckIn(usize),
    /// An investigation, a complaint, a judgment.
    Step(StepId),
    /// A remedy.
    Remedy(RemedyId),
    /// Protection or other help began.
    Help(HelpId),
    /// Something was made public, by its place, from 1.
    Published(usize),
    /// Something is due.
    Due(Clock),
}

/// When, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Days {
    /// The first day it can have been.
    pub first: u32,
    /// The last day it can have been, or lasted to.
    pub last: u32,
}

/// A case in the order of its days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What has a day, by its first; of the same day, what is known more exactly comes first.
    pub dated: Vec<(Days, Happening)>,
    /// What has none that the calendar knows.
    pub undated: Vec<Happening>,
}

impl Timeline {
    fn put(&mut self, when: Option<(u32, u32)>, what: Happening) {
        match when {
            Some((first, last)) => self.dated.push((Days { first, last }, what)),
            None => self.undated.push(what),
        }
    }

    fn put_on(&mut self, day: Option<Date>, what: Happening) {
        let day = day.and_then(|day| u32::try_from(day.day_number()).ok());
        self.put(day.map(|day| (day, day)), what);
    }
}

impl Case {
    /// Everything in it that has a place in time.
    pub fn timeline(&self, terms: Terms) -> Timeline {
        let mut all = Timeline::default();
        for event in self.events() {
            // Its acts speak for it.
            if !self.acts().any(|act| act.event == event.id) {
                all.put(span(&event.when), Happening::Event(event.id));
            }
        }
        for act in self.acts() {
            all.put(self.span(act), Happening::Act(act.id));
        }
        let on = |day: u32| Some((day, day));
        for (n, letter) in (1..).zip(self.letters()) {
            all.put(on(letter.at.day), Happening::Letter(n));
        }
        for reply in self.replies() {
            all.put(on(reply.at.day), Happening::Reply(reply.number));
        }
        for out in self.outgoing() {
            all.put_on(Some(out.sent.day), Happening::LetterOut(out.number));
        }
        for (n, out) in (1..).zip(self.packages()) {
            all.put_on(Some(out.package.day), Happening::Material(n));
        }
        for (n, came) in (1..).zip(self.responses()) {
            let day = came.response.received.or(came.response.day);
            all.put_on(day, Happening::Response(n));
        }
        for (n, look) in (1..).zip(self.check_ins()) {
            all.put(on(look.at.day), Happening::CheckIn(n));
        }
        for step in self.steps() {
            all.put_on(step.day, Happening::Step(step.id));
        }
        for remedy in self.remedies() {
            all.put_on(remedy.day, Happening::Remedy(remedy.id));
        }
        for help in self.help() {
            all.put_on(help.first_day, Happening::Help(help.id));
        }
        for (n, page) in (1..).zip(self.published()) {
            all.put_on(Some(page.published.day), Happening::Published(n));
        }
        for clock in self.clocks(terms) {
            all.put(on(clock.day), Happening::Due(clock));
        }
        all.dated.sort_unstable();
        all
    }
}
