//! The page on which somebody of the office takes a report down: what was told in person, by
//! telephone, on paper, by e-mail or in a chat, and the slip that a visitor may take away.

use casework::Case;
use maud::{Markup, html};
use record::text::shown;
use record::vocabulary::{Channels, List, ReporterRelations};
use record::{Date, FormLanguage, Language, Report, When, Where};

use super::asked::Fields;
use super::show::{Part, View, frame};
use crate::by_hand::{ByHand, CannotTakeDown, TakenIn};
use crate::desk::{CannotDecide, Desk};
use crate::phrases::{direction_of, name_of};

/// Where a report is taken down.
pub(crate) const PATH: &str = "/by-hand";
/// The page's one form.
pub(crate) const FORM: &str = "by-hand";

/// Ways by which a report comes to a person and not to the desk.
const CHANNELS: [&str; 5] = ["walk-in", "call", "paper", "email", "chat"];

/// The page with its form. `query` may name the case that what was told belongs to.
pub(crate) fn page(view: &View<'_>, desk: &Desk, query: &str) -> Markup {
    let heading = view.say("Take down a report", "Consigner un signalement");
    let named = query.strip_prefix("case=").unwrap_or_default();
    let named = named.parse::<u64>().ok();
    let joins = named.filter(|number| desk.case(*number).is_some());
    let joins = joins.map_or_else(String::new, |number| number.to_string());
    let body = html! {
        p.row { a href="/" { (view.say("← All cases", "← Tous les dossiers")) } }
        h1 { (heading) }
        p.note id="who-reads" {
            strong { (view.say("Who can read this: ", "Qui peut lire ceci : ")) }
            (view.say(
                "you, on this desk, with the passphrase. Write down what was said, in the words in which it was said; what you think of it belongs in your note.",
                "vous, sur ce poste, avec la phrase secrète. Notez ce qui a été dit, avec les mots employés ; ce que vous en pensez va dans votre note.",
            ))
        }
        form.block id=(FORM) method="post" action=(PATH) enctype="multipart/form-data" autocomplete="off" {
            (view.head_of(FORM))
            div.fields {
                (view.choice_of(FORM, "channel", view.say("How it came", "Voie d’arrivée"), Channels::vocabulary(), "", Some(view.say("Choose", "Choisissez")), |code| CHANNELS.contains(&code)))
                (view.line(FORM, "told_on", view.say("Day it was told or written", "Jour où cela a été dit ou écrit"), view.say("YYYY-MM-DD", "AAAA-MM-JJ"), ""))
                (view.line(FORM, "by", view.say("Taken down by", "Consigné par"), view.say("If it was not you: as the office calls that person.", "Si ce n’est pas vous : le nom en usage au bureau."), ""))
                (view.line(FORM, "case", view.say("Belongs to case", "Appartient au dossier"), view.say("Its number; empty for a new case.", "Son numéro ; vide pour un nouveau dossier."), &joins))
            }
            (view.line(FORM, "language", view.say("Language in which it was told", "Langue dans laquelle cela a été dit"), view.say("Its short tag: ar, en, es, fr, ru, sw, zh…", "Son code court : ar, en, es, fr, ru, sw, zh…"), ""))
            (view.lines(FORM, "narrative", view.say("What was told", "Ce qui a été dit"), view.say("In their words and their language. A translation goes beside it later.", "Avec leurs mots et dans leur langue. Une traduction viendra à côté, plus tard."), ""))
            div.fields {
                (view.line(FORM, "when", view.say("When it happened, as told", "Quand, selon la personne"), "", ""))
                (view.line(FORM, "first", view.say("First day, if it is known", "Premier jour, s’il est connu"), view.say("YYYY-MM-DD, YYYY-MM or YYYY", "AAAA-MM-JJ, AAAA-MM ou AAAA"), ""))
                (view.line(FORM, "place", view.say("Where, as told", "Où, selon la personne"), "", ""))
                (super::case::country_choice(view, FORM, ""))
            }
            (view.choice::<ReporterRelations>(FORM, "relation", view.say("Who told it", "Qui l’a dit"), "", Some(view.say("Not said", "Non précisé"))))
            (view.lines(FORM, "safety", view.say("What must not be done, what is feared", "Ce qu’il ne faut pas faire, ce qui est craint"), "", ""))
            (view.lines(FORM, "contact", view.say("How the person may be reached", "Comment joindre la personne"), view.say("Only what they agreed to, and when it is safe.", "Seulement ce qu’elle a accepté, et quand c’est sans danger."), ""))
            (view.lines(FORM, "note", view.say("Your note", "Votre note"), view.say("For the office alone: how it was said, what you saw.", "Pour le bureau seul : comment cela a été dit, ce que vous avez vu."), ""))
            fieldset {
                legend { (view.say("Files", "Fichiers")) }
                div.field {
                    label for="by-hand-files" { (view.say("A scan, a message, a chat and its pictures", "Un scan, un message, une conversation et ses images")) }
                    span.hint id="by-hand-files-hint" { (view.say(
                        "Several at once, 60 MB in all. They are kept as they are, without their names, and never opened here.",
                        "Plusieurs à la fois, 60 Mo en tout. Ils sont gardés tels quels, sans leur nom, et jamais ouverts ici.",
                    )) }
                    input type="file" id="by-hand-files" name="files" multiple aria-describedby="by-hand-files-hint";
                    @if view.came_back(FORM) {
                        p.hint { (view.say("Choose the files again: a browser does not keep them.", "Choisissez de nouveau les fichiers : un navigateur ne les retient pas.")) }
                    }
                }
                (view.tick(FORM, "reads", "yes", html! { (view.say(
                    "Read the message or chat out of the file: an e-mail (.eml), a mailbox (MBOX), an export of WhatsApp, Telegram or Signal. What you typed under “What was told” is then left aside.",
                    "Lire dans le fichier le message ou la conversation : un courriel (.eml), une boîte de courriels (MBOX), un export de WhatsApp, Telegram ou Signal. Ce que vous avez tapé sous « Ce qui a été dit » est alors laissé de côté.",
                )) }, false))
                div.field {
                    label for="by-hand-order" { (view.say("Dates in the chat", "Dates de la conversation")) }
                    @let chosen = view.typed(FORM, "order", "");
                    select id="by-hand-order" name="order" {
                        option value="" selected[chosen.is_empty()] { (view.say("As the file shows", "Comme le fichier l’indique")) }
                        option value="day" selected[chosen == "day"] { (view.say("Day first: 31/12", "Jour d’abord : 31/12")) }
                        option value="year" selected[chosen == "year"] { (view.say("Year first: 26/12/31", "Année d’abord : 26/12/31")) }
                        option value="month" selected[chosen == "month"] { (view.say("Month first: 12/31", "Mois d’abord : 12/31")) }
                    }
                }
            }
            p.hint { (view.say(
                "No consent is recorded by this. What the person agreed to is entered on the case, answer by answer.",
                "Aucun consentement n’est enregistré ainsi. Ce que la personne a accepté se saisit dans le dossier, réponse par réponse.",
            )) }
            div.row { button type="submit" { (view.say("Take it down", "Consigner")) } }
        }
    };
    frame(view, Part::Cases, heading, &body)
}

