/* What lies on the phone: entries that wait to be sent, and drafts that are being written. IndexedDB only: where there is none, every
   form goes by its plain door. Each row names its user; nobody is shown another's. */
(function () {
  "use strict";

  const NAME = "phone", STORES = ["entries", "drafts"], DAYS = 7, DAY = 86400000, DONE = DAY, PATIENCE = 3000;
  if (!window.indexedDB || !window.Promise) return;

  function opened() {
    return new Promise((done, failed) => {
      const patience = setTimeout(() => failed(new Error("no answer")), PATIENCE), asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => { STORES.forEach((store) => asked.result.createObjectStore(store, { keyPath: "id" })); };
      asked.onsuccess = () => { clearTimeout(patience); asked.result.onversionchange = () => asked.result.close(); done(asked.result); };
      asked.onerror = asked.onblocked = () => { clearTimeout(patience); failed(asked.error || new Error("blocked")); };
    });
  }
  /* `work` gets the store and may ask it again within the same transaction; answered when all of it is safe. */
  function within(store, mode, work) {
    return opened().then((base) => new Promise((done, failed) => {
      const turn = base.transaction(store, mode);
      let asked = null;
      turn.oncomplete = () => { base.close(); done(asked ? asked.result : undefined); };
      turn.onerror = turn.onabort = () => { base.close(); failed(turn.error); };
      asked = work(turn.objectStore(store));
    }));
  }
  function put(store, row) { return within(store, "readwrite", (rows) => rows.put(row)); }
  function get(store, id) { return within(store, "readonly", (rows) => rows.get(id)); }
  function all(store) { return within(store, "readonly", (rows) => rows.getAll()); }
  function drop(store, id) { return within(store, "readwrite", (rows) => rows.delete(id)); }
  /* Changes a row only while it is there: what somebody deleted meanwhile stays deleted. → whether it was. */
  function change(id, told) {
    let there = false;
    return within("entries", "readwrite", (rows) => {
      const asked = rows.get(id);
      asked.onsuccess = () => { if (asked.result) { there = true; rows.put(Object.assign(asked.result, told)); } };
      return asked;
    }).then(() => there);
  }
  /* Drafts go after a week, and so does what another user had sent off; one's own stays until it has arrived or is deleted. A clock that
     jumped must not empty the phone: what is over its time is marked first, and goes only when that is a day ago by the same clock. */
  function purge(now, user) {
    return Promise.all(STORES.map((store) => all(store).then((rows) => Promise.all(rows.map((row) => {
      if (row.state === "received") return now - row.done > DONE ? drop(store, row.id) : undefined;
      if (store === "entries" && row.user === user) return undefined;
      const over = now - row.at > DAYS * DAY;
      if (over && row.over && now - row.over > DAY) return drop(store, row.id);
      if (over && !(row.over <= now)) return put(store, Object.assign(row, { over: now }));
      return undefined;
    })))));
  }
  /* Drafts of others go when somebody else is at the phone; what they had sent off stays, unseen, until they come back or a week is over. */
  function dropDrafts(keep) {
    return all("drafts").then((rows) => Promise.all(rows.filter((row) => row.user !== keep).map((row) => drop("drafts", row.id))));
  }

  function uuid() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64; bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  window.phoneKeeping = { put, get, all, drop, change, purge, dropDrafts, uuid, DAYS };
})();
