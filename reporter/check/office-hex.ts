// Root and mailbox of the invented office, in hex: what a site for it is written with.

import { dayOf } from "../src/envelope.ts";
import { hex } from "../src/bytes.ts";
import { publicOf } from "./office.ts";
import { sampleOffice } from "./relay.ts";

const office = await sampleOffice(dayOf(Date.now()));
console.log(hex(await publicOf(office.rootSeed)), hex(office.mailbox));
