/* What a resident has written and not yet sent, kept on the phone: in IndexedDB with its photos; where a browser has none, the
   words alone in localStorage; where it has neither, on the page only. Everything older than three days goes at the next visit. */
(function () {
  "use strict";

  var NAME = "report", STORE = "drafts", DAYS = 3 * 24 * 3600000, HERE = "report-draft", PATIENCE = 2000, dead = false;
  if (!window.Promise) return;

  /* Some browsers never answer: waited for once, for two seconds. */
  function opened() {
    return new Promise(function (done, failed) {
      var asked, late = false;
      function tooLate() { late = dead = true; failed(new Error("no answer")); }
      var patience = setTimeout(tooLate, dead ? 0 : PATIENCE);
      try { asked = indexedDB.open(NAME, 1); } catch (refused) { failed(refused); return; }
      asked.onupgradeneeded = function () { asked.result.createObjectStore(STORE, { keyPath: "id" }); };
      asked.onsuccess = function () {
        clearTimeout(patience);
        dead = false;
        if (late) asked.result.close(); else done(asked.result);
      };
      asked.onerror = asked.onblocked = failed;
    });
  }
  function inStore(mode, work) {
    return opened().then(function (base) {
      return new Promise(function (done, failed) {
        var turn = base.transaction(STORE, mode), asked = work(turn.objectStore(STORE));
        turn.oncomplete = function () { base.close(); done(asked.result); };
        turn.onerror = turn.onabort = function () { base.close(); failed(turn.error); };
      });
    });
  }
  function words() { try { return JSON.parse(localStorage.getItem(HERE)); } catch (_) { return null; } }

  /* → "all", "words" or "nothing": how much of it is safe. */
  function put(draft) {
    return inStore("readwrite", function (store) { return store.put(draft); }).then(function () { return "all"; }, function () {
      var bare = { id: draft.id, path: draft.path, begun: draft.begun, at: draft.at, tab: draft.tab, values: draft.values, photos: [], sending: draft.sending, sent: draft.sent };
      try { localStorage.setItem(HERE, JSON.stringify(bare)); return "words"; } catch (_) { return "nothing"; }
    });
  }
  function all() {
    return inStore("readonly", function (store) { return store.getAll(); }).catch(function () { return []; }).then(function (rows) {
      var kept = words();
      return kept ? rows.concat([kept]) : rows;
    });
  }
  function drop(id) {
    var kept = words();
    try { if (kept && kept.id === id) localStorage.removeItem(HERE); } catch (_) { /* nothing was kept */ }
    return inStore("readwrite", function (store) { return store.delete(id); }).catch(function () { /* nothing was kept */ });
  }
  function purge(now) {
    return all().then(function (rows) {
      return Promise.all(rows.filter(function (row) { return now - (row.begun || row.at) > DAYS; }).map(function (row) { return drop(row.id); }));
    });
  }

  window.portalKeeping = { put: put, all: all, drop: drop, purge: purge };
  purge(Date.now());
})();
