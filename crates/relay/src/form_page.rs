//! What became of the sealed files of a plain form: one page in the language of the page the form
//! stood on, for a browser without script. (protocol §4.2, decision 0038)
//!
//! The words are the relay's own and not the site's: only the relay knows what it kept. Each file is
//! answered as a posting would be; a receipt is there to be saved or copied, and the page says that
//! nothing has checked its signature yet.

use std::borrow::Cow;

use carry::blocks;
use data_encoding::BASE64;

use crate::answer::{Answer, Body, Media};
use crate::forms::CannotRead;

/// What a page in one language says.
#[derive(Debug)]
pub(crate) struct Words {
    tag: &'static str,
    lang: &'static str,
    dir: &'static str,
    title: &'static str,
    heading: &'static str,
    file: &'static str,
    arrived: &'static str,
    again: &'static str,
    not_a_letter: &'static str,
    other_version: &'static str,
    seal_again: &'static str,
    full: &'static str,
    not_now: &'static str,
    broken: &'static str,
    too_many: &'static str,
    receipt: &'static str,
    receipt_note: &'static str,
    keep: &'static str,
    back: &'static str,
}

impl Words {
    /// Those of a language of the site, by its tag.
    pub(crate) fn of(tag: &str) -> Option<&'static Self> {
        ALL.iter().find(|words| words.tag == tag)
    }
}

