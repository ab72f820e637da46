// Sorting and filtering of the grid. Without it the page shows everything, in the order of the ids.
"use strict";

const table = document.querySelector("[data-sortable]");
const body = table.tBodies[0];
const rows = [...body.rows];

function value(row, index) {
  const cell = row.cells[index];
  if (index === 0) return cell.textContent;
  const points = parseFloat(cell.firstChild?.nodeValue ?? "");
  return Number.isNaN(points) ? -1 : points;
}

function compare(one, other, index) {
  const [a, b] = [value(one, index), value(other, index)];
  return index === 0 ? a.localeCompare(b, undefined, { numeric: true }) : a - b;
}

// Names begin with the first one, points with the most.
function sort(heading, index) {
  const first = index === 0 ? "ascending" : "descending";
  const second = index === 0 ? "descending" : "ascending";
  const direction = heading.getAttribute("aria-sort") === first ? second : first;
  const sign = direction === "ascending" ? 1 : -1;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", direction);
  body.append(...rows.toSorted((one, other) => sign * compare(one, other, index)));
}

[...table.tHead.rows[0].cells].forEach((heading, index) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...heading.childNodes);
  heading.append(button);
  button.addEventListener("click", () => sort(heading, index));
});

const controls = document.querySelector("[data-controls]");
const filter = controls.querySelector("[data-filter]");
const open = controls.querySelector("[data-open]");
const count = controls.querySelector("[data-count]");

function show() {
  const wanted = filter.value.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    const text = `${row.cells[0].textContent} ${row.dataset.more ?? ""}`.toLowerCase();
    row.hidden = !text.includes(wanted) || (open.checked && !row.classList.contains("open"));
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} shown`;
}

filter.addEventListener("input", show);
open.addEventListener("change", show);
controls.hidden = false;
show();

addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => (one.open = true)));
