//! What a stranger reads on the reporter's pages: one folder a language.
//!
//! A language is a value of each struct below, and the labels of the words the form offers. A text
//! that is missing does not compile; a text nobody shows is found by the tests of this module's
//! users. `{…}` marks what is filled in.

mod ar;
mod en;
mod es;
mod fr;
pub(crate) mod labels;
mod ru;
mod zh;

use record::FormLanguage;

/// Declares a set of texts, with a way to walk it by name.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($field:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name { $(pub(crate) $field: &'static str),* }

        impl $name {
            /// Name and text of each, in the order declared.
            #[allow(dead_code, reason = "one set is walked to write it out, all of them to check them")]
            pub(crate) fn each(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($field), self.$field)),*]
            }
        }
    };
}

texts! {
    /// On every page.
    Frame {
        dir, title, skip_to_content, leave, leave_note, languages, made_with,
    }
}

texts! {
    /// The page to write and to read on.
    Form {
        heading, lead, only_office, begin_heading, begin_1, begin_2, begin_3, begin_4,
        write, read, loading, kit_link,
        unscripted_heading, unscripted_1, unscripted_3, unscripted_doorstep,
        doorstep_warning, doorstep_link,
        step, next, back, to_end,
        story_heading, story_label, story_hint, when_label, when_hint, day_label, where_label,
        where_hint, country_label, country_none,
        acts_heading, acts_hint, acts_more,
        people_heading, victims_label, victims_hint, count_label, speaks_label, speaks_hint, groups_more, perpetrators_label,
        perpetrators_hint, perpetrators_more,
        you_heading, child_label, child_note, relation_label, knows_label, knows_note, urgency_label, safety_label,
        safety_hint, contact_label, contact_hint, colleague_label, colleague_hint,
        consent_heading, consent_1, consent_2, consent_more, consent_answer, consent_identity,
        answer_unsaid, identity_unsaid, irreversible,
        words_heading, words_1, words_2, words_3, learn, learn_note, hide, hide_note, none,
        none_note, none_wish, words_shown, words_caution, mailbox_name, mailbox_note, mailbox_compare, learned, hidden,
        rehearse_heading, rehearse_note, rehearse_check, show_again, continuing,
        send_heading, send_1, send_2, add_files, send,
        clock_heading, clock_accept, again,
        sent_heading, sent_1, sent_words, sent_address, sent_none, sent_device_1,
        stays_heading, stays_1, stays_2, stays_3, stays_4, sent_close,
        read_heading, read_1, read_list, list_en, list_es, list_fr, list_zh, list_digits, look,
        follow_up, exposed, exposed_note, exposed_or, change, change_note, read_privacy, further,
        pinned,
    }
}

texts! {
    /// What the script says. Handed to it in the page, as JSON.
    Spoken {
        fits, fits_next, too_large,
        word, group, digits_wrong, word_unknown, word_near, word_missing, pick, words_loading, words_failed,
        rehearsed, words_away, rehearse_wrong,
        empty_letter, choose_words, finish_words, words_inside, clock,
        sealing, deriving, sending, sealing_again, checking,
        trouble_line, trouble_busy, trouble_full, trouble_refused, trouble_receipt,
        trouble_no_key, try_again_in,
        sent_epoch,
        cannot_seal, no_notice, bad_notice, other_notice, old_notice, early_notice, newer,
        looking, nothing, lists_refused, office_opened, answer, part_missing, forged, damaged,
        fetched, further_cost, since_start, read_failed,
        leave_press, left, unsaved,
    }
}

texts! {
    /// What the script for files says: it brings them along, for those who fetch it.
    Files {
        files_choose, files_lead, files_limit, files_over, files_original, files_stay, files_too_many, files_not_cleaned, files_empty, files_unreadable,
        files_as_is, files_cleaned, files_reading, files_remove, files_size, files_again, files_heading, files_gone, files_all, files_arrived, files_held,
        working, code_label, code_good, code_wrong,
        files_photo, files_voice, files_take_now, files_stop, files_take_not, files_taken_note, files_photo_name, files_voice_name, files_taken, files_recording, files_silent, files_not_here,
    }
}

texts! {
    /// What the script for new words says: it brings them along, for those who fetch it.
    NewWords {
        new_1, new_2, new_3, new_4, new_draw, new_not, new_shown, new_keep, new_box, new_learned,
        new_rehearsal, new_known, new_see, new_ready, new_seal, new_no_keys, new_not_yet,
        new_done, new_done_1,
    }
}

texts! {
    /// What the script says that brings cryptography to a browser without any.
    Bare {
        pure_warning, pure_go_on,
    }
}

texts! {
    /// The page one arrives on.
    Landing {
        lead, start, start_note, how_heading, how_1, how_2, how_3, how_4,
        before_heading, before_1, before_2, before_3, before_4,
        limits_heading, limits_1, limits_2, limits_3,
        check_heading, check_1, figures, figures_link,
    }
}

texts! {
    /// Handing in a letter that was sealed elsewhere, without script.
    Sealed {
        link, heading, lead, how_heading, how_kit, how_program, how_carry,
        files, files_hint, send, after, stays,
    }
}

texts! {
    /// The doorstep: for a reporter without script.
    Doorstep {
        heading, lead, warning, better, reading, want_words, want_words_yes, want_words_no, send,
        done_heading, done_1, done_words, done_none, done_device,
        busy_heading, busy_1,
        empty_heading, empty_1, large_heading, large_1, unsent_heading, unsent_1, back,
    }
}

