// Choices of the settings are saved as they are made, and answered where they are.
const atOnce = /^\/settings\/(display|reminders|writing)(#|$)/;
const choiceForm = (target) => (atOnce.test(target.form?.getAttribute("action") ?? "") ? target.form : null);
for (const form of document.forms)
  if (atOnce.test(form.getAttribute("action") ?? "")) form.querySelector("button[type=submit]")?.classList.add("unscripted");
let saidTimer;
function answerAt(form, words) {
  const place = form.querySelector(".choice-said") ?? form.appendChild(document.createElement("p"));
  place.className = "choice-said quiet";
  place.setAttribute("role", "status");
  clearTimeout(saidTimer);
  // Emptied first, so that the same words are read out again.
  place.textContent = "";
  saidTimer = setTimeout(() => {
    place.textContent = words;
  }, 50);
}
addEventListener("change", async ({ target }) => {
  const form = choiceForm(target);
  if (!form) return;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await carillon.waiting(fetch(form.getAttribute("action"), { method: "POST", body }));
    // What is wrong with it is shown as without a script.
    if (!answer.ok || new URL(answer.url).pathname !== "/settings") return form.requestSubmit();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    Object.assign(document.documentElement.dataset, page.documentElement.dataset);
    for (const name of ["shortcuts", "sound"]) document.body.dataset[name] = page.body.dataset[name];
    answerAt(form, "Saved.");
  } catch {
    answerAt(form, "Not saved: no connection.");
  }
});
