// The quick-add line: its meaning while the user types, and a line that is cleared at once.
const line = () => document.querySelector(".quick-title");
const shownIn = () => document.querySelector("#understood");
const htmxHeaders = { "HX-Request": "true", "HX-Request-Type": "partial" };

// Words taken off their chips: sent in quotes, and shown in the field as they were typed.
let kept = [];
// The text that the chips on the page belong to.
let shownFor = "";
let asking = null;

/** The text with kept words in quotes, and the position of each quote. */
function quoted(text) {
  const spans = [];
  kept = kept.filter((words) => {
    for (let at = text.indexOf(words); at !== -1; at = text.indexOf(words, at + 1)) {
      if (spans.some(([from, to]) => at < to && at + words.length > from)) continue;
      spans.push([at, at + words.length]);
      return true;
    }
    return false;
  });
  const marks = spans.flat().sort((a, b) => a - b);
  const parts = [0, ...marks].map((from, index) => text.slice(from, marks[index] ?? text.length));
  return { text: parts.join('"'), marks };
}

/** The position of a code point of the sent text in the field. */
function placeOf({ text, marks }, point) {
  const at = Array.from(text).slice(0, point).join("").length;
  return marks.reduce((so, mark, index) => (at > mark + index ? so - 1 : so), at);
}

function showUnderstood(text) {
  const place = shownIn();
  if (!place || place.innerHTML === text) return;
  place.innerHTML = text;
}

async function ask() {
  const field = line();
  if (!field) return;
  const sent = quoted(field.value).text;
  asking?.abort();
  if (!sent.trim()) return void ((shownFor = ""), showUnderstood(""));
  asking = new AbortController();
  try {
    const body = new URLSearchParams({ title: sent });
    const answer = await fetch("/tasks/understood", { method: "POST", body, headers: htmxHeaders, signal: asking.signal });
    const text = answer.ok && !answer.redirected ? await answer.text() : "";
    // Only the answer to the current text counts: an older one says nothing about the line.
    if (line() !== field || quoted(field.value).text !== sent) return;
    shownFor = sent;
    showUnderstood(text);
  } catch {
    // No answer: the line is read again when it is sent.
  }
}

let timer;
const askSoon = () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
};

function keep(words) {
  kept.push(...words);
  line()?.focus();
  ask();
}

function putInstead({ instead, start, end }) {
  const field = line();
  const now = quoted(field.value);
  if (now.text !== shownFor) return;
  const [from, to] = [placeOf(now, Number(start)), placeOf(now, Number(end))];
  field.focus();
  field.setRangeText(instead, from, to, "end");
  ask();
}

addEventListener("input", (event) => {
  if (event.target === line() && !event.isComposing) askSoon();
});
addEventListener("compositionend", (event) => {
  if (event.target === line()) askSoon();
});

addEventListener("click", (event) => {
  const pressed = event.target.closest?.("[data-keep], [data-instead]");
  if (!pressed) return;
  if (pressed.dataset.keep) keep(JSON.parse(pressed.dataset.keep));
  else putInstead(pressed.dataset);
});

addEventListener("keydown", (event) => {
  if (event.isComposing || (event.key !== "Backspace" && event.key !== "Delete")) return;
  const off = event.target.closest?.("[data-keep]");
  if (off) {
    event.preventDefault();
    off.click();
    return;
  }
  const field = line();
  if (event.key !== "Backspace" || event.target !== field || field.selectionStart !== field.selectionEnd) return;
  const now = quoted(field.value);
  if (now.text !== shownFor) return;
  for (const chip of shownIn()?.querySelectorAll("[data-ends]") ?? []) {
    const at = JSON.parse(chip.dataset.ends).findIndex((end) => placeOf(now, end) === field.selectionStart);
    if (at === -1) continue;
    // The first Backspace at the end of understood words turns them back into words; the next one deletes.
    event.preventDefault();
    return keep([JSON.parse(chip.dataset.keep)[at]]);
  }
});

