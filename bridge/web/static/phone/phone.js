/**
 * The browser phone: what the caller hears, sees and does.
 */
import { Call } from "./call.js";
import { listenWith } from "./microphone.js";
import { element, make, words } from "./page.js";
import { countDown, stopCounting } from "./silence.js";
import { playKey } from "./tones.js";
import { Voice } from "./voice.js";
import { beginWatching, showAsked, showTurn } from "./watch.js";

const KEYS = "0123456789*#";
const SPEAKING_AGAIN = 1000;

const captions = element("captions");
const person = element("person");
const number = element("number");
const said = element("words-said");

/** @type {Call | undefined} */
let call;
/** @type {{kind: string, seconds?: number, speech?: boolean, typed?: number} | undefined} What the line waits for. */
let waiting;
let language = "nl-BE";
let begun = 0;
let lastSpeaking = 0;
let recordedSince = 0;

const voice = new Voice({
  begins: showCaption,
  ends: (seq) => {
    call?.listened(seq);
    showWaiting();
  },
  aloud: () => element("aloud").checked,
  voiceless: (missing) => {
    element("no-voice").hidden = !missing;
  },
});

/** @param {import("./voice.js").Sound} sound */
function showCaption(sound) {
  for (const old of captions.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  const attributes = { class: `caption ${sound.kind}`, "aria-current": "true" };
  if (sound.kind === "sound") {
    addLine(make("p", attributes, `♪ ${words.phone.sound}`));
  } else {
    language = sound.language;
    const line = make("p", { ...attributes, lang: sound.language });
    if (sound.kind === "whisper") line.append(make("strong", {}, `${words.phone.to_colleague}: `));
    line.append(sound.text);
    addLine(line);
  }
  setState("speaking");
  stopCounting();
}

/**
 * Let the caller hear the voicemail that they have just left.
 * @param {number} seq
 */
function messageLine(seq) {
  const src = `${call?.address}/sounds/${seq}`;
  const player = make("audio", { controls: "", preload: "metadata", src, "aria-label": words.phone.voicemail });
  return make("p", { class: "caption own voicemail" }, `${words.phone.voicemail}: `, player);
}

/** @param {HTMLElement} line */
function addLine(line) {
  captions.append(line);
  captions.scrollTop = captions.scrollHeight;
}

/** @param {string} name one of the states that the page has words for */
function setState(name) {
  const state = element("state");
  if (state.dataset.state === name) return;
  state.dataset.state = name;
  state.textContent = words.state[name];
}

/** Show what the line waits for, once all was heard. */
function showWaiting() {
  if (voice.playing && voice.waiting.length) return;
  const kind = waiting?.kind;
  element("colleague").hidden = kind !== "dial";
  element("record").hidden = kind !== "record";
  said.disabled = element("say").disabled = !(waiting?.speech || kind === "record");
  element("microphone").disabled = said.disabled;
  if (kind === "listen") setState(waiting.speech ? "listening" : "listening_keys");
  if (kind === "dial") setState("dialling");
  if (kind === "record") setState("recording");
  if (waiting?.seconds) countDown(waiting.seconds);
  else stopCounting();
  if (kind === "dial" && !element("colleague").contains(document.activeElement)) {
    element("colleague").querySelector("button").focus();
  }
}

/** @param {any} event one thing that happened in the call */
function hear(event) {
  switch (event.kind) {
    case "say":
    case "whisper":
    case "sound":
      waiting = undefined;
      element("colleague").hidden = element("record").hidden = true;
      voice.add({ ...event, address: `${call?.address}/sounds/${event.seq}` });
      break;
    case "listen":
    case "dial":
    case "record":
      waiting = event;
      if (!voice.playing) showWaiting();
      break;
    case "voicemail":
      addLine(messageLine(event.seq));
      break;
    case "turn":
      showTurn(event);
      break;
    case "over":
      end("over");
  }
}

/** @param {string} how the state that the page shows then */
function end(how) {
  waiting = undefined;
  if (how === "lost") voice.stop();
  call = undefined;
  stopRecording();
  enable(false);
  const finish = () => {
    if (voice.playing) return setTimeout(finish, 100);
    if (call) return undefined;
    showWaiting();
    setState(how);
    element("call").focus();
    return undefined;
  };
  finish();
}

/** @param {boolean} calling whether a call is under way */
function enable(calling) {
  element("dial").classList.toggle("calling", calling);
  for (const id of ["call", "person", "number"]) element(id).disabled = calling;
  for (const id of ["silent", "hang-up"]) element(id).disabled = !calling;
  for (const key of element("keypad").children) key.disabled = !calling;
}

/** @param {string} key */
function press(key) {
  if (!call) return;
  playKey(key);
  if (waiting?.kind === "listen") {
    stopCounting();
    voice.interrupt();
  }
  if (waiting?.kind === "record") stopRecording();
  // Which key it was is nobody's business who looks at the screen.
  addLine(make("p", { class: "caption own", "aria-hidden": "true" }, "•"));
  call.act(key);
}

/** @param {string} text */
function say(text) {
  const plain = text.replaceAll('"', " ").trim();
  if (!call || !plain) return;
  voice.interrupt();
  addLine(make("p", { class: "caption own" }, plain));
  call.act(`"${plain}"`);
}

function stopRecording() {
  if (!recordedSince) return;
  const seconds = Math.max(1, Math.round((performance.now() - recordedSince) / 1000));
  recordedSince = 0;
  element("record-toggle").textContent = words.phone.record_begin;
  call?.act(`{voicemail ${seconds}}`);
}

element("dial").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (call) return;
  captions.replaceChildren();
  beginWatching();
  setState("ringing");
  enable(true);
  element("keypad").querySelector("button").focus();
  begun = performance.now();
  try {
    // Events may come before `call` is set here, because it is known to nobody else until then.
    const made = Call.begin(number.value.trim(), (told) => made.then(() => hear(told)), showAsked, () => end("lost"));
    call = await made;
  } catch (error) {
    end(error.status === 429 ? "full" : "lost");
  }
});

