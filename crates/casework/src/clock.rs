//! What is due in a case, and by when; and which case comes first.
//!
//! A clock is computed from the case and a day, never stored: nothing can forget to start it or to
//! stop it. What stops it is the entry by which somebody did what was due.

use record::Date;

use crate::case::{Case, Outgoing};
use crate::field::choices;
use crate::follow::{CHECK_INS, has_substance};
use crate::grade::is_graded;
use crate::office::Office;
use crate::renewal::AnswerWaits;
use crate::state::State;

/// Days from a letter out to the half-yearly look at the case.
const HALF_YEAR: u32 = 182;
/// Days from a letter out to each yearly look at the case.
const YEAR: u32 = 365;
/// A look at the case counts for a date if it was taken no longer than this before it.
const LOOKED_BEFORE: u32 = 30;

choices! {
    /// What is due.
    Due {
        /// The reporter is to be told that the letter was opened.
        1 Acknowledgement "acknowledgement" "Tell the reporter that the letter was opened" "Dire à la personne que la lettre a été ouverte",
        /// A consent is about to run out, or the person wanted to be asked again.
        2 Consent "consent" "A consent runs out; ask again" "Un consentement expire ; demandez-le de nouveau",
        /// An answer of a State or a company.
        3 Reply "reply" "An answer is due" "Une réponse est attendue",
        /// A letter's confidentiality ends.
        4 Confidentiality "confidentiality" "The letter is no longer confidential" "La lettre cesse d’être confidentielle",
        /// A look in on those concerned after a letter went out.
        5 CheckIn "check-in" "Look in on the people concerned" "Prendre des nouvelles des personnes concernées",
        /// A letter was answered by a reprisal.
        6 UrgentFollowUp "urgent-follow-up" "A reprisal followed a letter; write at once" "Des représailles ont suivi une lettre ; écrivez sans attendre",
        /// Something somebody was to do.
        7 Task "task" "A task" "Une tâche",
        /// A commitment is to have been kept.
        8 Commitment "commitment" "A commitment is to have been kept" "Échéance d’un engagement",
        /// A law is to be looked at again.
        9 LawReview "law-review" "A law is to be looked at again" "Une loi est à réexaminer",
        /// Six months after a letter.
        10 HalfYear "half-year" "Six months after the letter: look again" "Six mois après la lettre : réexaminez le dossier",
        /// A second person is to stand by an answer for someone who cannot be asked.
        12 Second "second" "A second person must agree that somebody cannot be asked" "Une deuxième personne doit confirmer qu’il est impossible de consulter quelqu’un",
        /// A year, and every year, after a letter.
        11 Year "year" "A year later: look again" "Un an plus tard : réexaminez le dossier",
    }
}

impl Due {
    /// From how many days before it is worth showing.
    const fn notice(self) -> u32 {
        match self {
            Self::Consent => 30,
            Self::HalfYear | Self::Year => 14,
            Self::Reply | Self::Confidentiality | Self::Commitment | Self::LawReview => 7,
            Self::Task => 3,
            Self::Acknowledgement | Self::CheckIn | Self::UrgentFollowUp | Self::Second => 0,
        }
    }
}

/// One thing that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Clock {
    /// The last day on which it is in time.
    pub day: u32,
    /// What.
    pub due: Due,
    /// The number of the letter, consent, task, commitment or law it is about.
    pub about: Option<u32>,
}

/// How a clock stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Its day is over.
    Overdue {
        /// By how many days.
        by: u32,
    },
    /// It is worth doing now.
    Now {
        /// Days that are left, 0 on the last.
        left: u32,
    },
    /// It can wait.
    Later {
        /// Days that are left.
        left: u32,
    },
}

impl Clock {
    /// How it stands on a day.
    pub fn standing(self, today: u32) -> Standing {
        match self.day.checked_sub(today) {
            None => Standing::Overdue {
                by: today.saturating_sub(self.day),
            },
            Some(left) if left <= self.due.notice() => Standing::Now { left },
            Some(left) => Standing::Later { left },
        }
    }

    /// Whether somebody should do something about it today.
    pub fn presses(self, today: u32) -> bool {
        !matches!(self.standing(today), Standing::Later { .. })
    }
}

/// What an office may set for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Days until a reporter is to be told that their letter was opened.
    pub acknowledge: u32,
}

impl Default for Terms {
    fn default() -> Self {
        Self { acknowledge: 3 }
    }
}

