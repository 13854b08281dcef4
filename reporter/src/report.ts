// What a person wrote, as the report map of protocol §4.1. Empty answers are left out; nothing is
// corrected and nothing is refused: imperfect testimony is still testimony.

import type { Bytes } from "./bytes.ts";
import { type CborMap, encode, type Value } from "./cbor.ts";

export interface Consent {
  purpose: string;
  answer: string;
  identity: string;
}

export interface Report {
  language?: string;
  narrative?: string;
  when?: { told?: string; first?: string; last?: string; precision?: string };
  where?: { told?: string; country?: string };
  acts?: string[];
  victims?: { told?: string; groups?: string[]; best?: number; speaks?: string };
  perpetrators?: { told?: string; codes?: string[] };
  relation?: string;
  knows?: string;
  consents?: Consent[];
  safety?: string;
  contact?: string;
  urgency?: string;
  channel?: string;
  age?: string;
  code?: string;
  words?: string;
  asked?: { question: string; told: string }[];
}

/** A map of the entries that say something; undefined if none does. */
function said(entries: [number, Value | undefined][]): CborMap | undefined {
  const map: CborMap = new Map();
  for (const [key, value] of entries) {
    const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
    if (!empty) map.set(key, value);
  }
  return map.size > 0 ? map : undefined;
}

const text = (typed: string | undefined): string | undefined => typed?.trim().normalize("NFC");

/** A list of one map, or nothing. */
const one = (map: CborMap | undefined): Value[] | undefined => (map ? [map] : undefined);

export function encodeReport(report: Report): Bytes {
  const { when, where, victims, perpetrators, consents } = report;
  const map = said([
    [0, 1],
    [1, report.language],
    [2, text(report.narrative)],
    [3, said([[0, text(when?.told)], [1, when?.first], [2, when?.last], [3, when?.precision]])],
    [4, said([[0, text(where?.told)], [1, where?.country]])],
    [5, report.acts],
    [6, one(said([[0, text(victims?.told)], [1, victims?.groups], [3, victims?.best], [5, text(victims?.speaks)]]))],
    [7, one(said([[0, text(perpetrators?.told)], [1, perpetrators?.codes]]))],
    [8, report.relation],
    [9, said([[0, report.knows]])],
    [10, consents?.map((c) => said([[0, c.purpose], [1, c.answer], [2, c.identity]])!)],
    [11, text(report.safety)],
    [12, text(report.contact)],
    [13, report.urgency],
    [16, report.channel],
    [18, report.age],
    [19, text(report.code)],
    [20, report.words],
    [21, report.asked?.map((a) => said([[0, a.question], [1, text(a.told)]])!)],
  ]);
  return encode(map!);
}
