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

// Lines on their way, one after the other, each in a row of its own.
const waiting = [];
let isSending = false;
let count = 0;

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form.quick-add") || !document.querySelector("#list")) return;
  event.preventDefault();
  const field = line();
  const body = new URLSearchParams(new FormData(form));
  body.set("title", quoted(field.value).text);
  body.set("key", `line-${Date.now()}-${Math.random().toString(36).slice(2)}-${count++}`);
  body.set("back", location.pathname + location.search);
  const row = drawRow(field.value);
  clearTimeout(timer);
  asking?.abort();
  form.reset();
  field.value = "";
  kept = [];
  shownFor = "";
  showUnderstood("");
  field.focus();
  waiting.push({ body, row });
  sendNext();
});

function drawRow(words) {
  const row = document.querySelector("#pending-row").content.firstElementChild.cloneNode(true);
  row.querySelector(".pending-title").textContent = words;
  document.querySelector("#pending").append(row);
  return row;
}

async function sendNext() {
  if (isSending || waiting.length === 0) return;
  isSending = true;
  const job = waiting.shift();
  const sending = send(job).catch(() => "Not saved: no connection.");
  carillon.adding = sending;
  const failure = await sending;
  carillon.adding = null;
  if (failure === null) job.row.remove();
  else offerAgain(job, failure);
  isSending = false;
  sendNext();
}

/** Null when it is saved; else the message. */
async function send({ body }) {
  const headers = { ...htmxHeaders, "X-Part": "act" };
  const answer = await fetch("/tasks", { method: "POST", body, headers });
  const text = await answer.text();
  if (answer.ok && !answer.headers.has("hx-redirect") && new URL(answer.url).pathname !== "/sign-in") {
    carillon.apply(text);
    return null;
  }
  if (answer.status === 422) return new DOMParser().parseFromString(text, "text/html").body.textContent.trim();
  if (answer.ok || answer.status === 401) return "Not saved: your session has ended. Sign in in another window, then try again.";
  return "Not saved.";
}

function offerAgain(job, failure) {
  const { row } = job;
  const state = row.querySelector(".pending-state");
  const [again, edit] = [row.querySelector("[data-again]"), row.querySelector("[data-edit]")];
  row.classList.add("pending-failed");
  state.textContent = failure;
  for (const button of [again, edit]) button.hidden = false;
  // The same key: if the first attempt arrived after all, no second task is created.
  again.onclick = () => {
    row.classList.remove("pending-failed");
    state.textContent = "Saving…";
    for (const button of [again, edit]) button.hidden = true;
    waiting.push(job);
    line()?.focus();
    sendNext();
  };
  edit.onclick = () => {
    const field = line();
    const words = row.querySelector(".pending-title").textContent;
    field.value = field.value.trim() ? `${field.value} ${words}` : words;
    row.remove();
    field.focus();
    ask();
  };
}

// Warns before unsaved lines are lost with the page.
addEventListener("beforeunload", (event) => {
  if (isSending || document.querySelector("#pending")?.children.length) event.preventDefault();
});
