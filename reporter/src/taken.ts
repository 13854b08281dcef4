// A picture or a voice taken in the page: it goes from the device's sensor into this window's memory
// and into the letter, never through the gallery. (decision 0040)
//
// Without metadata by construction: a picture is painted, so what a camera notes never existed; a
// voice is recorded in the two formats that carry no date. Where the browser cannot, the page says
// so, and says what the device's own camera would leave behind.

import { $, el, say, show, status } from "./dom.ts";

/** The longer side of a picture: enough to read a number plate, little enough for a slow line. */
const LONGEST_SIDE = 1_600;
const QUALITY = 0.8;
/** Unasked, browsers give a quarter of that. */
const PICTURE = { facingMode: "environment", width: { ideal: 1_600 }, height: { ideal: 1_200 } };
/** Bits of a voice a second: speech stays clear, and a minute is 180 kB. */
const VOICE_BITS = 24_000;
/** Seconds after which a recording ends by itself. */
const MOST_SECONDS = 900;
/** Bytes a second of a voice takes, reckoned high. */
const VOICE_BYTES = 4_000;
/** The longer side of the small picture in the list, by which a bad one is seen and taken again. */
const SMALL_SIDE = 240;
/** A microphone that is switched off gives nothing, or next to it; the softest whisper is louder. */
const SILENT = 0.001;
/** Bytes of a voice that are listened to, over a minute, and samples a second: decoded, all of it is large. */
const LISTENED = 250_000;
const HERTZ = 8_000;
/** WebM and Ogg carry no date; the MP4 of other browsers does. */
const VOICES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/webm", "audio/ogg"];

/** Takes one picture or one voice at a time, and hands each over as a file without a name of its own. */
export class Taking {
  /** Something is being taken. */
  on = false;
  private stream_: MediaStream | undefined;
  /** How many there were, of pictures and of voices. */
  private taken_: Record<string, number> = {};
  private timer_ = 0;
  /** A person may answer the browser's question long after the page went on. */
  private turn_ = 0;

  /** What becomes of it when the page is no longer in front. */
  private hidden_: (() => void) | undefined;

