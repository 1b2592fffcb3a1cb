// Single keys that work on every page: "/" goes to search, "?" shows what keys there are.
// They rest while somebody types, while a modifier is held, and where the session turned them off.
"use strict";

const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select") !== null;

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "/") {
    const box = document.querySelector("#query");
    event.preventDefault();
    if (box) box.focus();
    else window.location.assign("/search");
  }
  if (event.key === "?") {
    const help = document.querySelector("#help");
    if (!help) return;
    event.preventDefault();
    if (help.open) help.close();
    else help.showModal();
  }
});