const NOT_A_DAY: CannotDecide = CannotDecide::Refused {
    en: "a day is written YYYY-MM-DD, a month YYYY-MM, a year YYYY",
    fr: "un jour s’écrit AAAA-MM-JJ, un mois AAAA-MM, une année AAAA",
};

/// What was typed and brought becomes what casework is asked to take down.
pub(crate) fn told<'a>(
    fields: &'a Fields,
    files: &'a [Vec<u8>],
) -> Result<ByHand<'a>, CannotTakeDown> {
    let refused = |why| CannotTakeDown::Decide(why);
    let told_on = match fields.text("told_on") {
        "" => None,
        day => Some(Date::read(day).ok_or(refused(NOT_A_DAY))?),
    };
    let case = match fields.text("case") {
        "" => None,
        number => Some(
            number
                .parse()
                .map_err(|_| refused(CannotDecide::NoSuchCase))?,
        ),
    };
    let first = fields.text("first");
    let precision = super::forms::precision(first).map_err(refused)?;
    let report = Report {
        language: fields.text("language").to_ascii_lowercase(),
        narrative: fields.text("narrative").to_owned(),
        when: When {
            told: fields.text("when").to_owned(),
            first: first.to_owned(),
            precision: precision.into(),
            ..When::default()
        },
        place: Where {
            told: fields.text("place").to_owned(),
            country: fields.text("country").to_owned(),
            ..Where::default()
        },
        relation: fields.text("relation").into(),
        safety: fields.text("safety").to_owned(),
        contact: fields.text("contact").to_owned(),
        channel: fields.text("channel").into(),
        ..Report::default()
    };
    Ok(ByHand {
        case,
        channel: fields.text("channel").into(),
        report,
        told_on,
        by: fields.text("by"),
        note: fields.text("note"),
        files,
        reads: fields.ticked("reads"),
        order: match fields.text("order") {
            "day" => Some(papers::chat::DayOrder::DayFirst),
            "month" => Some(papers::chat::DayOrder::MonthFirst),
            "year" => Some(papers::chat::DayOrder::YearFirst),
            _ => None,
        },
    })
}

