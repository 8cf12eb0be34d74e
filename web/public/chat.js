// The chat as its words come. Without this script the same form is posted and the page shown again.
const sending = new WeakSet();

function entry(role, text) {
  const item = document.createElement("li");
  item.className = `chat-entry chat-${role}`;
  const words = document.createElement("p");
  words.className = "chat-text";
  words.dir = "auto";
  words.textContent = text;
  item.append(words);
  document.getElementById("chat-log").append(item);
  item.scrollIntoView({ block: "nearest" });
  return words;
}

/** The events of a stream, one after the other. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ; ) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) {
      const [, name] = /^event: (.*)$/m.exec(part) ?? [];
      const [, data] = /^data: (.*)$/m.exec(part) ?? [];
      if (name && data) yield { name, data: JSON.parse(data) };
    }
  }
}

async function send(form, message) {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.dataset.chat, { method: "POST", body });
  // What the stream cannot say, the page can: it is posted as it would be without a script.
  if (!response.ok || !response.headers.get("content-type")?.startsWith("text/event-stream")) return form.submit();
  entry("user", message);
  form.elements.message.value = "";
  const answer = entry("assistant", "…");
  let text = "";
  for await (const { name, data } of eventsOf(response.body)) {
    if (name === "token") answer.textContent = text += data.text;
    if (name === "done") return location.assign(`/chat/${data.conversation_id}#end`);
    if (name === "error") answer.textContent = data.detail;
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.chat) return;
  const message = form.elements.message.value.trim();
  if (message === "" || !window.TextDecoderStream) return;
  event.preventDefault();
  if (sending.has(form)) return;
  sending.add(form);
  send(form, message)
    .catch(() => form.submit())
    .finally(() => sending.delete(form));
});

// Enter sends, Shift and Enter begins another line.
document.addEventListener("keydown", (event) => {
  const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
  if (!form?.dataset.chat || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
