/**
 * Lets the caller hear what the line says, one sound after the other: by the browser's voice, or in captions
 * alone at the same pace.
 *
 * @typedef {object} Sound
 * @property {number} seq its number in the call
 * @property {"say" | "sound" | "whisper"} kind
 * @property {number} seconds about how long it lasts
 * @property {boolean} interruptible whether a key ends it
 * @property {string} [text]
 * @property {string} [language] such as nl-BE
 * @property {number} [rate] 1 is the voice's own pace
 * @property {string} [address] of a sound file
 */

const NEVER_BEGAN = 2000;

/** Plays sounds in their order. */
export class Voice {
  /**
   * @param {object} told
   * @param {(sound: Sound) => void} told.begins a sound begins now: its caption may be shown
   * @param {(seq: number) => void} told.ends everything up to this number was heard
   * @param {() => boolean} told.aloud whether to speak at all
   * @param {(missing: boolean) => void} told.voiceless whether the browser lacks a voice for what begins
   */
  constructor(told) {
    this.told = told;
    /** @type {Sound[]} */
    this.waiting = [];
    this.playing = false;
    this.skipped = 0;
    this.stopCurrent = () => {};
  }

  /** @param {Sound} sound */
  add(sound) {
    this.waiting.push(sound);
    if (!this.playing) this.playAll();
  }

  /** End what a key may end, and skip what waits behind it. */
  interrupt() {
    while (this.waiting[0]?.interruptible) {
      const skipped = this.waiting.shift();
      this.skipped = skipped.seq;
      // What nobody waited for can still be read.
      this.told.begins(skipped);
    }
    if (this.current?.interruptible) this.stopCurrent();
  }

  /** Be silent at once. */
  stop() {
    this.waiting = [];
    this.stopCurrent();
  }

  async playAll() {
    this.playing = true;
    let last = 0;
    while (this.waiting.length) {
      this.current = this.waiting.shift();
      last = this.current.seq;
      this.told.begins(this.current);
      await this.play(this.current);
      this.current = undefined;
      if (!this.waiting.length) this.told.ends(Math.max(last, this.skipped));
    }
    this.playing = false;
  }

  /**
   * @param {Sound} sound
   * @returns {Promise<void>} kept once it was heard or stopped
   */
  play(sound) {
    return new Promise((resolve) => {
      const limit = { timer: 0 };
      const done = () => {
        clearTimeout(limit.timer);
        this.stopCurrent = () => {};
        resolve();
      };
      const silently = () => {
        limit.timer = setTimeout(done, sound.seconds * 1000);
        this.stopCurrent = done;
      };
      if (sound.kind === "sound") this.playFile(sound, done, silently);
      else this.speak(sound, limit, done, silently);
    });
  }

  /**
   * @param {Sound} sound
   * @param {() => void} done
   * @param {() => void} silently
   */
  playFile(sound, done, silently) {
    if (!this.told.aloud()) return silently();
    const player = new Audio(sound.address);
    player.volume = 0.5;
    player.onended = done;
    player.onerror = silently;
    this.stopCurrent = () => {
      player.pause();
      done();
    };
    player.play().catch(() => {
      player.onerror = null;
      silently();
    });
  }

  /**
   * @param {Sound} sound
   * @param {{timer: number}} limit
   * @param {() => void} done
   * @param {() => void} silently
   */
  speak(sound, limit, done, silently) {
    const voice = this.told.aloud() ? voiceFor(sound.language) : null;
    this.told.voiceless(this.told.aloud() && !voice);
    if (!voice) return silently();
    const words = new SpeechSynthesisUtterance(sound.text);
    words.lang = sound.language;
    words.voice = voice;
    words.rate = sound.rate;
    words.onstart = () => clearTimeout(limit.timer);
    words.onend = done;
    words.onerror = () => {
      clearTimeout(limit.timer);
      silently();
    };
    this.stopCurrent = () => {
      words.onend = words.onerror = null;
      speechSynthesis.cancel();
      done();
    };
    // Some browsers have a voice and never begin: the caption then keeps the pace.
    limit.timer = setTimeout(() => {
      words.onend = words.onerror = null;
      speechSynthesis.cancel();
      silently();
    }, NEVER_BEGAN);
    speechSynthesis.speak(words);
  }
}

/**
 * Find the browser's voice for a language: of the same country if there is one.
 * @param {string} language
 * @returns {SpeechSynthesisVoice | null}
 */
function voiceFor(language) {
  if (!("speechSynthesis" in window)) return null;
  const plain = (/** @type {string} */ tag) => tag.replace("_", "-").toLowerCase();
  const voices = speechSynthesis.getVoices();
  const exact = voices.find((voice) => plain(voice.lang) === plain(language));
  return exact ?? voices.find((voice) => plain(voice.lang).slice(0, 2) === plain(language).slice(0, 2)) ?? null;
}
