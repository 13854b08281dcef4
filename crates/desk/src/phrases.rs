//! Sentences an office writes again and again, in the six languages in which reporters are met. A
//! caseworker puts one into an answer and goes on from there; nothing is sent by itself.
//!
//! Absent: names, places, promises of time. A sentence here must be true in every case.

use record::FormLanguage;

/// A sentence for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phrase {
    /// The letter was read.
    Read,
    /// Are they safe now?
    Safe,
    /// Who may be told?
    Consent,
    /// What exactly happened, when and where?
    More,
    /// Is there anything that shows it?
    Shows,
    /// Files by the same page.
    Files,
    /// Nothing is done without a yes.
    Nothing,
    /// What can be taken back, and what cannot.
    Withdraw,
    /// Not what this office does; who may help.
    Elsewhere,
    /// Come back to look.
    ComeBack,
}

impl Phrase {
    /// All of them, in the order of a conversation.
    pub(crate) const ALL: [Self; 10] = [
        Self::Read,
        Self::Safe,
        Self::More,
        Self::Shows,
        Self::Files,
        Self::Consent,
        Self::Nothing,
        Self::Withdraw,
        Self::Elsewhere,
        Self::ComeBack,
    ];

    /// The stable code.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Safe => "safe",
            Self::Consent => "consent",
            Self::More => "more",
            Self::Shows => "shows",
            Self::Files => "files",
            Self::Nothing => "nothing",
            Self::Withdraw => "withdraw",
            Self::Elsewhere => "elsewhere",
            Self::ComeBack => "come-back",
        }
    }

    /// The phrase of a code.
    pub(crate) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|phrase| phrase.code() == code)
    }

    /// The sentence in a language.
    pub(crate) const fn text(self, language: FormLanguage) -> &'static str {
        let said = self.said();
        match language {
            FormLanguage::Arabic => said.ar,
            FormLanguage::Chinese => said.zh,
            FormLanguage::English => said.en,
            FormLanguage::French => said.fr,
            FormLanguage::Russian => said.ru,
            FormLanguage::Spanish => said.es,
        }
    }

    // A sentence without one of its languages does not compile.
    const fn said(self) -> Said {
        match self {
            Self::Read => Said {
                ar: "قرأنا رسالتكم. شكرا لثقتكم بنا.",
                en: "We have read your letter. Thank you for trusting us.",
                es: "Hemos leído su carta. Gracias por su confianza.",
                fr: "Nous avons lu votre lettre. Merci de votre confiance.",
                ru: "Мы прочитали ваше письмо. Спасибо за доверие.",
                zh: "我们读了您的信。谢谢您的信任。",
            },
            Self::Safe => Said {
                ar: "هل أنتم في أمان الآن؟ إن كان الجواب على هذه الرسالة يعرّضكم للخطر فلا تجيبوا.",
                en: "Are you safe now? If answering this puts you in danger, do not answer.",
                es: "¿Está a salvo ahora? Si responder la pone en peligro, o lo pone, no responda.",
                fr: "Êtes-vous en sécurité en ce moment ? Si répondre vous met en danger, ne répondez pas.",
                ru: "Вы сейчас в безопасности? Если отвечать опасно, не отвечайте.",
                zh: "您现在安全吗？如果回复会让您有危险，请不要回复。",
            },
            Self::More => Said {
                ar: "ما الذي حدث بالضبط، ومتى وأين؟ اكتبوا ما رأيتموه بأنفسكم، وما سمعتموه من غيركم على حدة.",
                en: "What exactly happened, when and where? Write what you saw yourself, and apart from it what others told you.",
                es: "¿Qué pasó exactamente, cuándo y dónde? Escriba lo que vio con sus propios ojos y, aparte, lo que le contaron.",
                fr: "Que s’est-il passé exactement, quand et où ? Écrivez ce que vous avez vu vous-même et, à part, ce que d’autres vous ont dit.",
                ru: "Что именно произошло, когда и где? Напишите, что вы видели сами, и отдельно, что вам рассказали другие.",
                zh: "究竟发生了什么？什么时候？在哪里？请写下您亲眼看到的，并另外写下别人告诉您的。",
            },
            Self::Shows => Said {
                ar: "هل هناك ما يدل على ذلك: صورة أو وثيقة أو شخص آخر رآه؟ لا تبحثوا عن شيء إن كان البحث خطرا.",
                en: "Is there anything that shows it: a picture, a paper, somebody else who saw it? Look for nothing if looking is dangerous.",
                es: "¿Hay algo que lo muestre: una foto, un documento, otra persona que lo vio? No busque nada si buscar es peligroso.",
                fr: "Y a-t-il quelque chose qui le montre : une image, un document, une autre personne qui l’a vu ? Ne cherchez rien si chercher est dangereux.",
                ru: "Есть ли что-то, что это подтверждает: снимок, документ, другой свидетель? Ничего не ищите, если искать опасно.",
                zh: "有没有什么能证明：照片、文件，或者其他看到的人？如果寻找会有危险，就不要去找。",
            },
            Self::Files => Said {
                ar: "يمكنكم إضافة صور أو تسجيلات من الصفحة نفسها، بالكلمات نفسها. لا ترسلوها بالبريد الإلكتروني.",
                en: "You can add pictures or recordings on the same page, with the same words. Do not send them by e-mail.",
                es: "Puede añadir fotos o grabaciones en la misma página, con las mismas palabras. No las envíe por correo electrónico.",
                fr: "Vous pouvez ajouter des images ou des enregistrements sur la même page, avec les mêmes mots. Ne les envoyez pas par courriel.",
                ru: "Снимки и записи можно добавить на той же странице, с теми же словами. Не отправляйте их по электронной почте.",
                zh: "您可以在同一个网页，用同样的词，添加照片或录音。不要用电子邮件发送。",
            },
            Self::Consent => Said {
                ar: "هل يجوز لنا أن ننقل ما كتبتموه، ولمن، وهل يجوز ذكر اسمكم؟ أجيبوا عن كل سؤال على حدة. «لا» جواب جيد.",
                en: "May we pass on what you wrote, to whom, and may your name be shown? Answer each question apart. “No” is a good answer.",
                es: "¿Podemos transmitir lo que escribió, a quién, y puede aparecer su nombre? Responda a cada pregunta por separado. «No» es una buena respuesta.",
                fr: "Pouvons-nous transmettre ce que vous avez écrit, à qui, et votre nom peut-il apparaître ? Répondez à chaque question à part. « Non » est une bonne réponse.",
                ru: "Можно ли нам передать то, что вы написали, кому и можно ли назвать ваше имя? Ответьте на каждый вопрос отдельно. «Нет» — тоже ответ.",
                zh: "我们可以转交您写的内容吗？可以交给谁？可以写上您的名字吗？请分别回答每个问题。回答“不”也完全可以。",
            },
            Self::Nothing => Said {
                ar: "لن ننقل شيئا مما كتبتموه قبل أن توافقوا.",
                en: "We pass nothing on of what you wrote before you agree.",
                es: "No transmitimos nada de lo que escribió antes de que usted acepte.",
                fr: "Nous ne transmettons rien de ce que vous avez écrit avant votre accord.",
                ru: "Мы ничего не передаём из того, что вы написали, без вашего согласия.",
                zh: "在您同意之前，我们不会转交您写的任何内容。",
            },
            Self::Withdraw => Said {
                ar: "يمكنكم سحب موافقتكم في أي وقت، فنتوقف فورا. أما ما خرج من عندنا فلا نستطيع استرجاعه.",
                en: "You can take your agreement back at any time, and we stop at once. What has already gone out we cannot call back.",
                es: "Puede retirar su acuerdo en cualquier momento y pararemos enseguida. Lo que ya salió no podemos recuperarlo.",
                fr: "Vous pouvez retirer votre accord à tout moment, et nous cessons aussitôt. Ce qui est déjà parti, nous ne pouvons pas le reprendre.",
                ru: "Вы можете отозвать согласие в любое время, и мы сразу остановимся. То, что уже отправлено, вернуть нельзя.",
                zh: "您随时可以撤回同意，我们会立即停止。已经发出去的内容，我们无法收回。",
            },
            Self::Elsewhere => Said {
                ar: "ما وصفتموه ليس من عمل هذا المكتب. إن أردتم، نخبركم بمن قد يستطيع المساعدة.",
                en: "What you describe is not what this office works on. If you wish, we tell you who may be able to help.",
                es: "Lo que describe no es el trabajo de esta oficina. Si lo desea, le decimos quién podría ayudar.",
                fr: "Ce que vous décrivez ne relève pas du travail de ce bureau. Si vous le souhaitez, nous vous dirons qui pourrait vous aider.",
                ru: "То, что вы описываете, не входит в работу этого офиса. Если хотите, мы подскажем, кто мог бы помочь.",
                zh: "您所说的不属于本机构的工作范围。如果您愿意，我们可以告诉您谁也许能帮忙。",
            },
            Self::ComeBack => Said {
                ar: "عودوا إلى هذه الصفحة متى كان ذلك آمنا: قد يكون هناك جواب جديد.",
                en: "Come back to this page when it is safe: there may be a new answer.",
                es: "Vuelva a esta página cuando sea seguro: puede haber una respuesta nueva.",
                fr: "Revenez sur cette page quand c’est sans danger : il y aura peut-être une nouvelle réponse.",
                ru: "Возвращайтесь на эту страницу, когда это безопасно: возможно, там будет новый ответ.",
                zh: "在安全的时候请再来这个网页看看：可能会有新的回复。",
            },
        }
    }
}