/// What is said once it is taken down.
pub(crate) fn said(taken: &TakenIn, language: Language) -> String {
    let mut said = match language {
        Language::English => match (taken.new, taken.known) {
            (1, 0) => "Taken down.".to_owned(),
            (new, 0) => format!("Taken down: {new} reports."),
            (new, known) => format!("Taken down: {new}. Here before: {known}."),
        },
        Language::French => match (taken.new, taken.known) {
            (1, 0) => "Consigné.".to_owned(),
            (new, 0) => format!("Consignés : {new} signalements."),
            (new, known) => format!("Consignés : {new}. Déjà présents : {known}."),
        },
    };
    for noticed in &taken.noticed {
        said.push(' ');
        said.push_str(noticed.sentence(language));
    }
    said
}

/// More was brought than is taken at once.
pub(crate) fn too_much(language: Language) -> String {
    match language {
        Language::English => {
            "that was too much at once, 60 MB in all; bring fewer or smaller files"
        }
        Language::French => {
            "c’était trop à la fois, 60 Mo en tout ; apportez moins de fichiers, ou de plus petits"
        }
    }
    .to_owned()
}

/// How a letter of a case was taken down, on the case's page.
pub(crate) fn how_taken(view: &View<'_>, taken: &casework::Taken, by: &casework::Author) -> Markup {
    html! {
        dl.facts {
            dt { (view.say("Taken down by", "Consigné par")) }
            dd {
                @if taken.by.is_blank() { code { (by) } }
                @else {
                    span dir="auto" { (shown(taken.by.as_str())) }
                    span.soft { (view.say(", entered by ", ", saisi par ")) code { (by) } }
                }
            }
            @if let Some(day) = taken.told_on {
                dt { (view.say("Told or written on", "Dit ou écrit le")) }
                dd { (day) }
            }
            @if !taken.note.is_blank() {
                dt { (view.say("Note of the office", "Note du bureau")) }
                dd dir="auto" { (shown(taken.note.as_str())) }
            }
        }
    }
}

/// Links to what else was told and, for a case that began by hand, to the visitor's slip.
pub(crate) fn further(view: &View<'_>, number: u64, case: &Case) -> Markup {
    let by_hand = case.letters().iter().any(|letter| letter.taken.is_some());
    html! {
        p.row {
            a id="told-later" href={ (PATH) "?case=" (number) } { (view.say("Take down what was told later", "Consigner ce qui a été dit plus tard")) }
            @if by_hand && case.conversation().is_none() {
                a id="to-slip" href={ "/case/" (number) "/slip" } { (view.say("A slip for the visitor", "Un billet pour la personne")) }
            }
        }
    }
}

/// What a visitor may take away: how to write to the office with words of their own, and the code
/// by which the office knows the letter. The office makes no words for anybody. (decision 0064)
pub(crate) fn slip(view: &View<'_>, desk: &Desk, number: u64, case: &Case, query: &str) -> Markup {
    let heading = view.say("A slip for the visitor", "Un billet pour la personne");
    let chosen = query.strip_prefix("lang=").and_then(FormLanguage::of_tag);
    let told = case
        .letters()
        .first()
        .and_then(|one| one.report.as_ref().ok());
    let told = told.and_then(|report| FormLanguage::of_tag(&report.language));
    let language = chosen.or(told).unwrap_or(match view.language {
        Language::English => FormLanguage::English,
        Language::French => FormLanguage::French,
    });
    let texts = Slip::of(language);
    let body = html! {
        p.row { a href={ "/case/" (number) } { "← " (view.say("Case ", "Dossier ")) (number) } }
        h1 { (heading) }
        p.care { (view.say(
            "A paper can be found. Give it only to somebody who can carry it safely; the code can also be learned by heart.",
            "Un papier peut être trouvé. Ne le donnez qu’à une personne qui peut le porter sans danger ; le code peut aussi s’apprendre par cœur.",
        )) }
        nav aria-label=(view.say("Language of the slip", "Langue du billet")) {
            ul.steps {
                @for one in FormLanguage::ALL {
                    li { a href={ "/case/" (number) "/slip?lang=" (one.tag()) } lang=(one.lang()) aria-current=[(one == language).then_some("true")] { (name_of(one)) } }
                }
            }
        }
        article.block id="slip" lang=(language.lang()) dir=(direction_of(language)) {
            h2 dir="auto" { (shown(&desk.settings().name)) }
            p { (texts.write) }
            p { @for relay in &desk.settings().relays { code dir="ltr" { (relay) } " " } }
            p { (texts.code) }
            p { strong.code dir="ltr" { (case.reference()) } }
            p { (texts.words) }
            p { (texts.fingerprint) }
            p { code dir="ltr" { (desk.fingerprint()) } }
        }
        p.soft { (view.say(
            "Print it with the browser. When their letter arrives, it shows the code; link it with this case as a duplicate.",
            "Imprimez-le avec le navigateur. Quand leur lettre arrivera, elle indiquera le code ; reliez-la à ce dossier comme doublon.",
        )) }
    };
    frame(view, Part::Cases, heading, &body)
}

