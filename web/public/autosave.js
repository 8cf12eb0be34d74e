// A task's fields save themselves. Each change is sent with what the form was shown with; the server merges it field by field, and
// only a field that another window changed as well has to be decided, at its line.
const editForm = () => document.querySelector("form.edit-form");
const isDirty = (form) => form !== null && "dirty" in form.dataset;
const typingMs = 800;
let typed;
let savingNow = null;
let sent = new URLSearchParams();
/** A press that goes on although something could not be saved. */
let letGo = false;

const taskOf = (form) => /\/tasks\/([0-9a-f-]{36})/.exec(form.getAttribute("action"))?.[1];
const draftOf = (form) => `carillon-draft-${taskOf(form)}`;
const bodyOf = (form) => new URLSearchParams(new FormData(form));
function say(form, words) {
  const place = form.querySelector(".save-state");
  if (place) place.textContent = words;
}
function touch(form) {
  form.dataset.dirty = "";
  try {
    sessionStorage.setItem(draftOf(form), bodyOf(form).toString());
  } catch {
    // No room: the form itself still has it.
  }
}

/** Fields that are not saved by themselves: those to be decided, and a date while it may be meant for all later ones. */
const dateFields = ["due_day", "due_time", "all_day", "scope"];
const waitsForPress = (form) => (form.querySelector("[name=scope]") ? dateFields : []);
const toDecide = (form) => [...form.querySelectorAll("[data-conflict]")].flatMap(({ dataset }) => dataset.conflict.split(" "));

/** True when nothing is left to save. */
async function save({ all = false } = {}) {
  clearTimeout(typed);
  while (savingNow) await savingNow;
  const form = editForm();
  if (!isDirty(form)) return true;
  const body = bodyOf(form);
  const held = [...toDecide(form), ...(all ? [] : waitsForPress(form))];
  for (const name of held) body.append("hold", name);
  sent = body;
  delete form.dataset.dirty;
  say(form, "Saving…");
  const url = form.getAttribute("action").replace(/\?|$/, "/save$&");
  savingNow = carillon.send(url, body, "save").then(
    () => true,
    (error) => {
      form.dataset.dirty = "";
      say(form, failureWords(error));
      carillon.outbox.again();
      return false;
    },
  );
  const isSaved = await savingNow;
  savingNow = null;
  if (isSaved && !isDirty(form)) sessionStorage.removeItem(draftOf(form));
  return isSaved && !isDirty(form);
}
function failureWords(error) {
  if (error instanceof TypeError) return "Not saved: no connection. It is kept here and tried again.";
  return error.status === 401 ? "Not saved: sign in again. It is kept here." : "Not saved. It is kept here and tried again.";
}
carillon.saveTask = () => save();
const saveSoon = () => {
  clearTimeout(typed);
  typed = setTimeout(save, typingMs);
};

/** The answer: what the form is based on from now on, with a line for each field that could not be saved. */
carillon.saved = ({ dataset, content }) => {
  const form = editForm();
  if (!form || taskOf(form) !== dataset.saved) return;
  const now = JSON.parse(dataset.was);
  const mine = [...sent.getAll("hold"), ...dataset.mine.split(" ")];
  for (const name of Object.keys(now)) if (typeof now[name] === "string" && !mine.includes(name)) follow(form, name, now[name]);
  if (!mine.includes("all_day") && form.elements.all_day.checked === sent.has("all_day")) form.elements.all_day.checked = now.all_day;
  form.elements.was.value = dataset.was;
  form.elements.version.value = dataset.version;
  const page = document.querySelector("[data-task-page]");
  if (page) page.dataset.version = dataset.version;
  for (const line of form.querySelectorAll(".field-line")) line.remove();
  for (const line of [...content.children]) {
    const control = form.querySelector(`[name="${line.dataset.at}"]`);
    (control?.closest(".field, .choices") ?? form.querySelector(".form-end")).append(line);
    control?.closest("details")?.setAttribute("open", "");
  }
  const isDecided = toDecide(form).length === 0;
  form.toggleAttribute("data-held", false);
  const differs = (name) => form.elements[name] && String(valueOf(form, name)) !== String(now[name] ?? "");
  if (waitsForPress(form).some((name) => name !== "scope" && differs(name))) form.dataset.held = "";
  if (!isDecided || "held" in form.dataset) touch(form);
  say(form, isDecided ? ("held" in form.dataset ? "The date is not saved yet." : "Saved") : "Decide where it says so.");
};
function valueOf(form, name) {
  const control = form.elements[name];
  return control.type === "checkbox" ? control.checked : control.value;
}
/** A field that was not changed since it was sent shows what is saved; one that is written in stays as it is. */
function follow(form, name, now) {
  const control = form.elements[name];
  if (!control || control.value === now || control.value.replaceAll("\r\n", "\n") !== (sent.get(name) ?? "").replaceAll("\r\n", "\n")) return;
  if (control !== document.activeElement || name === "tags") control.value = now;
}