person.addEventListener("change", showPerson);
function showPerson() {
  const chosen = person.selectedOptions[0];
  number.value = chosen.value;
  element("facts").hidden = !chosen.value;
  for (const name of ["pin", "file", "note"]) element(name).textContent = chosen.dataset[name] ?? "";
}
showPerson();

element("keypad").addEventListener("click", (event) => {
  if (event.target.dataset.key) press(event.target.dataset.key);
});
// Only while the phone has the focus, so that no key is taken from whoever uses them for something else.
document.querySelector(".listening").addEventListener("keydown", (event) => {
  if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  press(event.key);
});
element("silent").addEventListener("click", () => {
  voice.interrupt();
  stopRecording();
  call?.act(",");
});
element("hang-up").addEventListener("click", () => {
  voice.stop();
  stopRecording();
  call?.act("!");
});
element("colleague").addEventListener("click", (event) => {
  if (event.target.dataset.act) call?.act(event.target.dataset.act);
});
element("record-toggle").addEventListener("click", () => {
  if (recordedSince) return stopRecording();
  recordedSince = performance.now();
  element("record-toggle").textContent = words.phone.record_end;
  return undefined;
});
element("speak").addEventListener("submit", (event) => {
  event.preventDefault();
  say(said.value);
  said.value = "";
});
said.addEventListener("input", () => {
  if (!call || performance.now() - lastSpeaking < SPEAKING_AGAIN) return;
  lastSpeaking = performance.now();
  voice.interrupt();
  call.speaking();
  if (waiting?.seconds) countDown(waiting.seconds);
});
listenWith(element("microphone"), () => language, () => call?.speaking(), say, () => {
  addLine(make("p", { class: "caption own" }, words.phone.not_recognised));
});

setInterval(() => {
  if (!call) return;
  const seconds = Math.floor((performance.now() - begun) / 1000);
  element("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}, 500);
