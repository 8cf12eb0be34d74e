// Comforts of a page; nothing here is needed to use it.
const root = document.documentElement;
root.classList.add("js");
const find = (selector, within = document) => within.querySelector(selector);

// Messages go by themselves after a while, unless somebody points at them or stands in them.
const toasts = find("#toasts");
const toastMs = 10_000;
const retire = (toast) => {
  setTimeout(() => (toast.matches(":hover, :focus-within") ? retire(toast) : toast.remove()), toastMs);
};
if (toasts) {
  for (const toast of toasts.children) retire(toast);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === 1) retire(node);
  }).observe(toasts, { childList: true });
}

// No answer at all: the page stays as it is, with what was typed, and says so.
addEventListener("htmx:error", () => {
  const message = find("#offline-toast");
  if (message && toasts) toasts.replaceChildren(message.content.cloneNode(true));
});

addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-dismiss], [data-open]");
  if (!pressed) return;
  if (pressed.dataset.open) find(`#${pressed.dataset.open}`)?.showModal();
  else pressed.closest("[data-toast]")?.remove();
});

// A new account starts in the zone of its device.
const zoneField = find("[data-own-zone]");
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zoneField && ownZone) {
  if (![...zoneField.options].some(({ value }) => value === ownZone)) zoneField.add(new Option(ownZone, ownZone));
  zoneField.value = ownZone;
}

// Keys. The row in hand is the one with the focus.
const titles = () => [...document.querySelectorAll("#list a.task-title")];
const here = () => titles().findIndex((title) => title.closest(".task").contains(document.activeElement));
const focusRow = (index) => titles().at(Math.max(0, Math.min(index, titles().length - 1)))?.focus();

const keys = {
  n: () => {
    const field = find("[data-key=n]");
    if (field) field.focus();
    else location.assign("/today#new-title");
  },
  "/": () => {
    const field = find("#search");
    if (field) field.focus();
    else location.assign("/all#search");
  },
  j: () => focusRow(here() + 1),
  k: () => focusRow(here() - 1),
  c: () => titles()[here()]?.closest(".task").querySelector("[data-check]")?.click(),
  "?": () => find("#shortcuts")?.showModal(),
};

addEventListener("keydown", (event) => {
  const busy = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || find("dialog[open]");
  const typing = event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  if (event.key === "Escape" && typing) typing.blur();
  if (busy || typing || document.body.dataset.shortcuts !== "on" || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});

// When a row goes (completed, deleted), the focus goes to its neighbour instead of nowhere.
let lastRow = -1;
addEventListener("htmx:before:request", () => {
  lastRow = here();
});
addEventListener("htmx:after:swap", () => {
  if (lastRow >= 0 && document.activeElement === document.body) focusRow(lastRow);
});

const named = ["#search", "#new-title"].includes(location.hash) && find(location.hash);
if (named) named.focus();
