//! A document cannot be made of a case, nor of what covers a use of it, but of a letter or a package.
use casework::{Case, Covered, PublicPage};
use papers::documents::{Document, Submission};

fn of_a_case(case: &Case, submission: &Submission<'_>) {
    let _ = Document::of_letter(case, submission);
}

fn of_consent(covered: &Covered<'_>, submission: &Submission<'_>) {
    let _ = Document::of_package(covered, submission);
}

fn of_a_page(page: &PublicPage<'_>, submission: &Submission<'_>) {
    let _ = Document::of_package(page, submission);
}

fn main() {}
