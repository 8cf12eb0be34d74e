// A task's details beside its list, under the task's own address: Back closes them.
const pane = document.querySelector("#pane");
const wide = matchMedia("(min-width: 45rem)");
const headersOf = { "HX-Request": "true", "X-Part": "pane" };
let opener = null;
/** What of the details gets the focus once they are there. */
let wanted = null;
const opening = (selector) => () => {
  if (isOpen() && !carillon.rowHere()) return pane.querySelector(selector)?.focus();
  wanted = selector;
  carillon.does.open();
};
Object.assign(carillon.does, {
  title: opening("[name=title]"),
  tags: opening("[name=tags]"),
  reminders: opening("#reminders button"),
});

async function show(href) {
  const answer = await carillon.waiting(fetch(href, { headers: headersOf }));
  // The session has ended: the page stays, and says so.
  if (answer.status === 401) return carillon.apply(await answer.text());
  if (!answer.ok || answer.redirected) return location.assign(href);
  carillon.apply(await answer.text());
  document.body.classList.add("pane-open");
  carillon.editTask();
}
function close() {
  document.body.classList.remove("pane-open");
  pane?.replaceChildren();
  const row = document.getElementById(opener ?? "");
  carillon.focusOn(row);
  opener = null;
}
const isOpen = () => document.body.classList.contains("pane-open");
addEventListener("click", (event) => {
  const link = event.target.closest?.("a.task-title, a.day-next-task");
  if (!link || !pane || !document.querySelector("#list") || !wide.matches) return;
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  opener = link.closest("li")?.id ?? null;
  const state = { pane: true };
  if (isOpen()) history.replaceState(state, "", link.href);
  else history.pushState(state, "", link.href);
  const then = wanted ?? "h2, h1";
  wanted = null;
  show(link.href)
    .then(() => pane.querySelector(then)?.focus())
    .catch(() => carillon.toast("offline-toast"));
});
carillon.does.close = () => {
  if (!isOpen()) return false;
  if (history.state?.pane) history.back();
  else close();
};
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isOpen() || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if (!event.target.closest("input, textarea, select")) carillon.does.close();
});
const isList = () => location.pathname + location.search === carillon.listAddress();
const isOurs = () => document.querySelector("#list") !== null && (isList() || history.state?.pane);
addEventListener("popstate", () => {
  if (!isOurs()) return;
  // What cannot be saved now waits for the task to be opened again.
  carillon
    .saveTask()
    .then(() => (isList() ? close() : show(location.href)))
    .catch(() => carillon.toast("offline-toast"));
});
// htmx would read the whole page again.
addEventListener("htmx:before:history:restore", (event) => {
  if (isOurs()) event.preventDefault();
});

// Forms in the details: sent beside the page, answered there.
addEventListener("submit", async (event) => {
  const form = event.target;
  if (!pane?.contains(form) || form.matches("[hx-post]") || event.defaultPrevented) return;
  event.preventDefault();
  const action = event.submitter?.getAttribute("formaction") ?? form.getAttribute("action");
  const body = new URLSearchParams(new FormData(form, event.submitter));
  try {
    await carillon.send(action, body);
  } catch (error) {
    if (error instanceof TypeError) carillon.toast("offline-toast");
    return;
  }
  if (/\/delete$/.test(new URL(action, location.href).pathname)) carillon.does.close();
  else show(location.href).catch(() => {});
});
