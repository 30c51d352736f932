/**
 * Lets the browser recognise what is said, where it can; elsewhere the button stays hidden.
 */

const Recogniser = window.SpeechRecognition ?? window.webkitSpeechRecognition;

/**
 * Make a button listen.
 * @param {HTMLButtonElement} button
 * @param {() => string} language in which to listen, such as nl-BE
 * @param {() => void} speaking somebody is speaking
 * @param {(text: string) => void} said what was understood
 * @param {() => void} failed nothing was understood, or the browser may not listen
 */
export function listenWith(button, language, speaking, said, failed) {
  if (!Recogniser) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const ear = new Recogniser();
    ear.lang = language();
    ear.onspeechstart = speaking;
    ear.onresult = (/** @type {any} */ heard) => said(heard.results[0][0].transcript);
    ear.onerror = failed;
    ear.start();
  });
}