/// The slip's sentences in one language.
struct Slip {
    write: &'static str,
    code: &'static str,
    words: &'static str,
    fingerprint: &'static str,
}

impl Slip {
    // A language that has no sentences does not compile.
    fn of(language: FormLanguage) -> Self {
        match language {
            FormLanguage::Arabic => Self {
                write: "يمكنكم الكتابة إلينا لاحقا من هذه الصفحة، من أي جهاز تثقون به:",
                code: "اكتبوا هذا الرمز في خانة «كلمة سر أعطاكم إياها المكتب»، لنضم رسالتكم إلى ما قلتموه لنا:",
                words: "ستعطيكم الصفحة كلمات خاصة بكم لقراءة جوابنا. لا يعرفها أحد غيركم، ولا نحن. لا تعطوها لأحد.",
                fingerprint: "قارنوا بصمة المكتب بما تعرضه الصفحة، فإن اختلفت فلا تكتبوا شيئا:",
            },
            FormLanguage::Chinese => Self {
                write: "以后您可以用任何您信任的设备，在这个网页上给我们写信：",
                code: "请把这个码填在“机构给您的口令”一栏，我们会把您的信和您告诉我们的内容放在一起：",
                words: "网页会给您一组属于您自己的词，用来阅读我们的回复。除您以外没有人知道，我们也不知道。不要告诉任何人。",
                fingerprint: "请核对网页上显示的机构指纹；如果不一样，什么都不要写：",
            },
            FormLanguage::English => Self {
                write: "You can write to us later on this page, from any device you trust:",
                code: "Type this code under “A code the office gave you”, so that your letter is put with what you told us:",
                words: "The page gives you words of your own, to read our answer with. Nobody else knows them, and neither do we. Give them to nobody.",
                fingerprint: "Compare the office’s fingerprint with what the page shows. If it is another, write nothing:",
            },
            FormLanguage::French => Self {
                write: "Vous pourrez nous écrire plus tard sur cette page, depuis tout appareil auquel vous vous fiez :",
                code: "Tapez ce code sous « Un code que le bureau vous a donné », pour que votre lettre soit jointe à ce que vous nous avez dit :",
                words: "La page vous donnera des mots à vous, pour lire notre réponse. Personne d’autre ne les connaît, nous non plus. Ne les donnez à personne.",
                fingerprint: "Comparez l’empreinte du bureau avec celle qu’affiche la page. Si elle est différente, n’écrivez rien :",
            },
            FormLanguage::Russian => Self {
                write: "Позже вы сможете написать нам на этой странице с любого устройства, которому доверяете:",
                code: "Введите этот код в поле «Пароль, который вам дал офис», чтобы ваше письмо приложили к тому, что вы нам рассказали:",
                words: "Страница даст вам ваши собственные слова, чтобы прочитать наш ответ. Их не знает никто, кроме вас, даже мы. Никому их не давайте.",
                fingerprint: "Сравните отпечаток офиса с тем, что показывает страница. Если он другой, ничего не пишите:",
            },
            FormLanguage::Spanish => Self {
                write: "Más adelante podrá escribirnos en esta página, desde cualquier dispositivo en el que confíe:",
                code: "Escriba este código en «Un código que le dio la oficina», para que su carta se una a lo que nos contó:",
                words: "La página le dará unas palabras suyas para leer nuestra respuesta. Nadie más las conoce, tampoco nosotros. No se las dé a nadie.",
                fingerprint: "Compare la huella de la oficina con la que muestra la página. Si es otra, no escriba nada:",
            },
        }
    }
}
