//! Letters that are being written. They lie in the vault and not in the log: what nobody has sent
//! is no decision, and must not stay for ever. One for each case; it goes when the letter is
//! recorded as sent, and with its case.

use casework::CaseId;
use vault::{Failed, Reading, Writing};

use crate::desk::{CannotDecide, Desk};

/// The setting under which they lie: a line for each, the case and the form as a browser sends it.
const DRAFTS: &str = "drafts";
/// The most bytes of one, as many as a long letter takes when every byte of it is escaped.
const MOST: usize = 512 << 10;

const TOO_LONG: CannotDecide = CannotDecide::Refused {
    en: "this is too long to be kept; shorten it",
    fr: "ce texte est trop long pour être gardé ; raccourcissez-le",
};

impl Desk {
    /// The letter that is being written in a case, as the form it was typed into.
    ///
    /// # Errors
    /// [`Failed`].
    pub fn draft(&self, number: u64) -> Result<Option<String>, Failed> {
        let Some(case) = self.case(number) else {
            return Ok(None);
        };
        let id = case.id();
        let found = read(&self.vault().read())?;
        let mut found = found.into_iter().filter(|(of, _)| *of == id);
        Ok(found.next().map(|(_, form)| form))
    }

    /// Keeps the letter that is being written in a case, in the place of an earlier one; an empty
    /// one is none.
    ///
    /// # Errors
    /// [`CannotDecide`].
    pub fn keep_draft(&mut self, number: u64, form: &str) -> Result<(), CannotDecide> {
        if form.len() > MOST || form.contains('\n') {
            return Err(TOO_LONG);
        }
        let case = self.case(number).ok_or(CannotDecide::NoSuchCase)?.id();
        self.change(|_, w| {
            forget(w, case)?;
            if form.is_empty() {
                return Ok(());
            }
            let mut drafts = read(w)?;
            drafts.push((case, form.to_owned()));
            write(w, &drafts)
        })?;
        Ok(())
    }
}

/// Forgets the letter that is being written in a case.
pub(crate) fn forget(w: &Writing<'_>, case: CaseId) -> Result<(), Failed> {
    let mut drafts = read(w)?;
    let before = drafts.len();
    drafts.retain(|(of, _)| *of != case);
    if drafts.len() < before {
        write(w, &drafts)?;
    }
    Ok(())
}

fn read(r: &Reading<'_>) -> Result<Vec<(CaseId, String)>, Failed> {
    let kept = r.setting(DRAFTS)?.unwrap_or_default();
    let kept = String::from_utf8(kept).map_err(|_| Failed::Damaged)?;
    let lines = kept.lines().filter_map(|line| line.split_once(' '));
    Ok(lines
        .filter_map(|(case, form)| Some((CaseId::read(case)?, form.to_owned())))
        .collect())
}

fn write(w: &Writing<'_>, drafts: &[(CaseId, String)]) -> Result<(), Failed> {
    let lines: Vec<String> = drafts
        .iter()
        .map(|(case, form)| format!("{case} {form}"))
        .collect();
    w.set(DRAFTS, lines.join("\n").as_bytes())
}