/// A sentence in each of the six languages.
struct Said {
    ar: &'static str,
    en: &'static str,
    es: &'static str,
    fr: &'static str,
    ru: &'static str,
    zh: &'static str,
}

/// What a language calls itself.
pub(crate) const fn name_of(language: FormLanguage) -> &'static str {
    match language {
        FormLanguage::Arabic => "العربية",
        FormLanguage::Chinese => "中文",
        FormLanguage::English => "English",
        FormLanguage::French => "Français",
        FormLanguage::Russian => "Русский",
        FormLanguage::Spanish => "Español",
    }
}

/// The direction a language is written in.
pub(crate) const fn direction_of(language: FormLanguage) -> &'static str {
    match language {
        FormLanguage::Arabic => "rtl",
        _ => "ltr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_phrase_says_something_of_its_own_in_each_of_the_six_languages() {
        let mut said = BTreeSet::new();
        for phrase in Phrase::ALL {
            for language in FormLanguage::ALL {
                let text = phrase.text(language);
                assert!(text.chars().count() > 8, "{phrase:?} {language:?}");
                assert!(said.insert(text), "{text}");
            }
            assert_eq!(Phrase::of(phrase.code()), Some(phrase));
        }
        assert_eq!(Phrase::of("zanzibar"), None);
    }

    #[test]
    fn a_phrase_is_written_in_the_letters_of_its_language() {
        for phrase in Phrase::ALL {
            let has = |language, from: char, to: char| {
                let mut letters = phrase.text(language).chars();
                letters.any(|letter| (from..=to).contains(&letter))
            };
            assert!(has(FormLanguage::Arabic, '\u{620}', '\u{64a}'));
            assert!(has(FormLanguage::Russian, 'А', 'я'));
            assert!(has(FormLanguage::Chinese, '\u{4e00}', '\u{9fff}'));
            for language in [
                FormLanguage::English,
                FormLanguage::French,
                FormLanguage::Spanish,
            ] {
                assert!(!has(language, '\u{400}', '\u{6ff}'), "{phrase:?}");
                assert!(!has(language, '\u{3000}', '\u{9fff}'), "{phrase:?}");
            }
        }
    }
}
