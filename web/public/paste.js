// Several pasted lines become several tasks where that is wished; else one, as they are in the field.
const maxPasted = 100;
const listMark = /^\s*(?:[-*•]\s+(?:\[[ xX]?\]\s+)?|\d{1,4}[.)]\s+)?/;
const pastedLines = (text) =>
  text
    .split(/\r\n|[\n\r]/)
    .map((one) => one.replace(listMark, "").trim())
    .filter((one) => one !== "");
const field = () => document.querySelector(".quick-title");
let pasted = [];
addEventListener("paste", (event) => {
  if (event.target !== field()) return;
  pasted = pastedLines(event.clipboardData?.getData("text/plain") ?? "");
  const offer = document.querySelector("#paste-offer");
  if (!offer || pasted.length < 2) return;
  const isTooMany = pasted.length > maxPasted;
  offer.querySelector("[data-paste=many]").textContent = isTooMany
    ? `Add the first ${maxPasted} of ${pasted.length} tasks`
    : `Add ${pasted.length} tasks`;
  offer.hidden = false;
});
addEventListener("click", ({ target }) => {
  const pressed = target.closest?.("[data-paste]");
  if (!pressed) return;
  document.querySelector("#paste-offer").hidden = true;
  if (pressed.dataset.paste === "one") field().focus();
  else carillon.addLines(pasted.slice(0, maxPasted));
});
addEventListener("input", ({ target }) => {
  const offer = document.querySelector("#paste-offer");
  if (target === field() && target.value === "" && offer) offer.hidden = true;
});
