// The invented relay, to look at the page by hand.

import { Relay } from "./relay.ts";

const relay = await Relay.open(process.argv[3]!);
const { address } = await relay.listen(Number(process.argv[4] ?? 0));
console.log(address);
