// Keyboard: ? lists the shortcuts, g and a letter open a page, / goes to the filter, arrows go along a chart's points.

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

// The points of a chart are one stop of Tab: the arrows move within.
function alongPoints(event) {
  const point = event.target.closest("svg a");
  if (point === null) return;
  const points = [...point.closest("svg").querySelectorAll("a")];
  const place = points.indexOf(point);
  const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: points.length - 1 }[event.key];
  if (next === undefined || points[next] === undefined) return;
  event.preventDefault();
  point.setAttribute("tabindex", "-1");
  points[next].setAttribute("tabindex", "0");
  points[next].focus();
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
document.addEventListener("keydown", alongPoints);
