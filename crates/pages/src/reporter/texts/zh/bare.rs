//! Chinese: what the script says that brings cryptography to a browser without any.

use super::super::Bare;

pub(super) const BARE: Bare = Bare {
    pure_warning: "这个地址没有受到保护。在这台设备和服务器之间的线路上，有人可能改动本页，并看到您写的内容，而您察觉不到。更好的办法：以 https 开头的地址、Tor 浏览器，或下面的机构工具包。如果这些都没有，而您信任这个网络，可以在这里继续。",
    pure_go_on: "仍然在这里继续",
};
