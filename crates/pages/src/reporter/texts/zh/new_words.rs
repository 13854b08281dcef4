//! What the script for new words says, in Chinese.

use super::super::NewWords;

pub(super) const NEW_WORDS: NewWords = NewWords {
    new_1: "旧暗字仍能打开以前发出的东西：您看过的回信，还有已经在路上的回信。这一点谁也改不了。",
    new_2: "机构打开这封更换信之后发出的一切，只有新暗字能打开。",
    new_3: "如果有人监视这台设备，换了也没用：新暗字同样会被看到。那就请在另一台设备上换。",
    new_4: "机构会知道暗字换过了，但看不出是谁换的：如果别人在您之前换过，机构可能会来问。",
    new_draw: "抽取新暗字",
    new_not: "继续用旧暗字",
    new_ready: "最后一步：用一封密封的信告诉机构，由旧暗字和新暗字一起签名。信没到之前，什么都没有变。",
    new_seal: "现在更换",
    new_not_yet: "在本页说已经换好之前，旧暗字和新暗字都要留着。",
    new_done: "暗字已经换好",
    new_done_1: "机构的服务器已签收。从现在起，请用新暗字看回信和写信。",
    new_done_2: "新暗字的第一封回信可能要等好几天。在那之前，两种暗字都请查一查。",
};