impl Case {
    /// Everything that is due in it, the most pressing first. In a case that has ended the people
    /// concerned are still looked in on, and a reprisal is still answered.
    pub fn clocks(&self, terms: Terms) -> Vec<Clock> {
        let mut clocks = Vec::new();
        if self.state() == State::Erased {
            return clocks;
        }
        self.check_in_clocks(&mut clocks);
        self.reprisal_clocks(&mut clocks);
        if !self.state().is_ended() {
            self.reporter_clocks(terms, &mut clocks);
            self.consent_clocks(&mut clocks);
            self.letter_clocks(&mut clocks);
            self.own_clocks(&mut clocks);
        }
        clocks.sort();
        clocks
    }

    fn reporter_clocks(&self, terms: Terms, clocks: &mut Vec<Clock>) {
        let told = !self.acknowledged().is_empty() || !self.replies().is_empty();
        let can = self.conversation().is_some() && self.stopped().is_none();
        if can && !told && !self.state().is_aside() {
            clocks.push(Clock {
                day: self.opened_at().day.saturating_add(terms.acknowledge),
                due: Due::Acknowledgement,
                about: None,
            });
        }
    }

    /// The last day of what runs out, the day on which somebody is to be asked again, and the day
    /// since which a colleague is waited for. Whether to erase stands beside the answer, and is no
    /// date.
    fn consent_clocks(&self, clocks: &mut Vec<Clock>) {
        for answer in self.answers_due() {
            let day = match answer.waits {
                AnswerWaits::RunsOut | AnswerWaits::StandInEnds | AnswerWaits::OfAge => {
                    answer.day.saturating_sub(1)
                }
                AnswerWaits::AskAgain | AnswerWaits::Second => answer.day,
                AnswerWaits::Erasure => continue,
            };
            let second = answer.waits == AnswerWaits::Second;
            clocks.push(Clock {
                day,
                due: if second { Due::Second } else { Due::Consent },
                about: Some(answer.number),
            });
        }
    }

    /// Each look in has its day, and a later one stands for those before it.
    fn check_in_clocks(&self, clocks: &mut Vec<Clock>) {
        for letter in self.outgoing().iter().filter(|letter| endangers(letter)) {
            let looked = self
                .check_ins()
                .iter()
                .filter(|check_in| check_in.letter == letter.number)
                .map(|check_in| check_in.after)
                .max();
            let next = CHECK_INS.into_iter().find(|after| Some(*after) > looked);
            if let Some(after) = next {
                clocks.push(Clock {
                    day: letter.at.day.saturating_add(u32::from(after)),
                    due: Due::CheckIn,
                    about: Some(letter.number),
                });
            }
        }
    }

    /// A reprisal waits for a letter to the UN or to a State: what is told to the press or to a
    /// partner does not stop it.
    fn reprisal_clocks(&self, clocks: &mut Vec<Clock>) {
        for check_in in self.check_ins() {
            let wrote = |letter: &Outgoing| {
                letter.at >= check_in.at && is_graded(letter.sent.purpose.as_str())
            };
            if check_in.reprisal.is_some() && !self.outgoing().iter().any(wrote) {
                clocks.push(Clock {
                    day: check_in.at.day,
                    due: Due::UrgentFollowUp,
                    about: Some(check_in.letter),
                });
            }
        }
    }

    fn letter_clocks(&self, clocks: &mut Vec<Clock>) {
        for letter in self
            .outgoing()
            .iter()
            .filter(|letter| awaits_answer(letter))
        {
            let answered = self.responses().iter().any(|recorded| {
                let none = |response: &record::Response| {
                    response
                        .kinds
                        .iter()
                        .any(|kind| kind.is("none-by-deadline"))
                };
                recorded.letter == Some(letter.number)
                    && (has_substance(&recorded.response) || none(&recorded.response))
            });
            if !answered {
                clocks.push(Clock {
                    day: self.reply_due(letter),
                    due: Due::Reply,
                    about: Some(letter.number),
                });
            }
            let until = self.confidential_until(letter);
            if self.looked_at() < Some(until) {
                clocks.push(Clock {
                    day: until,
                    due: Due::Confidentiality,
                    about: Some(letter.number),
                });
            }
        }
        if let Some(first) = self.outgoing().iter().find(|letter| endangers(letter)) {
            clocks.push(self.look_again(first.at.day, first.number));
        }
    }

