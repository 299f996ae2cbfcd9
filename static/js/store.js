// What outlives a page on this device: files of drafts and records waiting for the line, in IndexedDB.
"use strict";
window.office.store = (() => {
  const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open("unionoffice", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("files");
      request.result.createObjectStore("queue", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => undefined); // A browser in private mode may refuse; each call below then fails by itself.

  async function run(name, mode, work) {
    const database = await opened;
    return new Promise((resolve, reject) => {
      const request = work(database.transaction(name, mode).objectStore(name));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }
  return {
    get: (name, key) => run(name, "readonly", (store) => store.get(key)),
    all: (name) => run(name, "readonly", (store) => store.getAll()),
    put: (name, value, key) => run(name, "readwrite", (store) => store.put(value, key)),
    remove: (name, key) => run(name, "readwrite", (store) => store.delete(key)),
  };
})();
