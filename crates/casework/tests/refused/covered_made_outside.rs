//! Only `Case::covers` makes the proof that a use is covered, and the case cannot change while
//! anyone holds it.
use casework::{Case, CaseId, Covered, Entry, Office};
use record::{Code, Date};

fn invent<'a>(case: &'a Case, today: Date) -> Covered<'a> {
    Covered { case, today }
}

fn keep(mut office: Office, id: CaseId, withdrawal: Entry, today: Date) {
    let (purpose, identity) = (Code::of("statistics").unwrap(), Code::of("none").unwrap());
    let covered = office.case(id).unwrap().covers(purpose, "", identity, today);
    office.apply(withdrawal);
    let _ = covered;
}

fn main() {}
