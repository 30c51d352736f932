/**
 * Shows how long the caller may still be silent: a ring that empties, and the seconds as a number.
 */
import { element } from "./page.js";

const TICK = 100;
const ring = element("ring");
const number = element("seconds");
let timer = 0;

/**
 * Begin to count.
 * @param {number} seconds
 */
export function countDown(seconds) {
  const until = performance.now() + seconds * 1000;
  clearInterval(timer);
  const show = () => {
    const left = Math.max(0, until - performance.now()) / 1000;
    ring.setAttribute("stroke-dashoffset", String(100 - (100 * left) / seconds));
    number.textContent = String(Math.ceil(left));
    if (!left) clearInterval(timer);
  };
  timer = setInterval(show, TICK);
  show();
}

/** Count no more: somebody is heard, or nobody is waited for. */
export function stopCounting() {
  clearInterval(timer);
  ring.setAttribute("stroke-dashoffset", "100");
  number.textContent = "–";
}
