// A line that is not sent yet comes back with its window, also by Back.
const lineKey = `carillon-line-${document.body.dataset.user}`;
const lineField = () => document.querySelector(".quick-title");
carillon.rememberLine = () => {
  const words = lineField()?.value ?? "";
  if (words) sessionStorage.setItem(lineKey, words);
  else sessionStorage.removeItem(lineKey);
};
addEventListener("input", ({ target }) => target === lineField() && carillon.rememberLine());
if (lineField()?.value === "") {
  lineField().value = sessionStorage.getItem(lineKey) ?? "";
  if (lineField().value) lineField().dispatchEvent(new Event("input", { bubbles: true }));
}
