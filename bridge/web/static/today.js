/**
 * Lets the page of today follow the line: asks again every few seconds, for as long as somebody is there.
 * While it gets no figures it says so, because those that it shows grow old.
 */

const EVERY = 5000;
/** Who left the desk is not kept logged in by this page. */
const UNUSED = 20 * 60 * 1000;
const today = /** @type {HTMLElement} */ (document.getElementById("today"));
const old = /** @type {HTMLElement} */ (document.getElementById("old"));
let shown = "";
let used = Date.now();

for (const sign of ["pointermove", "pointerdown", "keydown", "scroll"]) {
  addEventListener(sign, () => { used = Date.now(); }, { passive: true });
}

/** @param {Element | null} part what has the focus; a new page has the same one again */
const name = (part) => part?.getAttribute("href") ?? part?.getAttribute("aria-label");

async function follow() {
  if (document.hidden || Date.now() - used > UNUSED) return;
  // The browser sends the ETag of what it has, and gives that when nothing has changed.
  const answer = await fetch(today.dataset.part ?? "", { redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") return location.reload(); // the session is over: this shows the login
  if (old.hidden !== Boolean(answer?.ok)) {
    old.hidden = Boolean(answer?.ok);
    // Its words are put in only now, because a screen reader tells what changes in an alert.
    old.textContent = old.hidden ? "" : old.dataset.words ?? "";
  }
  if (!answer?.ok) return;
  const now = await answer.text();
  if (now === shown) return;
  const focused = today.contains(document.activeElement) ? name(document.activeElement) : null;
  today.innerHTML = now;
  shown = now;
  const again = focused && [...today.querySelectorAll("[href], [tabindex]")].find((part) => name(part) === focused);
  if (again instanceof HTMLElement || again instanceof SVGElement) again.focus({ preventScroll: true });
}

setInterval(follow, EVERY);
