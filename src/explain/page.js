"use strict";
const lesson = JSON.parse(document.getElementById("lesson").textContent);
const all = (selector) => [...document.querySelectorAll(selector)];
const shown = (x) => (typeof x === "number" ? String(x) : x === "Infinity" ? "∞" : x === "-Infinity" ? "-∞" : x);
const rowsOf = new Map();
for (const row of all("tr[data-pull]")) {
  const key = row.dataset.pull;
  rowsOf.set(key, [...(rowsOf.get(key) || []), row]);
}
let at = 0;

// The adjoint that each name has after a frame: what stands last in its row.
function adjoint(frame) {
  const pieces = frame.text.split(" = ");
  return pieces[pieces.length - 1].trim();
}

function bars(until) {
  const known = new Map();
  for (const frame of lesson.frames.slice(0, until + 1)) {
    if (frame.seed) {
      const first = lesson.backward[0];
      if (first) known.set(first.step, shown(first.d));
    } else if (frame.bar) {
      const target = lesson.steps.findIndex((step) => barName(step.name) === frame.bar);
      if (target >= 0) known.set(target, adjoint(frame));
    }
  }
  return known;
}

function barName(name) {
  const end = name.search(/[[.]/);
  return end < 0 ? name + "_bar" : name.slice(0, end) + "_bar" + name.slice(end);
}

function show(frame) {
  all(".on, .target").forEach((element) => element.classList.remove("on", "target"));
  const forward = frame.pull === undefined && !frame.seed;
  const top = frame.seed && lesson.backward.length ? lesson.backward[0].step : frame.step;
  all(`[data-step="${top}"]`).forEach((element) => {
    if (forward || element.tagName !== "TR") element.classList.add("on");
  });
  if (forward) {
    all(`.edge[data-to="${top}"]`).forEach((edge) => edge.classList.add("on"));
  } else if (frame.pull !== undefined) {
    const row = (rowsOf.get(String(frame.pull)) || [])[frame.row];
    if (row) row.classList.add("on");
    const target = lesson.steps.findIndex((step) => barName(step.name) === frame.bar);
    all(`g[data-step="${target}"]`).forEach((node) => node.classList.add("target"));
    all(`.edge[data-from="${target}"][data-to="${top}"]`).forEach((edge) => edge.classList.add("on"));
  }
}

// Keeps the row that is spoken of in sight, below the drawing.
function follow() {
  const row = document.querySelector("tr.on");
  if (!row) return;
  row.style.scrollMarginTop = document.getElementById("stage").offsetHeight + 12 + "px";
  row.scrollIntoView({ block: "nearest" });
}

function go(to) {
  at = Math.max(0, Math.min(lesson.frames.length - 1, to));
  const frame = lesson.frames[at];
  show(frame);
  const done = new Set(lesson.frames.slice(0, at + 1).map((f) => f.step));
  const known = bars(at);
  for (const node of all("g.node")) {
    const step = Number(node.dataset.step);
    node.classList.toggle("known", done.has(step));
    const bar = known.get(step);
    node.querySelector(".adjoint").textContent = bar === undefined ? "" : barName(lesson.steps[step].name) + " = " + bar;
  }
  const seed = lesson.backward[0];
  document.getElementById("formula").textContent =
    frame.seed && seed ? `${barName(lesson.steps[seed.step].name)} = ${shown(seed.d)}   the seed` : frame.text;
  document.getElementById("count").textContent = `${at + 1} of ${lesson.frames.length}`;
  document.getElementById("back").disabled = at === 0;
  document.getElementById("next").disabled = at === lesson.frames.length - 1;
}

document.getElementById("next").addEventListener("click", () => { go(at + 1); follow(); });
document.getElementById("back").addEventListener("click", () => { go(at - 1); follow(); });
document.addEventListener("keydown", (event) => {
  const steps = { ArrowRight: 1, ArrowLeft: -1 };
  if (event.key in steps && !event.ctrlKey && !event.metaKey && !event.altKey) {
    go(at + steps[event.key]);
    follow();
    event.preventDefault();
  }
});
go(0);
