/**
 * Plays the two tones of a telephone's key (ITU-T Q.23).
 */

const ROWS = { 1: 697, 2: 697, 3: 697, 4: 770, 5: 770, 6: 770, 7: 852, 8: 852, 9: 852, "*": 941, 0: 941, "#": 941 };
const COLUMNS = { 1: 1209, 4: 1209, 7: 1209, "*": 1209, 2: 1336, 5: 1336, 8: 1336, 0: 1336, 3: 1477, 6: 1477, 9: 1477, "#": 1477 };
const SECONDS = 0.14;
const LOUDNESS = 0.08;

/** @type {AudioContext | undefined} Made at the first key: browsers give sound only after a gesture. */
let sound;

/**
 * Sound one key.
 * @param {string} key `0` to `9`, `*` or `#`
 */
export function playKey(key) {
  if (!("AudioContext" in window)) return;
  sound ??= new AudioContext();
  const volume = new GainNode(sound, { gain: LOUDNESS });
  volume.connect(sound.destination);
  for (const frequency of [ROWS[key], COLUMNS[key]]) {
    const tone = new OscillatorNode(sound, { frequency });
    tone.connect(volume);
    tone.start();
    tone.stop(sound.currentTime + SECONDS);
  }
}
