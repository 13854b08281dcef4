//! Arabic: what the script says that brings cryptography to a browser without any.

use super::super::Bare;

pub(super) const BARE: Bare = Bare {
    pure_warning: "هذا العنوان غير محمي. من يقف على الخط بين هذا الجهاز والخادم قد يغيّر هذه الصفحة ويقرأ ما تكتبونه من دون أن تروا ذلك. الأفضل: عنوان يبدأ بـ https، أو متصفح تور، أو حقيبة المكتب أدناه. إن لم يتوفر شيء من ذلك، وكنتم تثقون بهذه الشبكة، فيمكنكم المتابعة هنا.",
    pure_go_on: "المتابعة هنا رغم ذلك",
};
