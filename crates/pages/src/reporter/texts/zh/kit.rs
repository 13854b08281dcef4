//! The kit in Chinese.

use super::super::{Kit, KitSpoken};

pub(super) const KIT: Kit = Kit {
    lead: "这个文件不用网络也能工作。它在这台设备上密封您的信。然后由您带走密封的信:存成文件、从屏幕给摄像头看,或写成几行文字。",
    good_until: "有效期至 {date}。过了这一天,它不再密封任何内容:请向 {office} 取新的工具包。",
    openable_longer: "在这里密封的信可能在路上好几个月。因此,与从网页寄出的信相比,机构会多保留它的钥匙大约一年。",
    needs_script: "请把这个文件保存到设备上,再用能运行脚本的浏览器从那里打开:密封需要运行脚本。",
    seal: "封好",
    seal_1: "您按下“封好”后，这台设备会把信封好。从那时起，谁也不能在这里打开它，连您也不行。信要由您带走才会送出。",
    carried_heading: "已密封。信还没有送出。",
    carried_1: "密封的信只在这个窗口里。请用下面一种或几种方式带走:就算到达两次,也只算一次。",
    save: "存成文件",
    save_note: "把文件带到投递点,或带到有网络的电脑。捡到它的人读不了内容,但看得出有这个文件。",
    codes: "给摄像头看",
    codes_note: "图码每秒变换三次。如果变换的画面会伤害您或身边的人,请用静止的图码。",
    pause: "暂停",
    go_on: "继续",
    slower: "慢一点",
    still: "静止的图码,全部显示",
    hide_codes: "收起图码",
    lines: "显示为文字",
    lines_note: "把这些行复制到任何消息里。每一行都能单独核对,顺序不要紧。",
    carried_close: "我已经带走了:清空这个窗口",
    board_label: "公告板副本的文件夹",
    board_hint: "请选择存储盘上装有“board”和“office”的文件夹。其中的内容不会离开这台设备。",
    change: "要换新暗字，请用机构的页面。",
    sheet_heading: "{office} 的工具包",
    sheet_1: "这是机构的指纹,有文字和图码两种形式。它必须与工具包里的一样。",
    sheet_digest: "工具包文件的 SHA-256,使用前请核对",
};

pub(super) const SPOKEN: KitSpoken = KitSpoken {
    clock: "这台设备的日期是 {here},而工具包是 {there} 制作的。所以这台设备的时钟不对。请调好时钟;如果您知道它不准,可以继续。",
    no_notice: "请先选择公告板副本的文件夹。如果已经选了,说明里面缺少文件:请重新复制。",
    old_notice: "这个工具包已于 {date} 到期,不再密封任何内容:请向机构取新的。",
    sending: "正在密封……",
    kit_over: "这个工具包已于 {date} 到期,不再密封任何内容:请向机构取新的。您仍可以在这里读回复。",
    board_taken: "这份副本中最新的内容是 {date} 的。之后的内容不在里面。",
    board_nothing: "这个文件夹里没有这个机构的公告板。请选择装有“board”和“office”的文件夹。",
    saved: "浏览器已把它存为 {name}。关闭这个窗口前,请确认文件在那里。",
    code: "图码 {n}。这封信共有 {of} 个,多拍几个就够。",
};
