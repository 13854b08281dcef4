// Seals a letter to an office: what goes in, signed by the words' key, padded to its size class,
// closed with HPKE to the intake key of its period. (protocol §4)
//
// What is sealed here cannot be opened again on this device.

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { signAsync } from "@noble/ed25519";
import { type Bytes, hash, join, random, uint } from "./bytes.ts";
import { type CborMap, encode } from "./cbor.ts";
import { classFor, pad } from "./envelope.ts";
import * as labels from "./labels.ts";
import { type Conversation, conversationKey } from "./words.ts";

export const VERSION = 1;

/** Protocol §1: the one suite. */
export const suite = (): CipherSuite =>
  new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export interface Address {
  mailbox: Bytes;
  period: number;
  intakeKey: Bytes;
  firstPeriod: number;
}

export interface Spoken {
  conversation: Conversation;
  generation: number;
  /** A first letter carries the reply key; later ones its hash. */
  first: boolean;
}

export interface Writing {
  report: Bytes;
  spoken?: Spoken;
  newestManifest?: Bytes;
  acknowledged?: number;
  /** Files that follow, as `pieces.ts` announces them. */
  files?: CborMap[];
  /** Which program sealed it; the page does not say. */
  sealedBy?: number;
  /** In a later letter: the words are changed by it, as `handover.ts` says. */
  handover?: CborMap;
}

/** The CBOR inside; its length decides the size class. */
export async function inside(address: Address, writing: Writing): Promise<Bytes> {
  const body: CborMap = new Map<number, never>();
  body.set(0, 0).set(1, writing.report);
  if (writing.spoken) {
    const { conversation, generation, first } = writing.spoken;
    const key = await conversationKey(conversation.master, generation, address.period, address.firstPeriod);
    const talk: CborMap = new Map<number, never>();
    talk.set(0, conversation.signingKey).set(3, key).set(4, generation);
    if (first) talk.set(1, conversation.replyKey);
    else talk.set(2, conversation.replyKeyHash);
    body.set(2, talk);
  }
  if (writing.newestManifest) body.set(3, writing.newestManifest);
  if (writing.files?.length) body.set(4, writing.files);
  if (writing.sealedBy !== undefined) body.set(5, writing.sealedBy);
  if (writing.acknowledged !== undefined) body.set(6, writing.acknowledged);
  if (writing.handover) body.set(7, writing.handover);
  const bytes = encode(body);
  const signature = writing.spoken ? await sign(address, bytes, writing.spoken.conversation) : null;
  return encode([bytes, signature]);
}

/** How long the inside will be, before anything is drawn or derived: for counting while one writes. */
export function insideLength(report: Bytes, words: "first" | "later" | "none"): number {
  const blank = new Uint8Array(32);
  const body: CborMap = new Map<number, never>();
  body.set(0, 0).set(1, report).set(3, blank);
  if (words !== "none") {
    const talk: CborMap = new Map<number, never>();
    talk.set(0, blank).set(3, blank).set(4, 0);
    if (words === "first") talk.set(1, new Uint8Array(1_216));
    else {
      talk.set(2, blank);
      body.set(6, 0xffff_ffff);
    }
    body.set(2, talk);
  }
  return encode([encode(body), words === "none" ? null : new Uint8Array(64)]).length;
}

const sign = async (address: Address, body: Bytes, by: Conversation): Promise<Bytes> =>
  join(await signAsync(signedBytes(address.mailbox, address.period, await hash(body)), by.signingSeed));

export const signedBytes = (mailbox: Uint8Array, period: number, bodyHash: Uint8Array): Bytes =>
  join(labels.LETTER_SIGNATURE, mailbox, uint(period, 4), bodyHash);

export const letterInfo = (mailbox: Uint8Array, period: number): Bytes =>
  join(labels.LETTER, uint(VERSION, 1), mailbox, uint(period, 4));

export async function sealLetter(address: Address, writing: Writing): Promise<Bytes> {
  const cbor = await inside(address, writing);
  return sealInside(address, cbor, classFor(cbor.length));
}

/** Seals an inside that is whole already, into a letter of this size. */
export async function sealInside(address: Address, cbor: Bytes, size: number): Promise<Bytes> {
  const hpke = suite();
  const recipientPublicKey = await hpke.kem.importKey("raw", join(address.intakeKey).buffer, true);
  const info = letterInfo(address.mailbox, address.period);
  const sealed = await hpke.seal({ recipientPublicKey, info }, pad(cbor, size - 1 - 4 - 1_120 - 16));
  return join(uint(VERSION, 1), uint(address.period, 4), new Uint8Array(sealed.enc), new Uint8Array(sealed.ct));
}

/** What is posted: the letter behind a nonce, so that nobody can recompute its leaf from the bytes alone. */
export interface Posting {
  nonce: Bytes;
  letter: Bytes;
}

export const posting = (letter: Bytes): Posting => ({ nonce: random(16), letter });
