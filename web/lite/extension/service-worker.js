// Keeps what was fetched, so that it works again without a network, and tells how far the fetching
// of Python is. It takes the place of JupyterLite's own service worker.
{
  const PYTHON = {} /* FILES */; // bytes of each file of Python, by address: filled in by site.py
  const FIRST = Object.entries(PYTHON).filter(([name]) => !/openblas|scipy/.test(name));
  const TOTAL = FIRST.reduce((sum, [, bytes]) => sum + bytes, 0);
  const STORE = "integrate-and-fire";
  const channel = new BroadcastChannel(STORE);
  const loaded = {};

  const nameOf = (request) => request.url.slice(self.registration.scope.length).split("?")[0];

  const tell = (name, bytes) => {
    loaded[name] = bytes;
    const sum = Object.values(loaded).reduce((a, b) => a + b, 0);
    channel.postMessage({ loaded: sum, total: TOTAL });
  };

  const counted = (name, answer) => {
    if (!answer.body) return answer;
    let bytes = 0;
    const count = new TransformStream({
      transform(part, controller) {
        tell(name, (bytes += part.byteLength));
        controller.enqueue(part);
      },
    });
    return new Response(answer.body.pipeThrough(count), answer);
  };

  const keep = async (request, answer) => {
    if (answer.ok) await (await caches.open(STORE)).put(request, answer);
  };

  // Files of Python and JupyterLab's scripts bear a hash of their content, or a version, in their
  // address: they never change.
  const lasting = (name) => name in PYTHON || /\.[0-9a-f]{6,}\.js$/.test(name);

  // The browser may end this worker at any time. A page then asks again by itself where it has no
  // answer yet, but not where one breaks off: so an answer is given when all of it is there. Kept is
  // the host's own: of that, and of none that is made here, the browser keeps scripts compiled, too.
  const keepWhole = async (request, answer, event) => {
    if (!answer.ok || answer.type !== "basic") return answer;
    event.waitUntil(keep(request, answer.clone()));
    return new Response(await answer.blob(), answer);
  };

  const once = async (request, event) => {
    const kept = await caches.match(request, { cacheName: STORE });
    if (kept) return kept;
    const answer = await fetch(request);
    if (!(nameOf(request) in PYTHON)) return keepWhole(request, answer, event);
    event.waitUntil(keep(request, answer.clone()));
    return counted(nameOf(request), answer);
  };

  // Everything else is asked for anew, so that a new book is seen at once, and kept for later.
  const anew = async (request, event) => {
    try {
      return await keepWhole(request, await fetch(request), event);
    } catch (error) {
      const kept = await caches.match(request, { cacheName: STORE, ignoreSearch: true });
      if (kept) return kept;
      throw error;
    }
  };

  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET" || !request.url.startsWith(self.registration.scope)) return;
    event.respondWith(lasting(nameOf(request)) ? once(request, event) : anew(request, event));
  });

  // Where the browser can, it takes JupyterLab's scripts out of the store without asking here.
  const SCRIPTS = ["build/*", "extensions/*/static/*"];
  const straight = (pathname) => ({
    condition: {
      urlPattern: new URLPattern({ pathname: new URL(self.registration.scope).pathname + pathname }),
      requestDestination: "script",
    },
    source: { cacheName: STORE },
  });

  self.addEventListener("install", (event) => {
    event.waitUntil(event.addRoutes?.(SCRIPTS.map(straight))?.catch(() => {}));
    self.skipWaiting();
  });

  // What earlier books left goes; what is still of use is kept anew.
  self.addEventListener("activate", (event) => {
    event.waitUntil(
      (async () => {
        await self.clients.claim();
        const store = await caches.open(STORE);
        for (const request of await store.keys())
          if (!(nameOf(request) in PYTHON)) await store.delete(request);
      })(),
    );
  });

  // The book's page says that a reader is about to come.
  self.addEventListener("message", (event) => {
    if (event.data === "claim") event.waitUntil(self.clients.claim());
    if (event.data !== "prepare") return;
    for (const [name] of FIRST) event.waitUntil(once(new Request(self.registration.scope + name), event));
  });
}
