// Passkeys, and what the page with the recovery codes offers. Everything here also has words for when it fails.
const bytesOf = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
const named = (list = []) => list.map((one) => ({ ...one, id: bytesOf(one.id) }));

/** Options and credentials as the browser has them, and as JSON has them (WebAuthn Level 3, §5.1). */
function optionsOf(json) {
  const options = { ...json, challenge: bytesOf(json.challenge) };
  if (json.user) options.user = { ...json.user, id: bytesOf(json.user.id) };
  if (json.excludeCredentials) options.excludeCredentials = named(json.excludeCredentials);
  if (json.allowCredentials) options.allowCredentials = named(json.allowCredentials);
  return options;
}
function jsonOf({ id, rawId, type, response }) {
  const parts = { clientDataJSON: textOf(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) parts[name] = textOf(response[name]);
  if (response.getTransports) parts.transports = response.getTransports();
  return JSON.stringify({ id, rawId: textOf(rawId), type, response: parts });
}

const sentences = {
  NotAllowedError: "That was cancelled or took too long. Press the button to try again.",
  InvalidStateError: "There is a passkey for Carillon on this device already.",
  SecurityError: "Passkeys work only at the address Carillon was set up with.",
  NotSupportedError: "This device cannot keep a passkey.",
};
function say(form, error) {
  const place = form.querySelector("[data-passkey-error]");
  place.textContent = sentences[error.name] ?? "That did not work. Try again, or use your password.";
  place.hidden = false;
}

async function credentialFor(form) {
  const { options } = form.dataset;
  if (options) return navigator.credentials.create({ publicKey: optionsOf(JSON.parse(options)) });
  const answer = await fetch("/sign-in/passkey/options", { method: "POST" });
  if (!answer.ok) throw new Error("no options");
  return navigator.credentials.get({ publicKey: optionsOf(await answer.json()) });
}

for (const form of document.querySelectorAll("[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    form.querySelector("[data-passkey-error]").hidden = true;
    try {
      form.elements.namedItem("credential").value = jsonOf(await credentialFor(form));
      form.submit();
    } catch (error) {
      say(form, error);
    }
  });
}

for (const button of document.querySelectorAll("[data-copy], [data-print]")) {
  button.hidden = button.matches("[data-copy]") && !navigator.clipboard;
  button.addEventListener("click", async () => {
    if (button.matches("[data-print]")) return print();
    await navigator.clipboard.writeText(button.dataset.copy);
    button.querySelector("[data-label]").textContent = "Copied";
  });
}
