// A browser whose voices say everything at once, and note what they were given.
window.spoken = [];
window.refused = [];
addEventListener("securitypolicyviolation", (event) => window.refused.push(`${event.violatedDirective} ${event.blockedURI}`));
window.SpeechSynthesisUtterance = class {
  constructor(text) {
    this.text = text;
  }
};
Object.defineProperty(window, "speechSynthesis", {
  value: {
    getVoices: () => ["nl-BE", "fr_FR", "de-DE", "en-GB"].map((lang) => ({ lang })),
    cancel() {},
    speak(words) {
      window.spoken.push({ lang: words.lang, text: words.text, rate: words.rate });
      setTimeout(() => {
        words.onstart?.();
        words.onend?.();
      }, 5);
    },
  },
});