// Lines on their way, one after the other, each in a row of its own. They are kept on this device until they are saved.
const lines = [];
let isSending = false;
let count = 0;

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form.quick-add") || !document.querySelector("#pending")) return;
  event.preventDefault();
  const field = line();
  queue(form, quoted(field.value).text, field.value);
  clear(form);
  sendNext();
});
/** A task of these words, with what else the form says; it waits its turn. */
function queue(form, title, words) {
  const body = new URLSearchParams(new FormData(form));
  const key = `line-${Date.now()}-${Math.random().toString(36).slice(2)}-${count++}`;
  body.set("title", title);
  body.set("key", key);
  body.set("back", carillon.listAddress());
  const entry = { id: key, kind: "line", words, body: body.toString(), at: Date.now() };
  lines.push({ entry, isKept: carillon.outbox.put(entry), row: drawRow(words) });
}
function clear(form) {
  clearTimeout(timer);
  asking?.abort();
  form.reset();
  line().value = "";
  kept = [];
  shownFor = "";
  showUnderstood("");
  carillon.rememberLine();
  line().focus();
}

/** Adds one task for each of these lines, as if each had been written here. */
carillon.addLines = (all) => {
  const form = document.querySelector("form.quick-add");
  for (const words of all) queue(form, words, words);
  clear(form);
  sendNext();
};

function drawRow(words) {
  const row = document.querySelector("#pending-row").content.firstElementChild.cloneNode(true);
  row.querySelector(".pending-title").textContent = words;
  document.querySelector("#pending").append(row);
  return row;
}

async function sendNext() {
  if (isSending) return;
  const job = lines.find(({ failure }) => failure === undefined);
  if (!job) return;
  isSending = true;
  const sending = sendLine(job.entry).catch((error) => ({ text: "Not saved: no connection.", heals: error instanceof TypeError }));
  carillon.adding = sending;
  const failure = await sending;
  carillon.adding = null;
  isSending = false;
  if (failure === null) settleLine(job);
  else offerAgain(job, failure);
  sendNext();
}
function settleLine(job) {
  carillon.outbox.drop(job.entry.id);
  lines.splice(lines.indexOf(job), 1);
  job.row.remove();
  // Over another page the line goes when all is saved, so that its message is seen.
  const dialog = line()?.closest("dialog");
  if (dialog && lines.length === 0 && line().value === "") dialog.close();
}

/** Null when it is saved; else what is said, and whether time heals it. */
async function sendLine(entry) {
  const headers = { ...htmxHeaders, "X-Part": "act" };
  const body = new URLSearchParams(entry.body);
  // "Tomorrow" is the day after the one on which it was written.
  body.set("waited_ms", String(Math.max(0, Date.now() - entry.at)));
  const answer = await fetch("/tasks", { method: "POST", body, headers });
  const text = await answer.text();
  if (answer.status === 422) return { text: new DOMParser().parseFromString(text, "text/html").body.textContent.trim() };
  carillon.apply(text);
  if (answer.ok) return null;
  if (answer.status === 401) return { text: "Not saved: your session has ended. Sign in in another window; it is sent then.", heals: true };
  return { text: "Not saved.", heals: carillon.outbox.mayHeal(answer) };
}

function offerAgain(job, failure) {
  const { row } = job;
  job.failure = failure;
  row.classList.add("pending-failed");
  row.querySelector(".pending-state").textContent = failure.text;
  const [again, edit] = [row.querySelector("[data-again]"), row.querySelector("[data-edit]")];
  for (const button of [again, edit]) button.hidden = false;
  again.onclick = () => {
    tryAgain(job);
    line()?.focus();
    sendNext();
  };
  edit.onclick = () => {
    const field = line();
    const { words } = job.entry;
    field.value = field.value.trim() ? `${field.value} ${words}` : words;
    settleLine(job);
    field.focus();
    carillon.rememberLine();
    ask();
  };
  if (failure.heals) carillon.outbox.again();
}
/** The same key: if the first attempt arrived after all, no second task is created. */
function tryAgain(job) {
  delete job.failure;
  job.row.classList.remove("pending-failed");
  job.row.querySelector(".pending-state").textContent = "Saving…";
  for (const button of job.row.querySelectorAll("button")) button.hidden = true;
}
carillon.sendLines = () => {
  for (const job of lines) if (job.failure?.heals) tryAgain(job);
  sendNext();
};

// Lines that an earlier page could not send.
if (document.querySelector("#pending"))
  for (const entry of carillon.outbox.entries())
    if (entry.kind === "line") lines.push({ entry, isKept: true, row: drawRow(entry.words) });
sendNext();

addEventListener("beforeunload", (event) => {
  if (lines.some(({ isKept }) => !isKept)) event.preventDefault();
});
