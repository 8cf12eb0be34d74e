// What could not be sent waits on this device until the line, or the session, is back. Sending it twice does it once: a new task
// goes with its own Idempotency-Key, and each act says what shall be, not what shall change.
const outboxKey = `carillon-outbox-${document.body.dataset.user}`;
/** Entries kept at most; one more is not kept, and says so. */
const maxEntries = 200;
const [soonMs, lateMs] = [5_000, 60_000];
let pauseMs = soonMs;
let retry;

function entries() {
  try {
    return JSON.parse(localStorage.getItem(outboxKey)) ?? [];
  } catch {
    return [];
  }
}
/** False when the device keeps no more. */
function write(all) {
  try {
    if (all.length === 0) localStorage.removeItem(outboxKey);
    else localStorage.setItem(outboxKey, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}
function put(entry) {
  const others = entries().filter(({ id }) => id !== entry.id);
  return document.body.dataset.user !== undefined && others.length < maxEntries && write([...others, entry]);
}
function drop(id) {
  pauseMs = soonMs;
  return write(entries().filter((entry) => entry.id !== id));
}

/** True for a failure that time heals: no line, no session, a server that is away or busy. */
const mayHeal = (error) => error instanceof TypeError || error.status === 401 || error.status === 429 || error.status >= 500;

/** Marks the rows of acts that wait, and says how many changes do. */
function draw() {
  const all = entries();
  const acts = all.filter(({ kind }) => kind === "act");
  for (const row of carillon.rows()) {
    const waits = acts.some(({ ids }) => ids.includes(row.dataset.task));
    row.classList.toggle("task-waiting", waits);
    // Unlike `remove`, it changes nothing where there is nothing to change: the observer below would be called without end.
    if (waits) row.classList.toggle("task-leaving", false);
  }
  const bar = document.querySelector("#outbox-count");
  if (bar) bar.textContent = acts.length === 0 ? "" : acts.length === 1 ? " 1 change waits." : ` ${acts.length} changes wait.`;
}

/** Keeps an act for later; false when it cannot be kept. */
function keepAct(act) {
  const kept = put({ ...act, id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, kind: "act" });
  draw();
  if (kept) again();
  return kept;
}
async function sendActs() {
  for (const { id, kind, url, body } of entries()) {
    if (kind !== "act") continue;
    try {
      await carillon.send(url, new URLSearchParams(body));
    } catch (error) {
      if (mayHeal(error)) return again();
    }
    drop(id);
    draw();
  }
}
/** Sends what waits, in the order in which it was done; one window of the browser at a time. */
async function flush() {
  clearTimeout(retry);
  retry = undefined;
  if (entries().some(({ kind }) => kind === "act"))
    await (navigator.locks ? navigator.locks.request("carillon-outbox", sendActs) : sendActs()).catch(() => {});
  carillon.sendLines?.();
  carillon.saveTask?.();
}
/** However many things wait, they are tried again together. */
function again() {
  if (retry !== undefined) return;
  retry = setTimeout(flush, pauseMs);
  pauseMs = Math.min(pauseMs * 2, lateMs);
}
/** The last act that waits, taken off again; false when none does. */
function takeBack() {
  const last = entries().findLast(({ kind }) => kind === "act");
  if (!last) return false;
  drop(last.id);
  draw();
  return true;
}
carillon.outbox = { put, drop, entries, keepAct, mayHeal, again, takeBack };
addEventListener("online", () => {
  pauseMs = soonMs;
  flush();
});
addEventListener("focus", () => entries().length > 0 && flush());
addEventListener("visibilitychange", () => document.hidden || entries().length === 0 || flush());
const shownList = document.querySelector("#list");
if (shownList) new MutationObserver(draw).observe(shownList, { childList: true, subtree: true, attributeFilter: ["class"] });
setTimeout(() => {
  draw();
  if (entries().length > 0) flush();
});
