// In the kit the stand-in for a browser without WebCrypto is part of the file: an address of a phone's
// own files (`content://`) is no secure context, and nothing can be fetched. Nobody on a line can have
// changed the file, so nothing is asked.

import { standIn } from "./subtle.ts";

if (!globalThis.crypto?.subtle) standIn();
