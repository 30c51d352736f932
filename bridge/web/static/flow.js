/**
 * Opens the sub-flows of a flow page where the reader needs them: for paper, and for a link into one of them.
 */

const folds = () => /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details"));

/** Open every fold around the step that the address names. */
function openTarget() {
  const step = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = step?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
  step?.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", openTarget);
openTarget();

/** @type {HTMLDetailsElement[]} */
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...folds()].filter((fold) => !fold.open);
  for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => {
  for (const fold of opened) fold.open = false;
});
