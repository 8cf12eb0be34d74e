// Comforts of a page; nothing here is needed to use it. `carillon.does` names what a key, a button or a menu may do.
const root = document.documentElement;
root.classList.add("js");
const carillon = (window.carillon = { does: {}, listAddress, toast, waiting, known: new Map() });
const find = (selector, within = document) => within.querySelector(selector);

/** The address of the list on the page, filters and all; a task's details may lie over it. */
function listAddress() {
  return find("#list")?.dataset.list ?? location.pathname + location.search;
}

// Messages disappear after a while, unless the pointer or the focus is on them.
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

/** Shows a sentence from a template of the page. */
function toast(template) {
  const message = find(`#${template}`);
  if (message && toasts) toasts.replaceChildren(message.content.cloneNode(true));
}
// No answer at all: the page stays as it is, with what was typed, and says so.
addEventListener("htmx:error", () => toast("offline-toast"));

// A line at the top while an answer takes longer than an eye forgives.
let pending = 0;
const slowMs = 150;
async function waiting(answer) {
  pending++;
  setTimeout(() => root.classList.toggle("progress-on", pending > 0), slowMs);
  try {
    return await answer;
  } finally {
    pending--;
    if (pending === 0) root.classList.remove("progress-on");
  }
}
addEventListener("htmx:before:request", () => {
  const { promise, resolve } = Promise.withResolvers();
  waiting(promise);
  addEventListener("htmx:finally:request", resolve, { once: true });
});

const offline = () => root.classList.toggle("offline", !navigator.onLine || isKept());
addEventListener("online", () => {
  offline();
  if (isKept()) location.reload();
  else carillon.readList?.();
});
addEventListener("offline", offline);

// A page that the service worker kept says of when it is.
const keptAt = document.body.dataset.kept;
const isKept = () => keptAt !== undefined;
if (keptAt && find("#outbox-count")) {
  const { hourCycle, dateOrder } = document.body.dataset;
  const locale = dateOrder === "mdy" ? "en-US" : "en-GB";
  const time = new Date(keptAt).toLocaleString(locale, { dateStyle: "medium", timeStyle: "short", hourCycle });
  find("#outbox-count").before(`This page is of ${time}. `);
}
offline();
if (document.body.dataset.user)
  addEventListener("load", () => navigator.serviceWorker?.register("/worker.js").catch(() => {}));
// Lists that were kept for reading do not outlive a sign-out.
addEventListener("submit", ({ target }) => {
  if (target.getAttribute("action") === "/sign-out") window.caches?.delete("carillon-lists");
});

addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-dismiss], [data-open], [data-does]");
  if (!pressed || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const does = carillon.does[pressed.dataset.does];
  if (pressed.dataset.open) find(`#${pressed.dataset.open}`)?.showModal();
  else if (does) {
    if (does(pressed) !== false) event.preventDefault();
  } else if ("dismiss" in pressed.dataset) (pressed.closest("[data-toast]") ?? pressed.closest("dialog"))?.remove();
});
// A press beside a dialog closes it.
addEventListener("click", ({ target, clientX: x, clientY: y }) => {
  if (target.nodeName !== "DIALOG") return;
  const { left, right, top, bottom } = target.getBoundingClientRect();
  if (x < left || x > right || y < top || y > bottom) target.close();
});

// A new account starts in the zone of its device.
const zoneField = find("[data-own-zone]");
const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zoneField && ownZone) {
  if (![...zoneField.options].some(({ value }) => value === ownZone)) zoneField.add(new Option(ownZone, ownZone));
  zoneField.value = ownZone;
}
const zoneLink = find("[data-zone-link]");
if (zoneLink && ownZone) zoneLink.search += `${zoneLink.search ? "&" : "?"}time_zone=${encodeURIComponent(ownZone)}`;
