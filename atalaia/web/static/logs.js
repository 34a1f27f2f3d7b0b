// Lines: j and k move, fields are loaded when a line is opened, and new lines come by themselves where that was asked for.

const list = document.getElementById("lines");
const tail = document.getElementById("tail");
const MOST_ROWS = 500;
const BETWEEN = 2000;

function typing(target) {
  return target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
}

function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // the server escaped every value in it; the policy of the page lets no script run
  return template.content;
}

function offerCopies(within) {
  for (const button of within.querySelectorAll("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
}

async function copy(button) {
  const source = button.closest("details, main").querySelector("pre.json");
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = `✔ ${button.textContent.replace("✔ ", "")}`;
  } catch {
    source.parentElement.open = true; // no clipboard here: show it selected
    getSelection().selectAllChildren(source);
  }
}

async function loadFields(details) {
  const place = details.querySelector("[data-fields]");
  if (!details.open || place === null) return;
  const answer = await fetch(place.dataset.fields);
  if (!answer.ok) return; // the link to the fields stays
  const fields = document.createElement("div");
  fields.className = "fields";
  fields.append(fragment(await answer.text()));
  offerCopies(fields);
  place.replaceWith(fields);
}

function move(step) {
  const rows = [...list.querySelectorAll(".line > details > summary")];
  if (rows.length === 0) return;
  const at = rows.indexOf(document.activeElement.closest?.(".line")?.querySelector("summary"));
  rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "p" && tail !== null) document.getElementById("pause").click();
}

function follow() {
  const button = document.getElementById("pause");
  const state = document.getElementById("tail-state");
  const told = new Set([...list.querySelectorAll(".line")].map((row) => row.dataset.place));
  let since = Number(tail.dataset.since);
  let start = since;
  let passed = 0;
  let paused = false;
  let timer = null;
  let asking = false;

  function say() {
    state.textContent = paused ? tail.dataset.paused : document.hidden ? tail.dataset.hidden : tail.dataset.follows;
    document.getElementById("tail-passed").textContent = passed ? `${tail.dataset.passed} ${passed}` : "";
    button.textContent = paused ? button.dataset.resume : button.dataset.pause;
  }

  function insert(line) {
    const row = fragment(line.html).firstElementChild;
    row.classList.add("new");
    const rows = list.querySelectorAll(".line");
    const next = [...rows].find((each) => Number(each.dataset.at) <= line.at) ?? null;
    list.insertBefore(row, next);
    told.add(line.place);
  }

  function trim() {
    for (const row of [...list.querySelectorAll(".line")].slice(MOST_ROWS)) row.remove();
    for (const place of told) if (Number(place.split(" ", 1)[0]) < since - 120000) told.delete(place);
  }

  async function look() {
    timer = null;
    if (paused || document.hidden) return say();
    asking = true;
    try {
      const url = new URL(tail.dataset.news, location.href);
      url.searchParams.set("since", since);
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(answer.statusText);
      const news = await answer.json();
      const fresh = news.lines.filter((line) => !told.has(line.place) && line.at >= start - 60000);
      for (const row of fresh.length ? list.querySelectorAll(".line.new") : []) row.classList.remove("new");
      for (const line of fresh.reverse()) insert(line);
      since = Math.max(since, ...news.lines.map((line) => line.at));
      passed += news.passed;
      trim();
      say();
    } catch {
      state.textContent = tail.dataset.trouble;
    }
    asking = false;
    timer = setTimeout(look, BETWEEN);
  }

  function wake() {
    say();
    if (timer === null && !asking) look();
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    wake();
  });
  document.addEventListener("visibilitychange", wake);
  wake();
}

offerCopies(document);
if (list !== null) {
  list.addEventListener("toggle", (event) => loadFields(event.target), true);
  document.addEventListener("keydown", onKey);
}
if (tail !== null) follow();
