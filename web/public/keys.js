// Keys, from the table that the help shows. A letter counts by its name where the layout has Latin ones, else by its place.
const table = new Map(
  [...document.querySelectorAll("[data-key][data-for]")].map(({ dataset }) => [dataset.key, dataset.for]),
);
const { does: acts, rows: allRows, rowHere: here, focusOn: focusRow } = carillon;

/** The key's name as the table has it. */
function keyOf({ key, code }) {
  if (/^[\x20-\x7e]$/.test(key)) return key;
  const place = /^(?:Key|Digit)(.)$/.exec(code)?.[1]?.toLowerCase();
  return place ?? { Slash: "/", Backslash: "#" }[code] ?? key;
}
carillon.keyOf = (event) => keyOf(event).toLowerCase();

const step = (by) => () => {
  const all = allRows();
  const at = all.indexOf(here());
  focusRow(all[at === -1 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(at + by, all.length - 1))]);
};
Object.assign(acts, {
  next: step(1),
  previous: step(-1),
  help: () => document.querySelector("#shortcuts")?.showModal(),
  add: () => {
    const field = document.querySelector(".quick-title");
    if (!field) return location.assign("/today#new-title");
    // A page without a line of its own has one in a dialog.
    const dialog = field.closest("dialog");
    if (dialog && !dialog.open) dialog.showModal();
    field.focus();
  },
  // The day is the form's own field, so it is seen and can be taken back.
  "add-on": ({ dataset }) => {
    document.querySelector("#new-date").value = dataset.day;
    document.querySelector(".quick-more").open = true;
    acts.add();
  },
  inbox: () => location.assign("/inbox"),
  today: () => location.assign("/today"),
  upcoming: () => location.assign("/upcoming"),
  month: () => location.assign("/month"),
  all: () => location.assign("/all"),
});
let first = "";
addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const control = event.ctrlKey || event.metaKey;
  if (control && carillon.keyOf(event) === "k" && acts.find() !== false) return event.preventDefault();
  if (event.key === "Escape" && typing && !typing.closest("dialog")) typing.blur();
  if (control || typing || document.querySelector("dialog[open]") || document.body.dataset.shortcuts !== "on") return;
  // Caps Lock is no Shift.
  const name = table.has(keyOf(event)) ? keyOf(event) : carillon.keyOf(event);
  const sequence = first ? `${first} ${name}` : name;
  first = "";
  if (!table.has(sequence) && [...table.keys()].some((key) => key.startsWith(`${sequence} `))) first = sequence;
  const act = acts[table.get(sequence)];
  // Enter and Space belong to the button or link that has the focus.
  if (!act || (/^( |Enter)$/.test(event.key) && event.target.closest("a, button, summary"))) return;
  event.preventDefault();
  act();
});

const named = ["#search", "#new-title"].includes(location.hash) && document.querySelector(location.hash);
if (named) named.focus();
addEventListener("click", (event) => {
  const line = event.target.closest?.("[data-write]")?.dataset.write;
  const field = document.querySelector(".quick-title");
  if (!line || !field) return;
  event.preventDefault();
  field.value = line;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
