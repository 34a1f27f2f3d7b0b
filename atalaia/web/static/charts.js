"use strict";
// Charts by minute as inline SVG. Text enters through textContent only.

const SVG = "http://www.w3.org/2000/svg";
const BOX = { width: 360, height: 168, left: 40, right: 8, top: 12, bottom: 20 };

function shape(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  return element;
}

// The least of 1, 2, 5, 10, … that is not below the value, so that the axis ends at a round number.
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * 0.999999);
}

/**
 * Draw one value a minute.
 * points: [{label, value, note}], value null where there is no data (a gap, never a zero).
 * options: {bars, limits: [{kind, value}], format, summary}
 */
function drawChart(place, points, options) {
  const limits = options.limits || [];
  const values = points.map((point) => point.value).filter((value) => value !== null);
  const top = roundUp(Math.max(...values, ...limits.filter((limit) => limit.kind === "warning").map((l) => l.value * 1.1), 1e-3));
  const step = (BOX.width - BOX.left - BOX.right) / points.length;
  const x = (index) => BOX.left + index * step;
  const y = (value) => BOX.height - BOX.bottom - (value / top) * (BOX.height - BOX.top - BOX.bottom);
  const svg = shape("svg", { viewBox: `0 0 ${BOX.width} ${BOX.height}`, role: "img", "aria-label": options.summary });
  drawAxes(svg, points, top, { x, y, step, format: options.format });
  points.forEach((point, index) => {
    if (point.value === null) svg.append(shape("rect", { class: "gap", x: x(index), y: BOX.top, width: step, height: y(0) - BOX.top }));
  });
  if (options.bars) drawBars(svg, points, x, y, step);
  else drawCurve(svg, points, (index) => x(index) + step / 2, y);
  for (const limit of limits) if (limit.value <= top) drawLimit(svg, limit, y(limit.value), options.format);
  drawHits(svg, points, x, step, y(0));
  place.replaceChildren(svg);
}

function drawAxes(svg, points, top, scale) {
  for (const value of [0, top / 2, top]) {
    svg.append(shape("line", { class: "axis", x1: BOX.left, x2: BOX.width - BOX.right, y1: scale.y(value), y2: scale.y(value) }));
    svg.append(shape("text", { x: BOX.left - 4, y: scale.y(value) + 4, "text-anchor": "end" }, scale.format(value)));
  }
  const marks = [[0, "start"], [Math.floor(points.length / 2), "middle"], [points.length - 1, "end"]];
  for (const [index, anchor] of marks) {
    const at = anchor === "start" ? BOX.left : anchor === "end" ? BOX.width - BOX.right : scale.x(index) + scale.step / 2;
    svg.append(shape("text", { x: at, y: BOX.height - 4, "text-anchor": anchor }, points[index].label));
  }
}

function drawBars(svg, points, x, y, step) {
  points.forEach((point, index) => {
    if (point.value === null) return;
    const filling = index === points.length - 1 ? " filling" : "";
    svg.append(shape("rect", { class: `bar${filling}`, x: x(index) + step * 0.1, width: step * 0.8, y: y(point.value), height: y(0) - y(point.value) }));
  });
}

// Lines join neighbouring minutes only; every value has a dot, so that a lone one is seen.
function drawCurve(svg, points, x, y) {
  let path = "";
  points.forEach((point, index) => {
    if (point.value === null) return;
    const joined = index > 0 && points[index - 1].value !== null;
    path += `${joined ? "L" : "M"}${x(index)} ${y(point.value)}`;
    svg.append(shape("circle", { class: "dot", cx: x(index), cy: y(point.value), r: 2 }));
  });
  svg.append(shape("path", { class: "curve", d: path }));
}

function drawLimit(svg, limit, at, format) {
  svg.append(shape("line", { class: limit.kind, x1: BOX.left, x2: BOX.width - BOX.right, y1: at, y2: at }));
  svg.append(shape("text", { x: BOX.width - BOX.right, y: limit.kind === "warning" ? at + 11 : at - 3, "text-anchor": "end" }, `${limit.kind} ${format(limit.value)}`));
}

function drawHits(svg, points, x, step, bottom) {
  points.forEach((point, index) => {
    const hit = shape("rect", { class: "hit", x: x(index), y: BOX.top, width: step, height: bottom - BOX.top });
    hit.append(shape("title", {}, `${point.label}: ${point.note}`));
    svg.append(hit);
  });
}