texts! {
    /// The kit: one file that seals without a network.
    Kit {
        lead, good_until, openable_longer, needs_script,
        seal, seal_1, carried_heading, carried_1, save, save_note, codes, codes_note, pause, go_on, slower, still,
        hide_codes, lines, lines_note, carried_close,
        board_label, board_hint, change,
        sheet_heading, sheet_1, sheet_digest,
    }
}

texts! {
    /// What the kit's script says besides or instead of what the page's does.
    KitSpoken {
        clock, no_notice, old_notice, sending, kit_over, board_taken, board_nothing, saved, code,
    }
}

/// One language.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) labels: labels::Labels,
    pub(crate) frame: Frame,
    pub(crate) form: Form,
    pub(crate) spoken: Spoken,
    pub(crate) files: Files,
    pub(crate) new_words: NewWords,
    pub(crate) landing: Landing,
    pub(crate) doorstep: Doorstep,
    pub(crate) bare: Bare,
    pub(crate) sealed: Sealed,
    pub(crate) kit: Kit,
    pub(crate) kit_spoken: KitSpoken,
}

/// The texts of a language.
pub(crate) fn of(language: FormLanguage) -> &'static Texts {
    match language {
        FormLanguage::Arabic => &ar::TEXTS,
        FormLanguage::Chinese => &zh::TEXTS,
        FormLanguage::English => &en::TEXTS,
        FormLanguage::French => &fr::TEXTS,
        FormLanguage::Russian => &ru::TEXTS,
        FormLanguage::Spanish => &es::TEXTS,
    }
}

/// Puts the office's name where a text asks for it. Within a text that runs from right to left the
/// name is isolated (FSI, PDI of UAX 9), so that its own direction and its marks stay its own.
pub(crate) fn filled(text: &str, office: &str) -> String {
    let rightward = text.contains(|c| ('\u{590}'..='\u{8ff}').contains(&c));
    if rightward {
        text.replace("{office}", &format!("\u{2068}{office}\u{2069}"))
    } else {
        text.replace("{office}", office)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests may")]
    use super::*;

    /// `{name}` parts of a text, sorted.
    fn gaps(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect();
        found.sort_unstable();
        found
    }

    fn all(texts: &'static Texts) -> Vec<(&'static str, &'static str)> {
        let Texts {
            frame,
            form,
            spoken,
            files,
            new_words,
            landing,
            doorstep,
            bare,
            sealed,
            kit,
            kit_spoken,
            labels: _,
        } = texts;
        [
            frame.each(),
            form.each(),
            spoken.each(),
            files.each(),
            new_words.each(),
            landing.each(),
            doorstep.each(),
            bare.each(),
            sealed.each(),
            kit.each(),
            kit_spoken.each(),
        ]
        .concat()
    }

    #[test]
    fn every_language_says_everything_and_fills_the_same_gaps() {
        let english = all(of(FormLanguage::English));
        for language in FormLanguage::ALL {
            for ((name, english), (_, own)) in english.iter().zip(&all(of(language))) {
                assert!(!own.is_empty(), "{name} says nothing in {}", language.tag());
                assert_eq!(gaps(english), gaps(own), "{name} in {}", language.tag());
            }
        }
    }

    /// Letters of a script, to tell a text that is still in another language.
    fn written_in(language: FormLanguage, text: &str) -> bool {
        let own: &[std::ops::RangeInclusive<char>] = match language {
            FormLanguage::Arabic => &['\u{600}'..='\u{6ff}'],
            FormLanguage::Chinese => &['\u{3400}'..='\u{9fff}'],
            FormLanguage::Russian => &['\u{400}'..='\u{4ff}'],
            _ => &['a'..='z', '\u{c0}'..='\u{17f}'],
        };
        text.chars()
            .any(|c| own.iter().any(|range| range.contains(&c)))
    }

    #[test]
    fn no_text_is_left_in_another_language() {
        for language in FormLanguage::ALL {
            let english = all(of(FormLanguage::English));
            for ((name, text), (_, english)) in all(of(language)).into_iter().zip(english) {
                let own = written_in(language, text)
                    && (text != english || language == FormLanguage::English);
                assert!(name == "dir" || own, "{name} in {}: {text}", language.tag());
            }
        }
    }

    #[test]
    fn a_name_keeps_its_own_direction_in_a_text_from_right_to_left() {
        assert_eq!(
            filled("إلى {office}.", "Office (1)"),
            "إلى \u{2068}Office (1)\u{2069}."
        );
        assert_eq!(filled("To {office}.", "Office (1)"), "To Office (1).");
    }

    #[test]
    fn french_is_written_with_its_own_signs() {
        for (name, text) in all(of(FormLanguage::French)) {
            assert!(!text.contains('\''), "{name}: a straight apostrophe");
            assert!(!text.contains('"'), "{name}: straight quotes");
            for sign in [" :", " ;", " ?", " !", "« ", " »"] {
                assert!(!text.contains(sign), "{name}: a plain space at {sign:?}");
            }
        }
    }

    #[test]
    fn nothing_is_promised_that_nobody_can_keep() {
        for language in FormLanguage::ALL {
            for (name, text) in all(of(language)) {
                let text = text.to_lowercase();
                for word in [
                    "100",
                    "undetect",
                    "indétect",
                    "anonymous",
                    "anonyme",
                    "untraceable",
                    "intraçable",
                    "anónim",
                    "indetectable",
                    "анонимн",
                    "匿名",
                    "مجهول الهوية",
                ] {
                    assert!(!text.contains(word), "{name} says {word}");
                }
            }
        }
    }
}
