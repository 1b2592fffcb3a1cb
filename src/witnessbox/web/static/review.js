// Review by keyboard.  Everything here only presses what the form already offers: each control says
// its own key, so the legend on the screen and what a key does cannot part.
"use strict";

const desk = document.querySelector("#coding");
const help = document.querySelector("#help");

// Once a form is on its way, keys rest: they are meant for the message that is about to come.
let sent = false;

const act = (control) => {
  if (control.matches("input[type=checkbox]")) control.checked = !control.checked;
  else if (control.matches("input[type=radio]")) control.checked = true;
  else if (control.matches("textarea")) control.focus();
  else control.click();
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys !== "on" || help.open || sent) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const typing = event.target.closest("textarea, select, input:not([type=checkbox]):not([type=radio])");
  if (typing) return;
  // Enter on a link or button does what that control says.
  if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
  if (event.key === "v") {
    document.querySelector(".desk").classList.toggle("revealed");
    return;
  }
  const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!control) return;
  event.preventDefault();
  act(control);
});

document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  if (sent) event.preventDefault();
  sent = true;
});
window.addEventListener("pageshow", () => {
  sent = false;
});

const opener = document.querySelector("#open-help");
opener.hidden = false;
opener.addEventListener("click", () => help.showModal());

if (desk && !window.location.hash) {
  document.querySelector(".is-marked")?.scrollIntoView({ block: "center" });
}
