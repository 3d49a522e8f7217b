// Keeps the whole book: who has opened a page of it once has all of it without a network, until there
// is a new one. The notebooks that run in the browser (lite/) have a service worker of their own.
{
  const { version, files } = {} /* BOOK */; // filled in by web/_ext/offline.py
  const KIND = "book ";
  const STORE = KIND + version;
  const { scope } = self.registration;

  self.addEventListener("install", (event) => {
    const all = files.map((name) => new Request(scope + name, { cache: "no-cache" }));
    event.waitUntil(
      caches
        .open(STORE)
        .then((store) => store.addAll(all))
        .then(() => self.skipWaiting()),
    );
  });

  self.addEventListener("activate", (event) => {
    const old = (name) => name.startsWith(KIND) && name !== STORE;
    event.waitUntil(
      caches
        .keys()
        .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
        .then(() => self.clients.claim()),
    );
  });

  // The network comes first, so that a new book is seen at once.
  const kept = async (request, error) => {
    const options = { cacheName: STORE, ignoreSearch: true };
    const found =
      (await caches.match(request, options)) ??
      (request.url.endsWith("/") && (await caches.match(`${request.url}index.html`, options)));
    if (found) return found;
    throw error;
  };
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET" || !request.url.startsWith(scope)) return;
    if (request.url.startsWith(`${scope}lite/`)) return;
    event.respondWith(fetch(request).catch((error) => kept(request, error)));
  });
}
