// What a letter says that changes the words of a conversation: the old ones sign the letter, the new
// ones sign this. (protocol §4.4)

import { type Bytes, hash, join, same, uint } from "./bytes.ts";
import type { CborMap } from "./cbor.ts";
import * as labels from "./labels.ts";
import type { Address } from "./letter.ts";
import type { Conversation, conversationKey } from "./words.ts";

/** What the page's first script has and the one for new words is lent. */
export interface Means {
  key: typeof conversationKey;
  sign: (message: Bytes, seed: Bytes) => Promise<Uint8Array>;
}

/** Key 7 of a letter under the old words, to this address. */
export async function handover(address: Address, old: Conversation, next: Conversation, means: Means): Promise<CborMap> {
  const { mailbox, period, firstPeriod } = address;
  // Nobody would follow it.
  if (same(old.signingKey, next.signingKey)) throw new RangeError();
  const key = await means.key(next.master, 0, period, firstPeriod);
  const former = await hash(old.signingKey, old.replyKeyHash);
  const signed = join(labels.HANDOVER, mailbox, uint(period, 4), former, next.replyKeyHash, key);
  const signature = join(await means.sign(signed, next.signingSeed));
  return new Map<number, Bytes>([[0, next.signingKey], [1, next.replyKey], [2, key], [3, signature]]);
}