static ALL: [Words; 6] = [
    Words {
        tag: "ar",
        lang: "ar",
        dir: "rtl",
        title: "نموذج",
        heading: "ما جرى لملفاتكم",
        file: "الملف {n}",
        arrived: "وصلت الرسالة. حفظها الخادم مختومة كما هي، ووقّع على استلامها. رقمها في قائمته العلنية: {n}.",
        again: "كانت هذه الرسالة قد وصلت من قبل، ولا تُحسب إلا مرة واحدة. رقمها في القائمة العلنية: {n}.",
        not_a_letter: "هذا الملف ليس رسالة مختومة، أو نُسخ ناقصًا. لم يُحفظ منه شيء. انسخوه مرة أخرى من المكان الذي خُتم فيه.",
        other_version: "خُتمت هذه الرسالة ببرنامج من إصدار آخر. لم يُحفظ منها شيء. اختموها من جديد بحقيبة جديدة من المكتب.",
        seal_again: "لم يعد المكتب يستطيع فتح هذه الرسالة، لأن مفتاحها انتهى. لم يُحفظ منها شيء. اختموها من جديد بحقيبة جديدة.",
        full: "تصل الآن رسائل كثيرة جدا. لم يُحفظ من هذا الملف شيء. أرسلوا الملف نفسه مرة أخرى بعد {n} دقيقة.",
        not_now: "لا يستطيع الخادم حفظ الرسائل الآن. لم يُحفظ من هذا الملف شيء. أرسلوا الملف نفسه مرة أخرى بعد قليل.",
        broken: "لم يصل ملف كامل. إما أنكم لم تختاروا ملفًا، أو انقطع الخط. ارجعوا واختاروا الملف مرة أخرى؛ وما وصل من قبل لا يُحسب مرتين.",
        too_many: "لا تُقرأ إلا الملفات الستة عشر الأولى. أرسلوا الباقي بنموذج آخر.",
        receipt: "حفظ الإيصال",
        receipt_note: "الإيصال كلمة موقّعة من الخادم. لم يتحقق منها شيء في هذه الصفحة؛ ويستطيع برنامج temoin-report أن يتحقق منها. وهو يدلّ على أنكم أرسلتم شيئًا: لا تحتفظوا به إلا إذا كان ذلك لا يعرّضكم للخطر.",
        keep: "احتفظوا بنسختكم من الملف المختوم إلى أن يجيب المكتب، إن كان ذلك لا يعرّضكم للخطر.",
        back: "إرسال ملف آخر",
    },
    Words {
        tag: "zh",
        lang: "zh-Hans",
        dir: "ltr",
        title: "表单",
        heading: "您的文件的情况",
        file: "文件 {n}",
        arrived: "信已送达。服务器原样保存了密封的信，并签了收据。它在公开列表中的编号：{n}。",
        again: "这封信以前已经送达，只算一次。它在公开列表中的编号：{n}。",
        not_a_letter: "这个文件不是密封的信，或者没有复制完整。没有保存任何内容。请从密封它的地方重新复制。",
        other_version: "这封信是用另一个版本的程序密封的。没有保存任何内容。请用机构的新工具包重新密封。",
        seal_again: "这封信的密钥已经失效，机构无法再打开它。没有保存任何内容。请用新的工具包重新密封。",
        full: "现在到达的信非常多。这个文件没有保存。请在 {n} 分钟后再次发送同一个文件。",
        not_now: "服务器现在无法保存信件。这个文件没有保存。请过一会儿再次发送同一个文件。",
        broken: "没有收到完整的文件。可能没有选择文件，或者线路中断了。请返回重新选择文件；已经送达的不会算两次。",
        too_many: "只读取前十六个文件。其余的请用另一份表单发送。",
        receipt: "保存收据",
        receipt_note: "收据是服务器签名的凭证。本页没有核对它的签名；temoin-report 程序可以核对。它说明您发送过东西：只有在不会给您带来危险时才保留。",
        keep: "如果不会给您带来危险，请保留密封文件的副本，直到机构答复。",
        back: "再发送一个文件",
    },
    Words {
        tag: "en",
        lang: "en",
        dir: "ltr",
        title: "Form",
        heading: "What became of your files",
        file: "File {n}",
        arrived: "This letter has arrived. The server keeps it, still sealed, and has signed for it. Its number in the public list: {n}.",
        again: "This letter had arrived before, and counts once. Its number in the public list: {n}.",
        not_a_letter: "This file is not a sealed letter, or it was copied only in part. Nothing of it was kept. Copy it again from where it was sealed.",
        other_version: "This letter was sealed by another version of the program. Nothing of it was kept. Seal it again with a new kit of the office.",
        seal_again: "The office can no longer open this letter: its key has run out. Nothing of it was kept. Seal it again with a new kit.",
        full: "Very many letters are arriving just now. Nothing of this file was kept. Send the same file again in {n} minutes.",
        not_now: "The server cannot keep letters just now. Nothing of this file was kept. Send the same file again in a while.",
        broken: "No whole file arrived. Either none was chosen, or the line broke. Go back and choose the file again; what had arrived does not count twice.",
        too_many: "Only the first sixteen files are read. Send the others with another form.",
        receipt: "Save the receipt",
        receipt_note: "The receipt is the server’s signed word. Nothing on this page has checked it; the program temoin-report can. It shows that you sent something: keep it only if that does not endanger you.",
        keep: "Keep your copy of the sealed file until the office has answered, if that does not endanger you.",
        back: "Send another file",
    },
    Words {
        tag: "fr",
        lang: "fr",
        dir: "ltr",
        title: "Formulaire",
        heading: "Ce que sont devenus vos fichiers",
        file: "Fichier {n}",
        arrived: "Cette lettre est arrivée. Le serveur la garde, toujours scellée, et a signé pour elle. Son numéro dans la liste publique : {n}.",
        again: "Cette lettre était déjà arrivée et ne compte qu’une fois. Son numéro dans la liste publique : {n}.",
        not_a_letter: "Ce fichier n’est pas une lettre scellée, ou n’a été copié qu’en partie. Rien n’en a été gardé. Copiez-le à nouveau là où il a été scellé.",
        other_version: "Cette lettre a été scellée par une autre version du programme. Rien n’en a été gardé. Scellez-la à nouveau avec un nouveau kit du bureau.",
        seal_again: "Le bureau ne peut plus ouvrir cette lettre : sa clé est périmée. Rien n’en a été gardé. Scellez-la à nouveau avec un nouveau kit.",
        full: "De très nombreuses lettres arrivent en ce moment. Rien de ce fichier n’a été gardé. Renvoyez le même fichier dans {n} minutes.",
        not_now: "Le serveur ne peut pas garder de lettres en ce moment. Rien de ce fichier n’a été gardé. Renvoyez le même fichier dans un moment.",
        broken: "Aucun fichier n’est arrivé en entier. Ou bien aucun n’était choisi, ou bien la ligne a été coupée. Revenez et choisissez le fichier à nouveau ; ce qui était arrivé ne compte pas deux fois.",
        too_many: "Seuls les seize premiers fichiers sont lus. Envoyez les autres avec un autre formulaire.",
        receipt: "Enregistrer le reçu",
        receipt_note: "Le reçu est la parole signée du serveur. Rien sur cette page ne l’a vérifié ; le programme temoin-report le peut. Il montre que vous avez envoyé quelque chose : ne le gardez que si cela ne vous met pas en danger.",
        keep: "Gardez votre copie du fichier scellé jusqu’à la réponse du bureau, si cela ne vous met pas en danger.",
        back: "Envoyer un autre fichier",
    },
    Words {
        tag: "ru",
        lang: "ru",
        dir: "ltr",
        title: "Форма",
        heading: "Что стало с вашими файлами",
        file: "Файл {n}",
        arrived: "Письмо пришло. Сервер хранит его запечатанным и подписал расписку. Номер в открытом списке: {n}.",
        again: "Это письмо уже приходило и считается один раз. Номер в открытом списке: {n}.",
        not_a_letter: "Этот файл — не запечатанное письмо, или он скопирован не полностью. Ничего из него не сохранено. Скопируйте его ещё раз там, где его запечатали.",
        other_version: "Письмо запечатано программой другой версии. Ничего из него не сохранено. Запечатайте его заново новым набором офиса.",
        seal_again: "Офис больше не может открыть это письмо: срок его ключа истёк. Ничего из него не сохранено. Запечатайте его заново новым набором.",
        full: "Сейчас приходит очень много писем. Ничего из этого файла не сохранено. Отправьте тот же файл ещё раз через {n} мин.",
        not_now: "Сейчас сервер не может хранить письма. Ничего из этого файла не сохранено. Отправьте тот же файл ещё раз чуть позже.",
        broken: "Ни один файл не пришёл целиком. Либо файл не был выбран, либо связь прервалась. Вернитесь и выберите файл снова; то, что уже пришло, не считается дважды.",
        too_many: "Читаются только первые шестнадцать файлов. Остальные отправьте другой формой.",
        receipt: "Сохранить расписку",
        receipt_note: "Расписка — подписанное слово сервера. На этой странице её никто не проверял; это может сделать программа temoin-report. Она показывает, что вы что-то отправили: храните её, только если это вам не опасно.",
        keep: "Храните свою копию запечатанного файла до ответа офиса, если это вам не опасно.",
        back: "Отправить другой файл",
    },
    Words {
        tag: "es",
        lang: "es",
        dir: "ltr",
        title: "Formulario",
        heading: "Qué ha sido de sus archivos",
        file: "Archivo {n}",
        arrived: "Esta carta ha llegado. El servidor la guarda, todavía sellada, y ha firmado por ella. Su número en la lista pública: {n}.",
        again: "Esta carta ya había llegado y cuenta una sola vez. Su número en la lista pública: {n}.",
        not_a_letter: "Este archivo no es una carta sellada, o se copió solo en parte. No se guardó nada de él. Cópielo otra vez desde donde se selló.",
        other_version: "Esta carta la selló otra versión del programa. No se guardó nada de ella. Séllela de nuevo con un kit nuevo de la oficina.",
        seal_again: "La oficina ya no puede abrir esta carta: su clave ha caducado. No se guardó nada de ella. Séllela de nuevo con un kit nuevo.",
        full: "En este momento llegan muchísimas cartas. No se guardó nada de este archivo. Envíe el mismo archivo otra vez dentro de {n} minutos.",
        not_now: "El servidor no puede guardar cartas ahora. No se guardó nada de este archivo. Envíe el mismo archivo otra vez dentro de un rato.",
        broken: "No llegó ningún archivo entero. O no se eligió ninguno, o se cortó la línea. Vuelva y elija el archivo otra vez; lo que ya había llegado no cuenta dos veces.",
        too_many: "Solo se leen los dieciséis primeros archivos. Envíe los demás con otro formulario.",
        receipt: "Guardar el recibo",
        receipt_note: "El recibo es la palabra firmada del servidor. Nada en esta página lo ha comprobado; el programa temoin-report puede hacerlo. Muestra que usted envió algo: guárdelo solo si eso no le pone en peligro.",
        keep: "Guarde su copia del archivo sellado hasta que la oficina responda, si eso no le pone en peligro.",
        back: "Enviar otro archivo",
    },
];

