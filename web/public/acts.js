// Acts on tasks. The row answers at once; the server's answer, rows and counts and a message, makes it true.
const { does, known } = carillon;
const rows = () => [...document.querySelectorAll("#list li[data-task]")];
const rowOf = (id) => document.getElementById(`task-${id}`);
const rowHere = () => document.activeElement?.closest?.("li[data-task]") ?? null;
let acting = null;
/** Ids of the tasks an act is meant for: the chosen ones, else the row that a menu belongs to or the focus is in. */
function targets() {
  const chosen = rows().filter((row) => "chosen" in row.dataset);
  if (chosen.length > 0) return chosen.map((row) => row.dataset.task);
  const row = acting ?? rowHere() ?? document.querySelector("[data-task-page]");
  return row ? [row.dataset.task ?? row.dataset.taskPage] : [];
}
const focusOn = (row) => (row?.querySelector("a.task-title") ?? row?.querySelector("button"))?.focus();

/** Acts under way by the task they are for: what realtime says of it meanwhile waits for their answer. */
const underWay = new Map();
const unanswered = new Set();
async function send(action, body = new URLSearchParams(), part = "act") {
  const id = /\/tasks\/([0-9a-f-]{36})/.exec(action)?.[1];
  const work = post(action, body, part);
  const ended = work.catch(() => {});
  unanswered.add(ended);
  if (id) underWay.set(id, ended);
  try {
    return await work;
  } finally {
    unanswered.delete(ended);
    underWay.delete(id);
  }
}
/** Bytes of a request that browsers send on after its page was left. */
const maxKeptAlive = 60_000;
/** An act goes on when its page is left meanwhile. */
async function post(action, body, part) {
  const url = new URL(action, location.href);
  url.searchParams.set("back", carillon.listAddress());
  const headers = { "HX-Request": "true", "X-Part": part };
  const keepalive = body.toString().length < maxKeptAlive;
  const answer = await carillon.waiting(fetch(url, { method: "POST", body, headers, keepalive }));
  const text = await answer.text();
  apply(text);
  if (url.pathname === "/undo") pass(text);
  if (!answer.ok) throw Object.assign(new Error(`answered ${answer.status}`), { status: answer.status });
}

/** Puts the parts of an answer where they belong, and reads the list again where that alone can say where a row stands now. */
function apply(text) {
  const answer = new DOMParser().parseFromString(text, "text/html");
  for (const part of answer.querySelectorAll("hx-partial")) {
    const place = document.querySelector(part.getAttribute("hx-target"));
    if (!place) continue;
    place.replaceChildren(...part.childNodes);
    htmx.process(place);
  }
  const saved = answer.querySelector("template[data-saved]");
  if (saved) carillon.saved(saved);
  // What came before a saved field is not the last change any more.
  if (saved) sessionStorage.removeItem(undoKey);
  const templates = [...answer.querySelectorAll("template[data-row]")];
  if (templates.map(settle).includes(false) || answer.querySelector("template[data-read]")) carillon.readList?.();
  keepUndo();
}

/** False when the list has to be read again. */
function settle({ dataset, content }) {
  const row = rowOf(dataset.row);
  if (dataset.version) known.set(dataset.row, Number(dataset.version));
  if (dataset.place === "gone") return row ? leave(row) : true;
  if (!row || row.dataset.place !== dataset.place) return false;
  const hadFocus = row.contains(document.activeElement);
  const fresh = content.firstElementChild;
  if ("chosen" in row.dataset) fresh.dataset.chosen = "";
  row.replaceWith(fresh);
  htmx.process(fresh);
  if (hadFocus) focusOn(fresh);
  return true;
}

/** Takes a row away; the focus goes to its neighbour. False when the page then lacks something only the server can draw. */
function leave(row) {
  const all = rows();
  const at = all.indexOf(row);
  const hadFocus = row.contains(document.activeElement) || document.activeElement === document.body;
  const group = row.closest(".group");
  row.remove();
  if (hadFocus) focusOn(all[at + 1] ?? all[at - 1]);
  const left = group?.querySelectorAll("li").length ?? 0;
  if (left === 0) group?.remove();
  return !(group?.querySelector(".group-all") && left < 3) && rows().length > 0;
}

/** Does it to the eye first. What cannot be sent now is kept for later, with `later`: fields that mean the same on another day. */
async function act(verb, ids, fields = {}, later = {}) {
  const left = verb === "complete" || verb === "delete" ? ids.map(rowOf).filter(Boolean) : [];
  for (const row of left) row.classList.add("task-leaving");
  const body = new URLSearchParams(fields);
  const url = ids.length === 1 ? `/tasks/${ids[0]}/${verb}` : "/tasks/many";
  if (ids.length > 1) {
    for (const id of ids) body.append("ids", id);
    body.set("verb", verb);
  }
  try {
    await send(url, body);
  } catch (error) {
    for (const row of left) row.classList.remove("task-leaving");
    for (const [name, value] of Object.entries(later)) body.set(name, value);
    const kept = carillon.outbox.mayHeal(error) && carillon.outbox.keepAct({ ids, url, body: body.toString() });
    if (error instanceof TypeError) carillon.toast(kept ? "kept-toast" : "offline-toast");
  }
}
carillon.hold = (row) => {
  acting = row;
};
Object.assign(carillon, { act, apply, send, targets, rows, rowHere, focusOn, underWay });