/** A form that has just appeared: what could not be saved the last time is put back into it. */
carillon.editTask = () => {
  const form = editForm();
  const draft = form && sessionStorage.getItem(draftOf(form));
  if (!draft) return;
  fill(form, new URLSearchParams(draft));
  touch(form);
  save();
};
function fill(form, values, only = null) {
  for (const control of form.elements) {
    if (!control.name || (only && !only.includes(control.name))) continue;
    const all = values.getAll(control.name);
    if (control.type === "checkbox" || control.type === "radio") control.checked = all.includes(control.value);
    else if (all.length > 0) control.value = all[0];
  }
}
carillon.editTask();

// Another window saved: the form takes over what it did not touch.
carillon.followTask = () => {
  const form = editForm();
  if (!form) return false;
  touch(form);
  save();
  return true;
};

addEventListener("input", ({ target }) => {
  const form = target.closest?.("form.edit-form");
  if (!form) return;
  touch(form);
  if (target.name === "scope" || waitsForPress(form).includes(target.name)) form.dataset.held = "";
  saveSoon();
});
addEventListener("change", ({ target }) => target.closest?.("form.edit-form") && save());
addEventListener("visibilitychange", () => document.hidden && save());
addEventListener("pagehide", () => save());
addEventListener("beforeunload", (event) => {
  if (isDirty(editForm())) event.preventDefault();
});

addEventListener("click", ({ target }) => {
  const pressed = target.closest?.("[data-decide]");
  const form = pressed?.closest("form");
  if (!form) return;
  const line = pressed.closest("[data-conflict]");
  const names = line.dataset.conflict.split(" ");
  const theirs = JSON.parse(form.elements.was.value);
  if (pressed.dataset.decide === "theirs") {
    const values = names.flatMap((name) => pairsOf(name, theirs[name]));
    fill(form, new URLSearchParams(values), names);
  }
  line.remove();
  form.elements[names[0]]?.focus?.();
  touch(form);
  save();
});
const pairsOf = (name, value) => (value === true ? [[name, "on"]] : [value].flat().map((one) => [name, one === false ? "" : one]));

// What would leave the form, or act on its task, waits until the form is saved.
const capture = (type, concerns) =>
  addEventListener(
    type,
    async (event) => {
      const form = editForm();
      if (letGo || (!isDirty(form) && savingNow === null)) return;
      const again = concerns(event, form);
      if (!again) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      await save();
      letGo = true;
      again();
      setTimeout(() => {
        letGo = false;
      });
    },
    true,
  );
capture("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const isAway = link && !link.target && !event.ctrlKey && !event.metaKey && !event.shiftKey && !link.closest(".edit-form");
  return isAway ? () => link.click() : null;
});
capture("submit", (event, form) => {
  const other = event.target;
  const isOfTask = other !== form && (other.getAttribute("action") ?? "").includes(`/tasks/${taskOf(form)}/`);
  return isOfTask ? () => other.requestSubmit(event.submitter) : null;
});
addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form.edit-form") || event.submitter?.hasAttribute("formaction")) return;
  event.preventDefault();
  touch(form);
  save({ all: true });
});
