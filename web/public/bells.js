// A bell that rings while a page is open: a card, a mark on title and icon, a sound and a notification where they are wished.
const place = document.querySelector("#bells");
const title = document.title;
const icon = document.querySelector("link[rel=icon]");
const still = icon?.href;
const heard = "BroadcastChannel" in window ? new BroadcastChannel("carillon-bells") : null;
const cards = () => place?.children.length ?? 0;

function mark() {
  document.title = cards() > 0 ? `(${cards()}) ${title}` : title;
  if (icon) icon.href = cards() > 0 ? icon.dataset.ringing : still;
}
carillon.ring = async (id) => {
  if (!place || place.querySelector(`[data-bell="${id}"]`)) return;
  const answer = await fetch(`/tasks/${id}/bell`, { headers: { "X-Part": "dialog" }, redirect: "manual" });
  if (!answer.ok) return;
  place.insertAdjacentHTML("beforeend", await answer.text());
  mark();
  // Of several windows the one that listens speaks for all.
  if (!carillon.isListener?.()) return;
  if (document.body.dataset.sound === "on") strike();
  if (window.Notification?.permission === "granted") notify(place.lastElementChild);
};
function notify(card) {
  const shown = new Notification(card.querySelector(".bell-title").textContent, {
    body: card.querySelector(".bell-when").textContent,
    tag: card.dataset.bell,
  });
  shown.onclick = () => {
    window.focus();
    card.querySelector(".bell-title").click();
  };
}
/** A small bell: a few partials of one stroke, each with its own decay. */
function strike() {
  const audio = new AudioContext();
  for (const [ratio, gain, seconds] of [[1, 0.25, 2.2], [2, 0.18, 1.6], [2.4, 0.12, 1.2], [3, 0.08, 0.9], [5.4, 0.04, 0.5]]) {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.frequency.value = 523.25 * ratio;
    volume.gain.setValueAtTime(gain, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + seconds);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + seconds);
  }
  setTimeout(() => audio.close(), 2_500);
}
function silence(id) {
  place?.querySelector(`[data-bell="${CSS.escape(id)}"]`)?.remove();
  mark();
}
if (heard) heard.onmessage = ({ data }) => silence(data);
const quiet = (card) => {
  heard?.postMessage(card.dataset.bell);
  silence(card.dataset.bell);
};
addEventListener("submit", ({ target }) => {
  const card = target.closest?.("[data-bell]");
  if (card) setTimeout(() => quiet(card));
});
carillon.does.silence = (button) => quiet(button.closest("[data-bell]"));

// Permission is asked for by a press only.
const ask = document.querySelectorAll("[data-does=allow-bells]");
if (window.Notification?.permission === "default") for (const button of ask) button.hidden = false;
carillon.does["allow-bells"] = async () => {
  await Notification.requestPermission();
  for (const button of ask) button.hidden = true;
};
