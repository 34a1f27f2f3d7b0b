// Keyboard: ? lists the shortcuts, g and a letter open a page, / goes to the filter.

const help = document.getElementById("help");
const button = document.getElementById("help-button");
let wentFirst = false;

function typing(target) {
  return target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
}

function openPage(key) {
  const link = document.querySelector(`.pages a[data-key="${CSS.escape(key)}"]`);
  if (link !== null) link.click();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target) || help.open) return;
  const goes = wentFirst;
  wentFirst = false;
  if (goes) openPage(event.key);
  else if (event.key === "g") wentFirst = true;
  else if (event.key === "?") help.showModal();
  else if (event.key === "/") {
    const filter = document.getElementById("filter");
    if (filter === null) return;
    event.preventDefault();
    filter.focus();
  }
}

button.hidden = false;
button.addEventListener("click", () => help.showModal());
document.addEventListener("keydown", onKey);