    /// The first of half a year, one year, two years after a letter for which nobody looked.
    fn look_again(&self, sent: u32, letter: u32) -> Clock {
        let looked = |day: u32| self.looked_at() >= Some(day.saturating_sub(LOOKED_BEFORE));
        let half = sent.saturating_add(HALF_YEAR);
        let about = Some(letter);
        if !looked(half) {
            return Clock {
                day: half,
                due: Due::HalfYear,
                about,
            };
        }
        // Straight to the first year after the last look, however many have passed.
        let last = self.looked_at().unwrap_or(0);
        let passed = last.saturating_add(LOOKED_BEFORE).saturating_sub(sent) / YEAR;
        let years = passed.saturating_add(1).max(1);
        Clock {
            day: sent.saturating_add(years.saturating_mul(YEAR)),
            due: Due::Year,
            about,
        }
    }

    fn looked_at(&self) -> Option<u32> {
        self.followed_up().last().map(|(at, _, _)| at.day)
    }

    fn own_clocks(&self, clocks: &mut Vec<Clock>) {
        let mut push = |due, about, date: Option<Date>| {
            if let Some(day) = date.and_then(day) {
                clocks.push(Clock {
                    day,
                    due,
                    about: Some(about),
                });
            }
        };
        for task in self.tasks().filter(|task| task.done.is_none()) {
            push(Due::Task, task.number, task.by);
        }
        for promise in self.commitments() {
            if matches!(promise.status.as_str(), "made" | "under-way") {
                push(Due::Commitment, promise.id.0, promise.due);
            }
        }
        for law in self.laws() {
            push(Due::LawReview, law.id.0, law.review);
        }
    }

    /// How urgent it is, as a person judged it, else as its newest letter tells it: 0 what happens
    /// now, 1 what may happen soon, 2 what nobody knows, 3 what is over. What nobody has said may
    /// be the worst, and stands before what can wait.
    fn urgency_rank(&self) -> u8 {
        let told = || {
            let newest = self.letters().last()?.report.as_ref().ok()?;
            newest.urgency.code()
        };
        let urgency = self.urgency().code().or_else(told);
        match urgency.map(record::Code::as_str) {
            Some("now") => 0,
            Some("soon") => 1,
            Some("past") => 3,
            _ => 2,
        }
    }
}

fn day(date: Date) -> Option<u32> {
    u32::try_from(date.day_number()).ok()
}

/// Whether someone may be made to pay for a letter. Counting names nobody.
fn endangers(letter: &Outgoing) -> bool {
    !letter.sent.purpose.is("statistics")
}

/// Whether a State or a company is to answer a letter.
pub fn awaits_answer(letter: &Outgoing) -> bool {
    matches!(
        letter.sent.kind.as_str(),
        "urgent-appeal"
            | "allegation-letter"
            | "other-letter"
            | "joint-letter"
            | "company-letter"
            | "platform-escalation"
            | "wgeid-humanitarian"
            | "wgad-opinion"
    )
}

/// Where a case stands among others, the most pressing first: by urgency; among those alike, what is
/// overdue for longest, then what is due soonest, then where something came, then whoever has waited
/// longest. A case in danger now stands first though nothing in it is late, and among those that are
/// over one that is late stands before one that is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    urgency: u8,
    day: u32,
    no_news: bool,
    first: u64,
}

impl Case {
    /// Where it stands among others on a day, by its clocks.
    pub fn place(&self, clocks: &[Clock], today: u32) -> Place {
        let first = clocks.iter().find(|clock| clock.presses(today));
        let reprisal = clocks.iter().any(|clock| clock.due == Due::UrgentFollowUp);
        Place {
            urgency: if reprisal { 0 } else { self.urgency_rank() },
            day: first.map_or(u32::MAX, |clock| clock.day),
            no_news: !self.has_news(),
            first: self.first_place(),
        }
    }

    /// Whether it waits for somebody of the office, by its clocks: it is open and not the reporter's
    /// turn, something in it is due, or somebody wrote after it had ended.
    pub fn waits(&self, clocks: &[Clock], today: u32) -> bool {
        let ended = self.state().is_ended();
        let open = !ended && !self.waits_for_the_reporter(today);
        let wrote = ended && self.has_news();
        open || wrote || clocks.iter().any(|clock| clock.presses(today))
    }
}

/// The cases that wait for somebody, the most pressing first (see [`Place`]).
pub fn queue(office: &Office, today: u32, terms: Terms) -> Vec<&Case> {
    let mut waiting: Vec<_> = office
        .cases()
        .filter_map(|case| {
            let clocks = case.clocks(terms);
            let waits = case.waits(&clocks, today);
            waits.then(|| (case.place(&clocks, today), case))
        })
        .collect();
    waiting.sort_by_key(|(place, _)| *place);
    waiting.into_iter().map(|(_, case)| case).collect()
}
