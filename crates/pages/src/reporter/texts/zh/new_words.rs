//! What the script for new words says, in Chinese.

use super::super::NewWords;

pub(super) const NEW_WORDS: NewWords = NewWords {
    new_1: "旧暗字仍能打开以前发出的东西：您看过的回信，还有已经在路上的回信。这一点谁也改不了。",
    new_2: "机构打开并接受这次更换之后，发出的一切都只给新暗字。",
    new_3: "如果有人监视这台设备，换了也没用：新暗字同样会被看到。那就请在另一台设备上换。",
    new_4: "机构会知道暗字换过了，但看不出是谁换的：如果别人在您之前换过，机构可能会来问。",
    new_draw: "抽取新暗字",
    new_not: "继续用旧暗字",
    new_shown: "您的新暗字，按此顺序",
    new_keep: "旧暗字也要留着。等新暗字收到机构的第一个信号之后，才可以划掉旧的。这可能要好几天；在那之前，两种暗字都请查一查。",
    new_box: "新暗字的信箱名（用来核对）",
    new_learned: "新暗字背下来了",
    new_rehearsal: "凭记忆写一次新暗字",
    new_known: "对，这就是您的新暗字。",
    new_see: "再看一次新暗字",
    new_ready: "最后一步：用一封密封的信告诉机构，由旧暗字和新暗字一起签名。信没到之前，什么都没有变。",
    new_seal: "现在更换",
    new_no_keys: "机构的密钥下载不了。请在网络好一些时再试。",
    new_not_yet: "旧暗字和新暗字都要留着。",
    new_done: "更换暗字的信已送到",
    new_done_1: "机构的服务器已签收。机构打开并接受之后，回信只发给新暗字。",
};
