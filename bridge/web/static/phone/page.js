/**
 * What the parts of the page share: its words, its elements, and questions to its server.
 */

/** @type {Record<string, Record<string, string>>} The words of the page in its language, by group and name. */
export const words = JSON.parse(document.getElementById("words").textContent);

/**
 * Find an element that the page has.
 * @param {string} id
 * @returns {any}
 */
export function element(id) {
  return document.getElementById(id);
}

/** An answer of the server other than success. */
export class Refused extends Error {
  /** @param {number} status */
  constructor(status) {
    super(`the server answered ${status}`);
    this.status = status;
  }
}

/**
 * Ask the server, and give the JSON of its answer.
 * @param {string} address
 * @param {object} [body] posted as JSON; without it the address is only read
 * @returns {Promise<any>}
 * @throws {Refused} for any answer but success
 */
export async function ask(address, body) {
  const posted = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(address, body === undefined ? {} : posted);
  if (!answer.ok) throw new Refused(answer.status);
  return answer.json();
}

/**
 * Make an element.
 * @param {string} name
 * @param {Record<string, string>} attributes
 * @param {...(Node | string)} content
 * @returns {HTMLElement}
 */
export function make(name, attributes, ...content) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...content);
  return made;
}
