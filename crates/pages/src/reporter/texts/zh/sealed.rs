//! Chinese: handing in a letter that was sealed elsewhere.

use super::super::Sealed;

pub(super) const SEALED: Sealed = Sealed {
    link: "发送一封已经密封的信",
    heading: "发送密封的信",
    lead: "这个办法不用脚本，信从头到尾都是密封的：它在别处封好，这里只是交付。",
    how_heading: "怎样密封一封信",
    how_kit: "在另一台设备上，用可以运行脚本的浏览器：打开机构的工具包，把信保存成文件。",
    how_program: "在电脑上：用程序 temoin-report。",
    how_carry: "用U盘或存储卡把文件带到这里。文件名以 .BIN 结尾。",
    files: "密封的信（以 .BIN 结尾的文件）",
    files_hint: "一次最多十六个。文件名无关紧要。",
    send: "发送",
    after: "下一页会说明每个文件是否送到。同一个文件发两次只算一次。",
    stays: "文件仍留在这台设备上：在下载文件夹里、在最近文件列表里，删除之后在回收站里。这里没有人能打开它，但它说明您想发送东西。",
};
