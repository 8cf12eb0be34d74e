// A task of the month's page moves to the day it is dropped on. Its button and the key t do the same.
let carried = null;
const dayUnder = (event) => (carried ? event.target.closest?.("[data-day]") : null);
const mark = (day) => {
  for (const one of document.querySelectorAll(".calendar-over")) one.classList.toggle("calendar-over", one === day);
  day?.classList.add("calendar-over");
};
addEventListener("dragstart", (event) => {
  const entry = event.target.closest?.(".calendar-task[data-task]");
  if (!entry) return;
  carried = entry;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", entry.querySelector(".task-title").textContent.trim());
});
addEventListener("dragover", (event) => {
  const day = dayUnder(event);
  if (!day) return;
  event.preventDefault();
  mark(day);
});
addEventListener("dragend", () => {
  carried = null;
  mark(null);
});
addEventListener("drop", (event) => {
  const day = dayUnder(event);
  if (!day) return;
  event.preventDefault();
  const entry = carried;
  mark(null);
  if (day.contains(entry)) return;
  const tasks = day.querySelector(".calendar-tasks");
  if (tasks) tasks.append(entry);
  carillon.act("date", [entry.dataset.task], { to: day.dataset.day });
});