  /**
   * `hold` is told when something begins or ends; `free` says whether it may begin, and tells the
   * person if not; `room` is how many bytes the office still takes with this letter.
   */
  constructor(
    readonly add: (file: File, shown: () => Node[]) => Promise<void>,
    readonly hold: () => void,
    readonly free: () => boolean,
    readonly room: () => number,
  ) {
    // No camera or microphone stays on behind another window.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.hidden_?.();
    });
  }

  /** The buttons, and where what is being taken is seen. */
  shown(): Node[] {
    const photo = el("button", { type: "button", id: "take-photo", className: "quiet" }, say("files_photo"));
    const voice = el("button", { type: "button", id: "take-voice", className: "quiet" }, say("files_voice"));
    photo.addEventListener("click", () => void this.begin_(photo, { video: PICTURE }, () => this.photo_(photo)));
    voice.addEventListener("click", () => void this.begin_(voice, { audio: true }, () => this.voice_(voice)));
    return [
      el("div", { className: "row", id: "take" }, photo, voice),
      el("div", { id: "taking" }),
      el("p", { className: "hint" }, say("files_taken_note")),
    ];
  }

  private async begin_(from: HTMLButtonElement, what: MediaStreamConstraints, then: () => void | Promise<void>): Promise<void> {
    if (!this.free()) return;
    this.stop();
    status("file-status");
    // What is heard here must not be recorded once more.
    for (const audio of heard()) audio.pause();
    const turn = this.turn_;
    try {
      // Missing on an address without TLS, and where a browser's owner switched it off.
      if (what.video ? !paintsTruly() : !voiceKind()) throw new TypeError();
      const stream = await navigator.mediaDevices.getUserMedia(what);
      if (turn !== this.turn_) return release(stream);
      this.stream_ = stream;
      // Another window came in front while the device woke up: nothing is taken behind it.
      if (document.hidden) return this.end_(from);
      await then();
    } catch {
      if (turn === this.turn_) this.cannot_(from);
    }
  }

  private async photo_(from: HTMLButtonElement): Promise<void> {
    const video = el("video", { muted: true, playsInline: true, autoplay: true, "aria-label": say("files_photo") });
    video.srcObject = this.stream_!;
    const shoot = el("button", { type: "button", id: "take-now", disabled: true }, say("files_take_now"));
    this.show_(from, video, shoot);
    this.hidden_ = () => this.end_(from);
    $("take-not").focus();
    await new Promise((ready, failed) => {
      video.addEventListener("loadeddata", ready);
      video.addEventListener("error", failed);
    });
    shoot.disabled = false;
    shoot.focus();
    shoot.addEventListener("click", () => {
      const whole = paint(video, LONGEST_SIDE);
      const small = paint(video, SMALL_SIDE);
      const written = new Promise<Blob | null>((done) => whole.toBlob(done, "image/jpeg", QUALITY));
      void this.keep_(written.then((blob) => blob?.arrayBuffer()), "files_photo_name", from, (_, named) => {
        small.setAttribute("role", "img");
        small.setAttribute("aria-label", named);
        return [small];
      });
    });
  }

  private voice_(from: HTMLButtonElement): void {
    const type = voiceKind()!;
    const recorder = new MediaRecorder(this.stream_!, { mimeType: type, audioBitsPerSecond: VOICE_BITS });
    const pieces: Promise<ArrayBuffer>[] = [];
    // Second by second into this window: what a recorder gathers for long, a browser may put on the disk.
    recorder.addEventListener("dataavailable", ({ data }) => pieces.push(data.arrayBuffer()));
    const told = el("p", { id: "recorded", role: "timer" }, say("files_recording", { n: 0 }));
    const keep = el("button", { type: "button", id: "take-now" }, say("files_stop"));
    const end = (): void => {
      if (recorder.state !== "inactive") recorder.stop();
    };
    keep.addEventListener("click", end);
    recorder.addEventListener("stop", () => {
      // Not kept: given up, or the page was left.
      if (!keep.isConnected) return;
      void this.keep_(Promise.all(pieces).then((all) => new Blob(all).arrayBuffer()), "files_voice_name", from, (bytes, named, quiet) => {
        const audio = el("audio", { controls: true, src: URL.createObjectURL(new Blob([bytes], { type })), "aria-label": named });
        return [audio, ...(quiet ? [el("p", { className: "care" }, say("files_silent"))] : [])];
      });
    });
    this.show_(from, told, keep);
    // What was said so far is kept.
    this.hidden_ = end;
    // What the office would not take is not recorded first.
    const most = Math.min(MOST_SECONDS, this.room() / VOICE_BYTES);
    recorder.start(1_000);
    keep.focus();
    const begun = performance.now();
    this.timer_ = setInterval(() => {
      const seconds = Math.floor((performance.now() - begun) / 1_000);
      told.textContent = say("files_recording", { n: seconds });
      if (seconds >= most) end();
    }, 1_000);
  }

  private show_(from: HTMLButtonElement, ...what: Node[]): void {
    const no = el("button", { type: "button", id: "take-not", className: "plain" }, say("files_take_not"));
    no.addEventListener("click", () => this.end_(from));
    $("taking").replaceChildren(...what.slice(0, -1), el("div", { className: "row" }, ...what.slice(-1), no));
    this.busy_(true);
  }

  private async keep_(bytes: Promise<ArrayBuffer | undefined>, name: string, from: HTMLButtonElement, shown: (bytes: ArrayBuffer, named: string, quiet: boolean) => Node[]): Promise<void> {
    this.stop();
    const turn = this.turn_;
    try {
      const taken = await bytes;
      // A picture is no sound, and so is not called silent.
      const quiet = !!taken && (await silent(taken));
      // The page was left meanwhile.
      if (turn !== this.turn_) return;
      if (!taken?.byteLength) throw new TypeError();
      const n = (this.taken_[name] ?? 0) + 1;
      this.taken_[name] = n;
      const named = say(name, { n });
      // A time of its own a file would have; nobody sends it, and it says nothing.
      await this.add(new File([taken], named, { lastModified: 0 }), () => shown(taken, named, quiet));
      this.end_(from);
    } catch {
      if (turn === this.turn_) this.cannot_(from);
    }
  }

  private cannot_(from: HTMLButtonElement): void {
    this.end_(from);
    status("file-status", say("files_not_here"), "care");
  }

  private end_(from: HTMLButtonElement): void {
    this.stop();
    this.busy_(false);
    from.focus();
  }

  private busy_(on: boolean): void {
    this.on = on;
    this.hold();
    show("take", !on);
  }

  /** Lets camera and microphone go; what was not kept is gone. */
  stop(): void {
    this.turn_++;
    clearInterval(this.timer_);
    release(this.stream_);
    this.stream_ = this.hidden_ = undefined;
    document.getElementById("taking")?.replaceChildren();
  }

  /** The page is left. */
  wipe(): void {
    this.stop();
    this.on = false;
  }
}

/** The recordings that can be heard here, in the whole list or in one row of it. */
export const heard = (within: ParentNode = document): NodeListOf<HTMLAudioElement> => within.querySelectorAll("audio");

/** Ends what is being heard, and lets go of its bytes. */
export function hush(within: ParentNode): void {
  for (const audio of heard(within)) {
    audio.pause();
    URL.revokeObjectURL(audio.src);
    audio.remove();
  }
}

/** Whether nothing can be heard in the beginning of a voice. A browser that cannot tell warns of nothing. */
async function silent(voice: ArrayBuffer): Promise<boolean> {
  try {
    const sound = await new OfflineAudioContext(1, 1, HERTZ).decodeAudioData(voice.slice(0, LISTENED));
    return sound.length > 0 && sound.getChannelData(0).every((one) => Math.abs(one) < SILENT);
  } catch {
    return false;
  }
}

function release(stream?: MediaStream): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** What a camera shows now, no larger than this. */
function paint(video: HTMLVideoElement, longest: number): HTMLCanvasElement {
  const [width, height] = [video.videoWidth, video.videoHeight];
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = el("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
  canvas.getContext("2d")!.drawImage(video, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const voiceKind = (): string | undefined =>
  typeof MediaRecorder === "function" ? VOICES.find((kind) => MediaRecorder.isTypeSupported(kind)) : undefined;

/** Browsers made against tracking give a canvas back as noise: a picture would be none. */
function paintsTruly(): boolean {
  const to = el("canvas", { width: 8, height: 8 }).getContext("2d");
  if (!to) return false;
  to.fillStyle = "#c04080";
  to.fillRect(0, 0, 8, 8);
  const { data } = to.getImageData(0, 0, 8, 8);
  return data.every((value, i) => value === [0xc0, 0x40, 0x80, 0xff][i % 4]);
}
