// Copies side by side by keyboard: j and k go from difference to difference, over the page's end to
// the next page that has one; in the table the arrows go from cell to cell.
"use strict";

const table = document.querySelector(".beside table");
const flags = [...document.querySelectorAll(".beside .flag")].filter((flag) => flag.offsetParent !== null);

// The row that the address points at, else the message that is marked.
const asked = () => table.querySelector(`#${CSS.escape(window.location.hash.slice(1) || "none")}`) ?? table.querySelector(".is-marked");

const isBehind = (flag, place) => Boolean(place.compareDocumentPosition(flag) & Node.DOCUMENT_POSITION_FOLLOWING);

const step = (forward) => {
  const here = document.activeElement;
  const from = table.contains(here) ? here : asked();
  const beyond = document.querySelector(forward ? "#next-flag" : "#previous-flag");
  const rest = from === null ? flags : flags.filter((flag) => flag !== from && isBehind(flag, from) === forward);
  const next = forward ? rest[0] : from === null ? undefined : rest[rest.length - 1];
  if (next) next.focus();
  else if (beyond) beyond.click();
};

const rows = [...table.tBodies[0].rows];
const moves = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

const walk = (event) => {
  const cell = event.target.closest(".beside tbody th, .beside tbody td");
  if (!cell) return;
  const shown = (row) => [...row.cells].filter((one) => one.offsetParent !== null);
  const [down, right] = moves[event.key];
  const row = rows[rows.indexOf(cell.parentNode) + down];
  if (!row) return;
  const next = shown(row)[shown(cell.parentNode).indexOf(cell) + right];
  if (!next) return;
  event.preventDefault();
  (next.tagName === "TH" ? next.querySelector("a") : next).focus();
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) return;
  if (event.key in moves) walk(event);
  if (event.key === "j" || event.key === "k") {
    event.preventDefault();
    step(event.key === "j");
  }
});

// Coming from another page's difference, the first one of the row that was asked for is at hand;
// only when all is loaded, since going to the row takes the focus away.
window.addEventListener("load", () => {
  const flag = flags.find((one) => asked()?.contains(one));
  if (flag && window.location.hash) flag.focus();
});
