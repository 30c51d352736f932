/**
 * Shows beside the phone what happens meanwhile: the step of the flow, what Tagor was asked, and its troubles.
 */
import { ask, element, make, words } from "./page.js";

const language = document.documentElement.lang;
const place = element("step");
const flow = element("flow");
const table = element("asked");
let shown = "";
let newest = 0;

/**
 * Show the step that the line is at.
 * @param {{place: string, language: string, heard: string, milliseconds: number}} turn
 */
export async function showTurn(turn) {
  const [name, step] = turn.place.split(".");
  const link = make("a", { href: `/flows/${name}?lang=${language}&words=${turn.language}#${name}-${step}` }, name);
  place.replaceChildren(link, ` › ${step} (${turn.language}, ${turn.milliseconds} ms)`);
  newest += 1;
  const mine = newest;
  const wanted = `${name}?lang=${language}&words=${turn.language}&part=1`;
  if (wanted !== shown) {
    const answer = await fetch(`/flows/${wanted}`);
    // A later turn may have been told while this flow was on its way.
    if (!answer.ok || mine !== newest) return;
    flow.innerHTML = await answer.text();
    flow.hidden = false;
    shown = wanted;
  }
  for (const old of flow.querySelectorAll("[aria-current]")) old.removeAttribute("aria-current");
  const here = flow.querySelector(`[data-place="${CSS.escape(turn.place)}"]`);
  if (!here) return;
  here.setAttribute("aria-current", "step");
  flow.scrollTop = here.offsetTop - flow.offsetTop - 16;
}

/**
 * Show what Tagor was asked, newest first.
 * @param {{seq: number, operation: string, seconds: number, status: number | null, fault: string | null}[]} entries
 */
export function showAsked(entries) {
  if (!entries.length) return;
  if (!table.dataset.filled) table.replaceChildren();
  table.dataset.filled = "1";
  for (const entry of entries) {
    const row = make("tr", {}, make("td", {}, entry.operation.split("/").at(-1)), make("td", {}, entry.seconds.toFixed(3)));
    row.append(make("td", {}, [entry.status ?? "–", entry.fault ?? ""].join(" ").trim()));
    table.prepend(row);
  }
}

/** Forget what was shown of another call. */
export function beginWatching() {
  delete table.dataset.filled;
  table.replaceChildren(make("tr", {}, make("td", { colspan: "3" }, words.watch.nothing)));
  place.textContent = words.state.ringing;
}

element("trouble").addEventListener("change", (event) => {
  if (event.target.name === "trouble") ask("/phone/tagor", { name: event.target.value });
});
element("kill").addEventListener("click", async () => {
  const { killed } = await ask("/phone/workers/kill", {});
  element("killed").textContent = killed ? words.watch.killed : words.watch.not_killed;
});