/// The page on what became of each file, in their order; its status is that of the first one that
/// was not kept, otherwise `201`, or `200` if all of them had been there before.
pub(crate) fn page(
    words: &'static Words,
    answers: &[Answer],
    ended: Result<(), CannotRead>,
) -> Answer {
    let mut body = format!("<h1>{}</h1>\n", words.heading);
    for (n, answer) in (1_u64..).zip(answers) {
        let heading = words.file.replace("{n}", &n.to_string());
        body.push_str(&format!(
            "<section>\n<h2>{heading}</h2>\n{}</section>\n",
            became(words, answer)
        ));
    }
    let trouble = match ended {
        Err(CannotRead::TooMany) => Some(words.too_many),
        Ok(()) if !answers.is_empty() => None,
        _ => Some(words.broken),
    };
    if let Some(trouble) = trouble {
        body.push_str(&said(trouble));
    }
    if answers.iter().any(kept) {
        body.push_str(&format!(
            "<p>{}</p>\n<p>{}</p>\n",
            words.receipt_note, words.keep
        ));
    }
    let html = PAGE
        .replace("{lang}", words.lang)
        .replace("{dir}", words.dir)
        .replace("{title}", words.title)
        .replace("{tag}", words.tag)
        .replace("{back}", words.back)
        .replace("{body}", &body);
    let refused = answers.iter().find(|answer| !kept(answer));
    let status = match (refused, trouble) {
        (Some(refused), _) => refused.status,
        (None, Some(_)) => 400,
        (None, None) => answers.iter().map(|a| a.status).max().unwrap_or(400),
    };
    let mut page = Answer::new(
        status,
        Media::Html,
        Body::Own(Cow::Owned(html.into_bytes())),
    );
    page.retry_after = answers.iter().filter_map(|answer| answer.retry_after).max();
    page
}

