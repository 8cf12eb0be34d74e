// Reads the last lists where there is no connection. `files`, `icon` and `release` stand above: the pages' own files, a reminder's picture, and the files' hash.
const filesCache = `carillon-files-${release}`;
const listsCache = "carillon-lists";
const offlinePage = "/offline";
/** Lists of which the last reading is kept. */
const keptLists = ["/today", "/inbox", "/upcoming", "/month"];

addEventListener("install", (event) => {
  const load = async () => {
    await (await caches.open(filesCache)).addAll([...files, offlinePage]);
    await skipWaiting();
  };
  event.waitUntil(load());
});
addEventListener("activate", (event) => {
  const clear = async () => {
    for (const name of await caches.keys())
      if (name.startsWith("carillon-files-") && name !== filesCache) await caches.delete(name);
  };
  event.waitUntil(clear());
});
addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.method === "POST" && url.pathname === "/sign-out") isLeaving = true;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(navigate(event, url));
  else if (files.includes(url.pathname)) event.respondWith(ownFile(request));
});

// Between a sign-out and the page that it leads to.
let isLeaving = false;
/** The next user of this browser reads nothing of the one before, and sees none of their reminders; a session that ran out goes on ringing. */
async function forget() {
  await caches.delete(listsCache);
  if (!isLeaving) return;
  isLeaving = false;
  const subscription = await registration.pushManager?.getSubscription();
  await subscription?.unsubscribe();
}

async function ownFile(request) {
  return (await caches.match(request)) ?? fetch(request);
}
async function navigate(event, url) {
  try {
    const answer = await fetch(event.request);
    if (url.pathname === "/sign-in") event.waitUntil(forget());
    else if (answer.status === 200 && keptLists.includes(url.pathname) && url.search === "")
      event.waitUntil(keep(url.pathname, answer.clone()));
    return answer;
  } catch {
    const kept = await (await caches.open(listsCache)).match(url.pathname);
    return kept ?? (await caches.match(offlinePage)) ?? Response.error();
  }
}
/** The page as it was read, which says when that was. */
async function keep(path, answer) {
  const text = (await answer.text()).replace("<body", `<body data-kept="${new Date().toISOString()}"`);
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  await (await caches.open(listsCache)).put(path, new Response(text, { headers }));
}

// A reminder, encrypted on its way. `task` is null in a test.
addEventListener("push", (event) => {
  const { title, text, tag, task } = event.data.json();
  const actions = task ? [{ action: "done", title: "Done" }] : [];
  const data = { task };
  event.waitUntil(registration.showNotification(title, { body: text, tag, icon, data, actions }));
});
addEventListener("notificationclick", (event) => {
  const { task } = event.notification.data;
  event.notification.close();
  const page = task ? `/tasks/${task}` : "/settings/channels";
  event.waitUntil(event.action === "done" && task ? complete(task, page) : clients.openWindow(page));
});
/** Where it fails, for want of a session or a connection, the task's page says so. */
async function complete(task, page) {
  try {
    const answer = await fetch(`/tasks/${task}/complete`, { method: "POST", body: new URLSearchParams() });
    if (answer.ok && !new URL(answer.url).pathname.startsWith("/sign-in")) return;
  } catch {}
  await clients.openWindow(page);
}
