// The chat as its words come. Without this script the same form is posted and the page shown again.
// Forms whose answer is on its way, each with what stops it.
const sending = new WeakMap();

function showStop(form, isUnderWay) {
  const [submit, stop] = [form.querySelector("[type=submit]"), form.querySelector("[data-chat-stop]")];
  const hadFocus = document.activeElement === (isUnderWay ? submit : stop);
  submit.hidden = isUnderWay;
  stop.hidden = !isUnderWay;
  if (hadFocus) (isUnderWay ? stop : form.elements.message).focus();
}

function entry(role, text) {
  const item = document.createElement("li");
  item.className = `chat-entry chat-${role}`;
  const words = document.createElement("p");
  words.className = "chat-text";
  words.dir = "auto";
  words.textContent = text;
  item.append(words);
  document.querySelector(".chat-start")?.remove();
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

async function send(form, message, signal) {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.dataset.chat, { method: "POST", body, signal });
  // What the stream cannot say, the page can: it is posted as it would be without a script.
  if (!response.ok || !response.headers.get("content-type")?.startsWith("text/event-stream")) return form.submit();
  entry("user", message);
  form.elements.message.value = "";
  const answer = entry("assistant", "…");
  let text = "";
  for await (const { name, data } of eventsOf(response.body)) {
    if (name === "token") answer.textContent = text += data.text;
    if (name === "done") return location.assign(`/chat/${data.conversation_id}#end`);
    if (name === "error") {
      answer.textContent = data.detail;
      answer.classList.add("chat-failed");
      return;
    }
  }
  // Cut off: what was said and done meanwhile is in the conversation.
  throw new Error("The answer ended early.");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.chat) return;
  const message = form.elements.message.value.trim();
  if (message === "" || !window.TextDecoderStream) return;
  event.preventDefault();
  if (sending.has(form)) return;
  const stop = new AbortController();
  sending.set(form, stop);
  showStop(form, true);
  send(form, message, stop.signal)
    .catch(() => {
      // What a stopped turn did and said is in the conversation.
      const id = form.elements.conversation.value;
      if (stop.signal.aborted || form.elements.message.value === "") location.assign(id ? `/chat/${id}#end` : "/chat");
      else form.submit();
    })
    .finally(() => {
      sending.delete(form);
      showStop(form, false);
    });
});

// Closing the stream stops the turn.
document.addEventListener("click", (event) => {
  const stop = event.target instanceof Element ? event.target.closest("[data-chat-stop]") : null;
  sending.get(stop?.form)?.abort();
});

// Enter sends, Shift and Enter begins another line.
document.addEventListener("keydown", (event) => {
  const form = event.target instanceof HTMLTextAreaElement ? event.target.form : null;
  if (!form?.dataset.chat || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});
