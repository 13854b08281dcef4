// Every label of the protocol that the reporter's side uses, once. (protocol §1.1)

export const LETTER = "temoin/1/letter/";
export const LETTER_SIGNATURE = "temoin/1/letter-signature";
export const HANDOVER = "temoin/1/handover";
export const CELL = "temoin/1/cell/";
export const CELL_PSK = "temoin/1/cell-psk";
export const CELL_TAG = "temoin/1/cell-tag";
export const CELL_SIGNATURE = "temoin/1/cell-signature";
export const REPLY_KEY = "temoin/1/reply-key";
export const SIGNING_KEY = "temoin/1/signing-key";
export const CONVERSATION = "temoin/1/conversation";
export const BY_CARRY = "temoin/1/by-carry";
export const NEXT = "temoin/1/next-conversation";
export const MAILBOX_NAME = "temoin/1/mailbox-name";
export const PAGE_WITHOUT_HIT = "temoin/1/page-without-hit";
export const NOTICE = "temoin/1/notice";
export const KEY_LIST = "temoin/1/key-list";
export const RECEIPT = "temoin/1/receipt";
export const DAYS = "temoin/1/days";
export const TOKEN = "temoin/1/token";
export const PUZZLE = "temoin/1/puzzle";
export const MANIFEST = "temoin/1/manifest";
