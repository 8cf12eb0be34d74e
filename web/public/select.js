// Many at once: rows are chosen by x or with Shift, and a bar says what may be done with them.
const { does: verbs, rows: every, rowHere: focused } = carillon;
const bar = document.querySelector("#bulk");
const chosen = () => every().filter((row) => "chosen" in row.dataset);
let anchor = null;

function choose(row, on = !("chosen" in row.dataset)) {
  if (on) row.dataset.chosen = "";
  else delete row.dataset.chosen;
  row.querySelector("a.task-title")?.toggleAttribute("aria-current", on);
  draw();
}
function draw() {
  const count = chosen().length;
  if (!bar) return;
  bar.hidden = count === 0;
  bar.querySelector(".bulk-count").textContent = `${count} selected`;
}
function clear() {
  for (const row of chosen()) choose(row, false);
}
function through(row) {
  const all = every();
  const [from, to] = [all.indexOf(anchor), all.indexOf(row)].toSorted((a, b) => a - b);
  for (const one of from < 0 ? [row] : all.slice(from, to + 1)) choose(one, true);
}
Object.assign(verbs, {
  select: () => {
    const row = focused();
    if (!row) return;
    anchor = row;
    choose(row);
  },
  "select-down": () => {
    const row = focused();
    if (!row) return;
    choose(row, true);
    verbs.next();
    if (focused()) choose(focused(), true);
  },
  "select-all": () => every().forEach((row) => choose(row, true)),
  clear,
});
// A press with Shift or Ctrl chooses instead of opening.
addEventListener(
  "click",
  (event) => {
    const row = event.target.closest?.("#list li[data-task]");
    if (!row || !(event.shiftKey || event.ctrlKey || event.metaKey) || event.target.closest(".tag-note")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.shiftKey) through(row);
    else choose(row);
    anchor = row;
    carillon.focusOn(row);
  },
  true,
);
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]") || chosen().length === 0) return;
  event.preventDefault();
  clear();
});
const list = document.querySelector("#list");
if (list && bar) new MutationObserver(draw).observe(list, { childList: true, subtree: true });
