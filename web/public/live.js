// Keeps an open page true: realtime says what changed, the page asks web how it looks now.
const list = () => document.querySelector("#list");
const busy = new Map();
// One at a time per thing; what comes meanwhile is done once more afterwards.
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
    const url = new URL(location.href);
    const rows = list().querySelectorAll("[data-task]").length;
    if (rows > 50) url.searchParams.set("rows", String(Math.ceil(rows / 50) * 50));
    const headers = { "X-Live": "1", "HX-Target": "section#list" };
    await htmx.ajax("GET", url.pathname + url.search, { target: "#list", swap: "innerMorph", headers });
  });
const readRow = (id) =>
  once(id, async () => {
    const here = encodeURIComponent(location.pathname + location.search);
    const answer = await fetch(`/tasks/${id}/row?in=${here}`, { headers: { "X-Live": "1" }, redirect: "manual" });
    const text = answer.ok ? await answer.text() : "";
    const row = document.getElementById(`task-${id}`);
    // Another place in the list, or none: only the whole list can say where.
    if (!row || !text.includes(`data-place="${row.dataset.place}"`)) return readList();
    await htmx.swap({ sourceElement: row, target: row, swap: "outerMorph", text });
  });
function changed({ task_id: id, version }) {
  const open = document.querySelector(`[data-task-page="${id}"]`);
  if (open && version > Number(open.dataset.version)) open.querySelector("[data-changed-elsewhere]").hidden = false;
  if (open) for (const panel of document.querySelectorAll("#reminders:not(:focus-within)")) htmx.trigger(panel, "changed");
  if (id && document.getElementById(`task-${id}`)) readRow(id);
  else readList();
}
let source, waitMs = 1_000;
// A window nobody sees holds no connection (a browser has six per site); each new connection begins by reading everything anew.
function listen() {
  source?.close();
  if (document.hidden) return;
  source = new EventSource("/stream");
  source.addEventListener("task.changed", (event) => changed(JSON.parse(event.data)));
  source.addEventListener("resync", readList);
  source.onopen = () => void ((waitMs = 1_000), readList());
  source.onerror = () => {
    // After a lost connection the browser itself tries again. An answer that was no stream may mean "signed out": the list knows.
    if (source.readyState !== EventSource.CLOSED) return;
    readList();
    setTimeout(listen, (waitMs = Math.min(waitMs * 2, 60_000)));
  };
}
document.addEventListener("visibilitychange", listen);
addEventListener("pagehide", () => source?.close());
addEventListener("pageshow", listen);