addEventListener("submit", (event) => {
  const form = event.target;
  const kind = form.dataset?.act;
  if (!kind || event.defaultPrevented) return;
  const row = form.closest("li[data-task]");
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  if (kind === "date") {
    form.closest("dialog").close();
    if (form.dataset.all) send(form.dataset.all, body).catch(() => {});
    else act("date", targets(), body, event.submitter?.dataset.day ? { to: event.submitter.dataset.day } : {});
    form.reset();
  } else if (row) act(kind, [row.dataset.task]);
  else send(form.getAttribute("action"), body).catch(() => {});
});

// The last way back stays at hand when its message has gone.
const undoKey = "carillon-undo";
function keepUndo() {
  const form = document.querySelector("#toasts form[data-act=undo]");
  if (form) sessionStorage.setItem(undoKey, form.getAttribute("action"));
}
keepUndo();
// Further back than that: through the history, past what this browser took back already.
const passedKey = `carillon-passed-${document.body.dataset.user}`;
const maxPassed = 200;
const passed = () => (localStorage.getItem(passedKey) ?? "").split(" ").filter(Boolean);
function pass(text) {
  const more = new DOMParser().parseFromString(text, "text/html").querySelector("[data-passed]")?.dataset.passed ?? "";
  localStorage.setItem(passedKey, [...passed(), ...more.split(" ").filter(Boolean)].slice(-maxPassed).join(" "));
}
does.undo = async () => {
  // The last act is the one under way: only its answer says how it is taken back.
  while (unanswered.size > 0) await Promise.all(unanswered);
  if (carillon.outbox.takeBack()) return;
  const action = sessionStorage.getItem(undoKey);
  sessionStorage.removeItem(undoKey);
  send(action ?? "/undo", new URLSearchParams(action ? [] : passed().map((id) => ["skip", id]))).catch(() => {});
};

const toRow = (verb, fields) => () => {
  const ids = targets();
  closeMenus();
  act(verb, ids, fields);
};
const closeMenus = () => {
  for (const dialog of document.querySelectorAll("dialog.popover[open]")) dialog.close();
};
does.complete = () => {
  const row = acting ?? rowHere();
  const form = (row ?? document.querySelector("#pane"))?.querySelector("form[data-act=complete], form[data-act=incomplete]");
  const ids = targets();
  closeMenus();
  if (ids.length > 1) act("complete", ids);
  else form?.requestSubmit();
};
does.delete = toRow("delete");
for (const priority of ["urgent", "high", "medium", "low"]) does[priority] = toRow("priority", { priority });
does.open = () => {
  const row = acting ?? rowHere();
  closeMenus();
  row?.querySelector("a.task-title")?.click();
};

/** Opens a dialog beside what it is about. */
function openBeside(dialog, anchor) {
  if (dialog.open) dialog.close();
  dialog.showModal();
  const beside = anchor?.getBoundingClientRect();
  if (!beside || innerWidth < 480) return dialog.removeAttribute("style");
  const { width, height } = dialog.getBoundingClientRect();
  dialog.style.margin = "0";
  dialog.style.left = `${Math.max(8, Math.min(beside.right - width, innerWidth - width - 8))}px`;
  dialog.style.top = `${Math.max(8, Math.min(beside.bottom + 4, innerHeight - height - 8))}px`;
}
does.late = (link) => {
  const dialog = document.querySelector("#date-dialog");
  if (!dialog) return false;
  dialog.querySelector(".popover-title").textContent = "All overdue tasks";
  dialog.querySelector("form").dataset.all = "/overdue/date";
  openBeside(dialog, link);
  dialog.querySelector("[data-pick]").focus();
};
does.menu = (button) => {
  acting = button.closest("li[data-task]");
  openBeside(document.querySelector("#row-menu"), button);
};
does.date = (anchor) => {
  const row = anchor?.closest?.("li[data-task]");
  if (row) acting = row;
  const ids = targets();
  const dialog = document.querySelector("#date-dialog");
  if (ids.length === 0 || !dialog) return false;
  const title = ids.length === 1 ? (acting ?? rowHere() ?? document).querySelector(".task-title")?.textContent : `${ids.length} tasks`;
  closeMenus();
  acting = row ?? acting ?? rowHere();
  dialog.querySelector(".popover-title").textContent = title ?? "Date";
  delete dialog.querySelector("form").dataset.all;
  openBeside(dialog, (acting ?? document.querySelector("#pane"))?.querySelector(".task-date") ?? anchor);
  dialog.querySelector("[data-pick]").focus();
};
addEventListener(
  "close",
  ({ target }) => {
    if (!target.matches?.("dialog.popover")) return;
    const row = acting;
    // The act that closed it still has to know its row.
    setTimeout(() => {
      if (document.querySelector("dialog.popover[open]")) return;
      if (document.activeElement === document.body) focusOn(row);
      acting = null;
    });
  },
  true,
);
addEventListener("keydown", (event) => {
  const dialog = event.target.closest?.("#date-dialog");
  if (!dialog || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = [...dialog.querySelectorAll("[data-pick]")];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) at[(at.indexOf(document.activeElement) + step + at.length) % at.length].focus();
  const picked = step ? null : at.find(({ dataset }) => dataset.pick === carillon.keyOf(event));
  if (!step && !picked) return;
  event.preventDefault();
  picked?.click();
});
addEventListener("click", async (event) => {
  const month = event.target.closest?.("[data-month]")?.dataset.month;
  if (!month) return;
  const answer = await carillon.waiting(fetch(`/dates?month=${month}`, { headers: { "X-Part": "dialog" } }));
  if (answer.ok) document.querySelector("#month").innerHTML = await answer.text();
});
