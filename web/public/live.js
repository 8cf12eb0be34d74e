// Keeps an open page true: realtime says what changed, the page asks web how it looks now. One connection serves all windows.
const list = () => document.querySelector("#list");
const busy = new Map();
// One request at a time per thing; changes that arrive meanwhile trigger one more afterwards.
async function once(key, work) {
  if (busy.has(key)) return busy.set(key, true);
  busy.set(key, false);
  await work().catch(() => {});
  const again = busy.get(key);
  busy.delete(key);
  if (again) once(key, work);
}

const readList = () =>
  once("list", async () => {
    if (!list() || list().querySelector("details[open]")) return;
    const url = new URL(carillon.listAddress(), location.href);
    const rows = list().querySelectorAll("[data-task]").length;
    if (rows > 50) url.searchParams.set("rows", String(Math.ceil(rows / 50) * 50));
    const headers = { "X-Live": "1", "HX-Target": "section#list" };
    const at = carillon.rows().indexOf(carillon.rowHere());
    await htmx.ajax("GET", url.pathname + url.search, { target: "#list", swap: "innerMorph", headers });
    const left = carillon.rows();
    if (at >= 0 && document.activeElement === document.body) carillon.focusOn(left[Math.min(at, left.length - 1)]);
    askAgain();
  });
carillon.readList = readList;
const readRow = (id) =>
  once(id, async () => {
    const url = `/tasks/${id}/row?in=${encodeURIComponent(carillon.listAddress())}`;
    const answer = await fetch(url, { headers: { "X-Live": "1" }, redirect: "manual" });
    const text = answer.ok ? await answer.text() : "";
    const row = document.getElementById(`task-${id}`);
    // Moved within the list, or removed from it: only the whole list shows where.
    if (!row || !text.includes(`data-place="${row.dataset.place}"`)) return readList();
    await htmx.swap({ sourceElement: row, target: row, swap: "outerMorph", text });
  });
function changed(frame) {
  const { event_type: type, task_id: id, version } = frame;
  const own = carillon.underWay.get(id) ?? carillon.adding;
  if (own) return void own.then(() => changed(frame));
  const open = document.querySelector(`[data-task-page="${id}"]`);
  if (open && version > Number(open.dataset.version) && !carillon.followTask())
    open.querySelector("[data-changed-elsewhere]").hidden = false;
  if (open) for (const panel of document.querySelectorAll("#reminders:not(:focus-within)")) htmx.trigger(panel, "changed");
  if (type === "reminder.sent") carillon.ring?.(id);
  // What this window did itself, it has seen.
  if (id && carillon.known.get(id) >= version) return;
  if (id && document.getElementById(`task-${id}`) && !("whole" in list().dataset)) readRow(id);
  else readList();
}

// The server says how long the page stays true by itself: until a task is due, or midnight.
let again;
function askAgain() {
  clearTimeout(again);
  const ms = Number(document.querySelector("[data-again-ms]")?.dataset.againMs);
  if (ms > 0) again = setTimeout(() => (document.hidden ? askAgain() : readList()), Math.min(ms, 2 ** 31 - 1));
}
setInterval(() => {
  if (document.hidden || !document.querySelector("#day")) return;
  once("day", () => htmx.ajax("GET", "/day", { target: "#day", swap: "innerHTML", headers: { "X-Live": "1", "X-Part": "dialog" } }));
}, 60_000);
addEventListener("visibilitychange", () => document.hidden || readList());

// The change after which the stream goes on: what the page shows already is not sent again.
let last = document.body.dataset.change;
const channel = "BroadcastChannel" in window ? new BroadcastChannel("carillon-live") : null;
function hear({ id, event, data }) {
  if (id) last = id;
  if (event === "resync") readList();
  else changed(data);
}
if (channel) channel.onmessage = ({ data }) => hear(data);
function tell(event) {
  const frame = { id: event.lastEventId, event: event.type, data: JSON.parse(event.data) };
  channel?.postMessage(frame);
  hear(frame);
}
let source, waitMs = 1_000;
carillon.isListener = () => source !== undefined && source.readyState !== EventSource.CLOSED;
function listen() {
  source?.close();
  source = new EventSource(`/stream?after=${last}`);
  source.addEventListener("task.changed", tell);
  source.addEventListener("resync", tell);
  source.onopen = () => (waitMs = 1_000);
  source.onerror = () => {
    // After a lost connection the browser itself retries. An answer that was no stream may mean "signed out": reading the list shows it.
    if (source.readyState !== EventSource.CLOSED) return;
    readList();
    setTimeout(listen, (waitMs = Math.min(waitMs * 2, 60_000)));
  };
}
if (last !== undefined) {
  askAgain();
  // The window that holds the lock listens for all; the next one follows it. Without locks (plain http) each visible one listens itself.
  if (navigator.locks && channel) navigator.locks.request("carillon-live", () => new Promise(() => listen()));
  else {
    const whileSeen = () => (document.hidden ? source?.close() : listen());
    document.addEventListener("visibilitychange", whileSeen);
    addEventListener("pagehide", () => source?.close());
    addEventListener("pageshow", whileSeen);
  }
}
