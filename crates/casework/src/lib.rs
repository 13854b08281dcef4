//! What an office decides, as pure functions.
//!
//! Deciding stands apart from doing: a function here looks at a [`Case`] and returns an [`Entry`]
//! for the log, or a refusal that says what to do first. The log, folded, gives the cases back:
//! [`Office::fold`]. Nothing is changed but by an entry, and the fold asks the same questions of
//! an entry as the function that made it, so an entry that breaks a rule decides nothing.
//!
//! Rules that hold by type: consent for a use is a value, [`Covered`], which only [`Case::covers`]
//! makes and which lives no longer than the case is left as it was; a [`Communication`] and a
//! [`Package`] cannot be built without one, and are sent only against the case as it is then; and a counted [`Fact`](record::Fact) comes out of a case through
//! [`countable`] alone, from acts that were verified.
//!
//! **Absent**: files, sockets, clock, randomness, keys, sealing, pages. Time and names of cases are
//! handed in.

mod assess;
mod case;
mod chain;
mod clock;
mod consent;
mod contents;
mod count;
mod cover;
mod describe;
mod duty;
mod entry;
mod field;
mod follow;
mod grade;
mod intake;
mod mention;
mod office;
mod package;
mod progress;
mod public;
mod renewal;
mod reply;
mod sending;
mod stand_in;
mod state;
mod taken;
mod text;
mod timeline;
mod translation;
mod words;

pub use assess::{
    CannotAssess, CannotReview, CannotVerify, Team, assess, record_source, review, verify,
};
pub use case::{
    Case, Finding, LetterIn, Line, Note, Outgoing, PackageOut, RecordedConsent, RecordedGround,
    Reply, Resolved, Review, Stopped, Verification, VerifiedAct, Written,
};
pub use chain::Interval;
pub use clock::{Clock, Due, Place, Standing, Terms, awaits_answer, queue};
pub use consent::{
    CannotChoose, CannotRecord, CannotWithdraw, choose_after_withdrawal, record_consent,
    record_ground, withdraw,
};
pub use contents::{Agreement, Contents, Grading, Shown};
pub use count::{NotCountable, Places, countable};
pub use cover::{
    CannotCommunicate, Communication, Covered, NotCovered, communicate, purposes_served,
};
pub use describe::{CannotDescribe, code_act, code_event, record_person};
pub use duty::{
    Assigned, CannotAssign, CannotRecuse, CannotTask, Colleague, EverythingHandedOver, HandedOver,
    Recusal, RecusalEnded, RecusalOver, Recused, Task, TaskDone, TaskSet, assign, end_recusal,
    finish_task, hand_over, hand_over_all, recuse, set_task,
};
pub use entry::{
    Acknowledged, ActCoded, AfterWithdrawal, AnswersResumed, AnswersStopped, Assessed, Author,
    CaseId, CaseOpened, Communicated, ConsentRecorded, ConsentSeconded, ConsentWithdrawn,
    Conversation, DisagreementResolved, Dispatch, Entry, Erased, ErasureChosen, EventCoded,
    GroundRecorded, Kind, Leaf, Letter, LetterAdded, LetterUnreadable, MAX_LEN, Moment, NotAnEntry,
    NoteAdded, PackageSent, PersonReached, PersonRecorded, Reopened, Replied, ReportBytes,
    Reposted, Reviewed, SealedBy, Slot, SourceRecorded, Stamp, StateChanged, TooLong, Triaged,
    Unreadable, VERSION, Verified, What, WordsChanged,
};
pub use follow::{
    CHECK_INS, CannotFollow, CheckIn, CheckedIn, CommitmentRecorded, Deadline, DeadlineSet,
    FollowedUp, HelpRecorded, LawRecorded, NotTransmitted, RecordedResponse, RemedyRecorded,
    ResponseRecorded, StepRecorded, check_in, follow_up, keep_from_state, record_commitment,
    record_help, record_law, record_remedy, record_response, record_step, set_deadline,
};
pub use grade::{
    BelowGrade, CannotExcept, CannotSetGrade, Exception, ExceptionAgreed, ExceptionProposed, Grade,
    GradeSet, Leaving, agree_to_exception, propose_exception, set_grade,
};
pub use intake::{Arrival, Came, CannotTakeIn, intake, unreadable};
pub use mention::{Mention, Spoken, SpokenIn};
pub use office::{Misfit, Office, Unread};
pub use package::{CannotSend, Outside, Package, WentOut, send_package};
pub use progress::{
    CannotMove, CannotNote, CannotTriage, change_state, erase, mark_duplicate, note, refer, reopen,
    triage,
};
pub use public::{
    CannotPublish, PublicPage, Published, PublishedPage, ResponseBlock, StatesReply, publish,
};
pub use renewal::{AnswerDue, AnswerWaits};
pub use reply::{
    CannotReply, CannotStop, SLOTS_A_DAY, acknowledge, reply, repost, resume_answers, stop_answers,
};
pub use sending::{
    CannotForesee, CannotNoteReceipt, FORESIGHT_DAYS, Foreseen, Foresight, ReceiptNoted, foresee,
    note_receipt,
};
pub use stand_in::{CannotReach, CannotResolve, CannotSecond, reach, resolve, second};
pub use state::State;
pub use taken::{Taken, TakenDown, ToldByHand, take_down};
pub use text::Text;
pub use timeline::{Days, Happening, Timeline};
pub use translation::{
    CannotReviewTranslation, CannotTranslate, Translated, Translation, TranslationReview,
    TranslationReviewed, Translator, review_translation, translate,
};
pub use words::{CannotChangeWords, FormerWords, change_words};
