/**
 * Carries one call between the page and its server: asks for news, and tells what the caller does.
 */
import { ask } from "./page.js";

const PAUSE = 1000;

/** One call that is under way. */
export class Call {
  /**
   * Phone the line.
   * @param {string} number the caller's, "" when withheld
   * @param {(event: any) => void} told each thing that happens in the call, in order
   * @param {(entries: any[]) => void} asked what Tagor was asked
   * @param {() => void} lost the server does not answer any more
   * @returns {Promise<Call>}
   */
  static async begin(number, told, asked, lost) {
    const begun = await ask("/phone/calls", { number });
    const call = new Call(begun.call, begun.asked);
    call.follow(told, asked).catch(lost);
    return call;
  }

  /**
   * @param {string} id
   * @param {number} asked the number of Tagor's last question before the call
   */
  constructor(id, asked) {
    this.address = `/phone/calls/${encodeURIComponent(id)}`;
    this.seq = 0;
    this.asked = asked;
    this.over = false;
    /** @type {Promise<any>} Acts leave one after the other, or two keys could change places. */
    this.last = Promise.resolve();
  }

  /**
   * @param {(event: any) => void} told
   * @param {(entries: any[]) => void} asked
   */
  async follow(told, asked) {
    let ended = 0;
    // After the end the line's log may still tell the last step.
    while (ended < 2) {
      const news = await ask(`${this.address}?since=${this.seq}&asked=${this.asked}`);
      for (const event of news.events) {
        this.seq = event.seq;
        this.over ||= event.kind === "over";
        told(event);
      }
      if (news.asked.length) this.asked = news.asked.at(-1).seq;
      asked(news.asked);
      if (this.over) {
        ended += 1;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
      }
    }
  }

  /**
   * Do something, in the words of a script.
   * @param {string} what
   */
  act(what) {
    this.tell("act", { what });
  }

  /** @param {number} seq everything up to this event was heard */
  listened(seq) {
    this.tell("listened", { seq });
  }

  /** The caller is saying something that is not complete yet. */
  speaking() {
    this.tell("speaking", {});
  }

  /**
   * @param {string} what
   * @param {object} body
   */
  tell(what, body) {
    if (this.over) return;
    this.last = this.last.then(() => ask(`${this.address}/${what}`, body)).catch(() => {});
  }
}
