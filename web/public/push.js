// Asks the browser for a subscription, which the form takes to Carillon.
const sentences = {
  NotAllowedError: "This browser does not let Carillon show notifications. Allow them for this site, then try again.",
  AbortError: "This browser's push service did not answer. Try again later.",
};

for (const form of document.querySelectorAll("[data-push]")) {
  const isOffered = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  form.hidden = !isOffered;
  document.querySelector("[data-push-absent]").hidden = isOffered;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const place = form.querySelector("[data-push-error]");
    place.hidden = true;
    try {
      if ((await Notification.requestPermission()) !== "granted") throw new DOMException("", "NotAllowedError");
      const { pushManager } = await navigator.serviceWorker.ready;
      const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.push });
      form.elements.namedItem("subscription").value = JSON.stringify(subscription);
      form.submit();
    } catch (error) {
      place.textContent = sentences[error.name] ?? "That did not work. Try again, or use another channel.";
      place.hidden = false;
    }
  });
}
