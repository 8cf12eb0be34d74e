// Ctrl-K and /: commands, places, tags and tasks in one list, found by the server while one types.
const dialog = document.querySelector("#finder");
const field = dialog?.querySelector("input");
const options = () => [...dialog.querySelectorAll("[role=option]")];
let asked = "";
let shown = Promise.resolve();
let timer;

function pick(option) {
  for (const one of options()) one.setAttribute("aria-selected", String(one === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}
async function ask() {
  const words = field.value;
  asked = words;
  const acting = carillon.targets().length;
  const answer = await fetch(`/palette?${new URLSearchParams({ q: words, acting })}`, { headers: { "X-Part": "dialog" } });
  if (!answer.ok || answer.redirected || asked !== words) return;
  dialog.querySelector("#palette-found").innerHTML = await answer.text();
  pick(options()[0]);
}
const askNow = () => {
  clearTimeout(timer);
  shown = ask().catch(() => {});
};
carillon.does.find = () => {
  if (!dialog) return false;
  carillon.hold(carillon.rowHere());
  dialog.showModal();
  field.select();
  askNow();
};
field?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(askNow, 80);
});
field?.addEventListener("keydown", async (event) => {
  if (event.isComposing) return;
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const all = options();
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    return pick(all[(at + step + all.length) % all.length]);
  }
  if (event.key !== "Enter") return;
  event.preventDefault();
  // What Enter means is what the list says of the whole text.
  if (field.value !== asked) askNow();
  await shown;
  options().find((one) => one.getAttribute("aria-selected") === "true")?.click();
});
dialog?.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option) return;
  dialog.close();
  carillon.does[option.dataset.command]?.();
});