const PAGE: &str = r#"<!DOCTYPE html>
<html lang="{lang}" dir="{dir}" translate="no">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex,nofollow,noarchive,nosnippet">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body{font:1.1rem/1.5 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
a{display:inline-block;padding:.6rem 0}
.said{border:2px solid;padding:.75rem}
</style>
</head>
<body>
<main>
{body}<p><a href="../{tag}/sealed.html">{back}</a></p>
</main>
</body>
</html>
"#;

fn kept(answer: &Answer) -> bool {
    matches!(answer.status, 200 | 201)
}

fn said(text: &str) -> String {
    format!("<p class=\"said\" role=\"status\">{text}</p>\n")
}

/// The epoch of a receipt, where protocol §4.2 has it: behind version and leaf.
fn epoch_of(receipt: &[u8]) -> Option<u64> {
    let epoch = receipt.get(33..41)?.try_into().ok()?;
    Some(u64::from_be_bytes(epoch))
}

/// One file's part of the page.
fn became(words: &Words, answer: &Answer) -> String {
    let bytes = answer.body.bytes();
    match (answer.status, epoch_of(bytes)) {
        (status @ (200 | 201), Some(epoch)) => {
            let text = if status == 201 {
                words.arrived
            } else {
                words.again
            };
            let told = said(&text.replace("{n}", &epoch.to_string()));
            // Saved by the browser itself, from the page: nothing more is asked of the relay.
            let link = format!(
                "<p><a download=\"RECEIPT.BIN\" href=\"data:application/octet-stream;base64,{}\">{}</a></p>\n",
                BASE64.encode(bytes),
                words.receipt
            );
            let lines = blocks::lines(bytes).join("\n");
            format!("{told}{link}<pre dir=\"ltr\">{lines}</pre>\n")
        }
        (400 | 413, _) => said(words.not_a_letter),
        (415, _) => said(words.other_version),
        (410, _) => said(words.seal_again),
        (429, _) => {
            let minutes = answer.retry_after.unwrap_or(60).div_ceil(60).max(1);
            said(&words.full.replace("{n}", &minutes.to_string()))
        }
        _ => said(words.not_now),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use super::*;
    use crate::forms::FILES;
    use crate::relay::{no_size_class, not_now, too_large};
    use crate::sample;
    use envelope::{Epoch, Posting, Receipt};
    use rand_core::SeedableRng;

    fn receipted(status: u16) -> (Answer, Vec<u8>) {
        let leaf = Posting::parse(&sample::posting(1)).unwrap().leaf();
        let rng = &mut rand_chacha::ChaCha20Rng::seed_from_u64(7);
        let receipt = Receipt::sign(leaf, Epoch(41), &sample::MAILBOX, &sample::secret(), rng);
        let bytes = receipt.to_bytes().to_vec();
        (Answer::bytes(status, bytes.clone()), bytes)
    }

    fn text(answer: &Answer) -> String {
        String::from_utf8(answer.body.bytes().to_vec()).unwrap()
    }

    #[test]
    fn a_receipt_can_be_saved_and_copied_from_the_page_of_every_language() {
        let (arrived, receipt) = receipted(201);
        for words in &ALL {
            let page = page(words, std::slice::from_ref(&arrived), Ok(()));
            let text = text(&page);
            assert_eq!((page.status, page.media), (201, Media::Html));
            assert!(text.contains(&format!("lang=\"{}\" dir=\"{}\"", words.lang, words.dir)));
            assert!(text.contains(&words.arrived.replace("{n}", "41")), "{text}");
            assert!(text.contains(&format!("base64,{}\"", BASE64.encode(&receipt))));
            let copied = text.split("<pre dir=\"ltr\">").nth(1).unwrap();
            let found = blocks::read(copied.split("</pre>").next().unwrap());
            assert_eq!(found, [blocks::Found::Whole(receipt.clone())]);
            assert!(
                !text.contains('{') || !text.contains("{n}"),
                "a gap: {text}"
            );
        }
    }

    #[test]
    fn every_refusal_of_a_posting_has_its_own_words_in_every_language() {
        let full = Answer::text(429, "full").later(601);
        let other = Answer::text(415, "other");
        let dead = Answer::text(410, "dead");
        for words in &ALL {
            for (answer, told) in [
                (no_size_class(), words.not_a_letter),
                (too_large(), words.not_a_letter),
                (other.clone(), words.other_version),
                (dead.clone(), words.seal_again),
                (full.clone(), words.full),
                (not_now(), words.not_now),
            ] {
                let (status, later) = (answer.status, answer.retry_after);
                let page = page(words, &[answer], Ok(()));
                assert_eq!((page.status, page.retry_after), (status, later));
                assert!(text(&page).contains(&told.replace("{n}", "11")), "{status}");
                assert!(!text(&page).contains(words.receipt));
            }
        }
    }

    #[test]
    fn of_several_files_the_first_that_was_not_kept_gives_the_status() {
        let english = Words::of("en").unwrap();
        let files = [receipted(200).0, too_large(), receipted(201).0, not_now()];
        let status = |answers: &[Answer], ended| page(english, answers, ended).status;
        assert_eq!(status(&files, Ok(())), 413);
        assert_eq!(status(files.get(..1).unwrap(), Ok(())), 200);
        assert_eq!(status(&[receipted(200).0, receipted(201).0], Ok(())), 201);
        assert_eq!(status(&[], Ok(())), 400);
        let cut = page(english, &[receipted(201).0], Err(CannotRead::Broken));
        assert_eq!(cut.status, 400);
        assert!(text(&cut).contains(english.broken) && text(&cut).contains(english.receipt));
        let many = page(english, &[receipted(201).0], Err(CannotRead::TooMany));
        assert!(text(&many).contains(english.too_many));
        assert_eq!(FILES, 16);
    }

    #[test]
    fn no_language_of_a_site_is_without_words_and_no_other_has_them() {
        for tag in ["ar", "zh", "en", "fr", "ru", "es"] {
            assert_eq!(Words::of(tag).unwrap().tag, tag);
        }
        assert!(Words::of("de").is_none() && Words::of("").is_none());
    }
}
