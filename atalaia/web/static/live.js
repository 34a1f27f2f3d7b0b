"use strict";
// Asks /api/live every two seconds and shows what it says. Whatever comes from logs enters through textContent only.

const EVERY = 2000;
const PATIENCE = 8000;
const ABSENT = "—";
const minutes = document.body.dataset.minutes;
const zone = document.body.dataset.zone;
const at = (id) => document.getElementById(id);

const three = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const allThree = new Intl.NumberFormat(undefined, { minimumSignificantDigits: 3, maximumSignificantDigits: 3 });
const whole = new Intl.NumberFormat();
const clock = new Intl.DateTimeFormat(undefined, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockToTheSecond = new Intl.DateTimeFormat(undefined, { timeZone: zone, timeStyle: "medium", hourCycle: "h23" });
const dateAndTime = new Intl.DateTimeFormat(undefined, { timeZone: zone, dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });

const number = (value) => (value === null || value === undefined ? ABSENT : (Number.isInteger(value) ? three : allThree).format(value));
const percent = (ratio) => (ratio === null || ratio === undefined ? ABSENT : number(ratio * 100));
const of = (count, noun) => `${whole.format(count)} ${noun}${count === 1 ? "" : "s"}`;

let updated = null;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function setText(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text; // unchanged text is not read out again
}

function tile(id, label, value, judgement, details) {
  const box = element("div", `tile ${judgement ? judgement.state : ""}`);
  box.id = `tile-${id}`;
  box.append(element("dt", "", label), element("dd", "value", value));
  if (judgement) {
    const word = judgement.state === "missed" ? `missed: ${judgement.severity}` : judgement.state;
    box.append(element("dd", `state ${judgement.state}`, word));
  }
  for (const detail of details) box.append(element("dd", "detail", detail));
  return box;
}

function limits(judgement, unit) {
  return `warning\u00a0${number(judgement.warning)}\u00a0${unit}, critical\u00a0${number(judgement.critical)}\u00a0${unit}`;
}

function machineTile(name, label, judgements) {
  const judgement = judgements[name];
  return tile(name, label, judgement.value === null ? ABSENT : `${number(judgement.value)} %`, judgement, [limits(judgement, "%")]);
}

function showTiles(live) {
  const recent = live.recent;
  const { error_rate: errors, response_time: time } = live.judgements;
  const tiles = [machineTile("cpu", "CPU", live.judgements), machineTile("memory", "Memory", live.judgements), machineTile("disk", "Disk", live.judgements)];
  if (recent !== null) {
    tiles.unshift(
      tile("requests", "Requests/s", number(recent.requests_per_second), null, [`${of(recent.requests, "request")} in 5 min`]),
      tile("errors", "Error rate", recent.error_rate === null ? ABSENT : `${percent(recent.error_rate)} %`, errors, [
        `${whole.format(recent.errors)} of ${of(recent.requests, "request")}`, limits(errors, "%")]),
      tile("p95", "p95", recent.p95 === null ? ABSENT : `${number(recent.p95)} s`, time, [
        `${whole.format(recent.measured)} of ${of(recent.requests, "request")} measured`, limits(time, "s")]),
    );
  }
  at("tiles").replaceChildren(...tiles);
}

function series(live, value, note) {
  return live.minutes.map((minute) => {
    const recorded = minute.requests !== undefined;
    const known = recorded ? value(minute) : null;
    return { label: clock.format(new Date(minute.start)), value: known, note: recorded ? note(minute) : "no data" };
  });
}

function limitLines(judgement) {
  return ["warning", "critical"].map((kind) => ({ kind, value: judgement[kind] }));
}

function summary(name, points, unit) {
  const known = points.filter((point) => point.value !== null);
  if (known.length === 0) return `${name}: no data in these ${minutes} minutes`;
  const values = known.map((point) => point.value);
  const range = `lowest ${number(Math.min(...values))}, highest ${number(Math.max(...values))}${unit}`;
  return `${name} by minute: ${range}, ${points.length - known.length} of ${points.length} minutes without data`;
}

function showCharts(live) {
  const requests = series(live, (minute) => minute.requests, (minute) => of(minute.requests, "request"));
  const errors = series(live, (minute) => minute.error_rate * 100, (minute) =>
    `${percent(minute.error_rate)} % (${whole.format(minute.errors)} of ${of(minute.requests, "request")})`);
  const p95 = series(live, (minute) => minute.p95, (minute) =>
    `${number(minute.p95)} s over ${whole.format(minute.measured)} of ${of(minute.requests, "request")}`);
  const judged = live.judgements;
  drawChart(at("chart-requests"), requests, { bars: true, format: number, summary: summary("Requests", requests, "") });
  drawChart(at("chart-errors"), errors, { limits: limitLines(judged.error_rate), format: number, summary: summary("Error rate", errors, " %") });
  drawChart(at("chart-p95"), p95, { limits: limitLines(judged.response_time), format: number, summary: summary("p95", p95, " s") });
}

function showEndpoints(live) {
  const rows = live.endpoints.map((endpoint) => {
    const row = element("tr");
    row.append(
      element("td", "", endpoint.route === null ? "(no endpoint recorded)" : endpoint.route),
      element("td", "", whole.format(endpoint.requests)),
      element("td", "", whole.format(endpoint.errors)),
      element("td", "", percent(endpoint.error_rate)),
      element("td", "", number(endpoint.p95)),
    );
    return row;
  });
  if (rows.length === 0) {
    const cell = element("td", "", `no requests in the last ${minutes} minutes`);
    cell.colSpan = 5;
    rows.push(element("tr"));
    rows[0].append(cell);
  }
  at("endpoints").replaceChildren(...rows);
}

function show(live) {
  const empty = live.latest === null;
  setText("store", live.store);
  setText("verdict-text", live.verdict);
  at("verdict-state").className = `state ${live.state}`;
  setText("verdict-state", live.state);
  at("empty").hidden = !empty;
  setText("empty-command", `atalaia ingest app.ndjson --pipeline request --store ${live.store}`);
  for (const section of ["trend-title", "top-title"]) at(section).parentElement.hidden = empty;
  showTiles(live);
  if (!empty) {
    showCharts(live);
    showEndpoints(live);
  }
  updated = new Date(live.at);
  const latest = empty ? "" : `; latest event ${dateAndTime.format(new Date(live.latest))}`;
  setText("updated", `updated ${clockToTheSecond.format(updated)} ${zone}${latest}`);
}

function complain(text) {
  const since = updated === null ? "nothing has been shown yet" : `the numbers below are from ${clockToTheSecond.format(updated)}`;
  setText("banner", `${text} — ${since}; trying again every 2 seconds.`);
  at("banner").hidden = false;
  document.documentElement.classList.add("stale");
}

async function ask() {
  const signal = AbortSignal.timeout(PATIENCE);
  const response = await fetch(`/api/live?minutes=${minutes}`, { cache: "no-store", signal }).catch(() => {
    throw new Error("The server cannot be reached: is atalaia serve still running?");
  });
  const live = await response.json();
  if (!response.ok) throw new Error(`The numbers could not be read: ${live.error}`);
  return live;
}

async function refresh() {
  try {
    show(await ask());
    at("banner").hidden = true;
    document.documentElement.classList.remove("stale");
  } catch (error) {
    complain(error.message);
  }
  setTimeout(refresh, EVERY);
}

refresh();
