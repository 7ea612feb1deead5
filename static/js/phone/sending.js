/* Sends what waits: oldest first, one window at a time, each step as often as it takes. Photos go one by one and are known to the server
   by content and key, the rest by its key, so that nothing counts twice. An entry that fails waits longer each time and holds up
   only what belongs to the same case; one that is refused keeps its words until its writer decides. No Background Sync: tried when a
   page opens, when the network or the page comes back, and by the clock while a page is open. */
(function () {
  "use strict";

  const keeping = window.phoneKeeping;
  if (!keeping || !window.fetch || !window.AbortController) return;
  const WAITS = [2, 4, 8, 15, 30, 60, 120, 300], PATIENCE = 60000, ELSEWHERE = 3000, LEASE = 30000, LONGEST = 600000;
  const user = document.body.dataset.user, heard = [];
  const news = window.BroadcastChannel ? new BroadcastChannel("phone-outbox") : null;
  /* network: "" | "away"; door: "" | "login" | words that stop everything; other: who is logged in instead. */
  const standing = { network: "", door: "", other: "", busy: false };
  /* proof: the cookie as it was when it was asked who is logged in; a log-in changes it, and then nothing goes before it is asked again. */
  let timer = null, again = false, proof = "";

  class Later extends Error { constructor(seconds) { super("later"); this.seconds = seconds || 0; } }
  class Stop extends Error { constructor(door) { super("stop"); this.door = door; } }
  class Refused extends Error { constructor(status, told) { super("refused"); this.status = status; this.told = told; } }

  function tell() { heard.forEach((listener) => listener()); }
  function changed() { tell(); if (news) news.postMessage("changed"); }
  if (news) news.onmessage = tell;

  /* ── Asking ── */

  function cookie(name) {
    const found = document.cookie.split("; ").find((one) => one.startsWith(name + "="));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }
  async function asked(url, options) {
    const patience = new AbortController(), clock = setTimeout(() => patience.abort(), PATIENCE);
    try {
      const answer = await fetch(url, Object.assign({ credentials: "same-origin", cache: "no-store", signal: patience.signal }, options));
      const text = await answer.text();
      let told = null;
      try { told = JSON.parse(text); } catch (_) { /* not ours */ }
      return { status: answer.status, told, wait: Number(answer.headers.get("Retry-After")) || 0 };
    } catch (_) {
      throw new Later(0);
    } finally {
      clearTimeout(clock);
    }
  }
  /* What is not of this server (a hotel's log-in page) and what is only for now is asked again; 401 stops all; the rest is an answer. */
  async function post(url, body, json, second) {
    if (cookie("csrftoken") !== proof) throw new Later(0);
    const headers = { "X-CSRFToken": cookie("csrftoken") };
    if (json) headers["Content-Type"] = "application/json";
    const answer = await asked(url, { method: "POST", headers, body: json ? JSON.stringify(body) : body });
    if (answer.status === 401) throw new Stop("login");
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408 || !answer.told) throw new Later(answer.wait);
    if (answer.status >= 200 && answer.status < 300) return answer.told;
    if (answer.status === 403 && !second) {
      await asked("/m/outbox/", {});
      if ((await whoIsThere()) !== user) throw new Later(0);
      return post(url, body, json, true);
    }
    if (answer.status < 400) throw new Later(0);
    throw new Refused(answer.status, answer.told);
  }
  async function whoIsThere() {
    proof = cookie("csrftoken");
    const answer = await asked("/api/v1/me/", { headers: { "X-Background": "1" } });
    if (answer.status === 401) throw new Stop("login");
    if (answer.status === 403 && answer.told) throw new Stop(answer.told.detail || "login");
    if (answer.status !== 200 || !answer.told || !answer.told.username) throw new Later(answer.wait);
    return answer.told.username;
  }

  /* ── One entry ── */

  async function photosOf(row) {
    for (let n = 0; n < row.photos.length; n += 1) {
      const photo = row.photos[n];
      if (photo.uid) continue;
      await keeping.change(row.id, { step: `正在传照片 ${n + 1}/${row.photos.length}` });
      changed();
      const body = new FormData();
      body.append("client_id", row.kind === "report" ? row.id : `${row.id}:${n}`);
      body.append("file", photo.blob, photo.name);
      if (row.kind === "report") { if (photo.field === "photos_after") body.append("after", "true"); }
      else if (photo.purpose) body.append("purpose", photo.purpose);
      photo.uid = (await post(row.filesUrl, body, false)).id;
      if (!(await keeping.change(row.id, { photos: row.photos }))) throw new Later(0);
    }
  }
  async function send(row) {
    await photosOf(row);
    const body = Object.assign({}, row.body, { client_id: row.id });
    /* Each photo of a case is one line of its history: whatever else was written there since is still noticed. */
    if (row.kind === "form" && typeof body.version === "number") body.version += row.photos.length;
    row.photos.forEach((photo) => { body[photo.field] = (body[photo.field] || []).concat([photo.uid]); });
    await keeping.change(row.id, { step: "正在交", tried: (row.tried || 0) + 1 });
    changed();
    const told = await post(row.url, body, true);
    const missing = row.kind === "report" && typeof told.photos === "number" ? row.photos.length - told.photos : 0;
    /* Received: only what says so is kept, for a day; words and photos go. */
    const result = { number: told.number || row.group || "", status: told.status_text || "", missing: Math.max(0, missing) };
    const photos = row.photos.length, after = typeof told.version === "number" ? told.version : told.seq;
    await keeping.change(row.id, { state: "received", done: Date.now(), step: "", result, body: {}, photos: [] });
    if (row.group && row.seen && after === row.seen + photos + 1) await onward(row, after);
  }
  /* Written one after the other on one page, and nobody else wrote in between: what still waits has seen what was just written. */
  async function onward(row, after) {
    for (const later of await mine()) {
      if (later.state !== "waiting" || later.group !== row.group || later.seen !== row.seen || later.at < row.at || later.id === row.id) continue;
      const body = typeof later.body.version === "number" ? Object.assign({}, later.body, { version: after }) : later.body;
      await keeping.change(later.id, { seen: after, body });
    }
  }
  function wordsOf(told) {
    const errors = Object.values(told.errors || {}).reduce((all, some) => all.concat(some), []);
    return errors.length ? errors.join("") : told.detail || "没有收下，请核对后再交。";
  }
  async function tried(row) {
    try {
      await send(row);
      return true;
    } catch (why) {
      if (why instanceof Stop) { await keeping.change(row.id, { step: "" }); throw why; }
      if (why instanceof Refused) {
        /* The server waited so long that it swept the photos: the phone still has each. */
        if (why.status === 400 && why.told.errors && why.told.errors.attachments && !row.resent && row.photos.length) {
          row.photos.forEach((photo) => { photo.uid = ""; });
          await keeping.change(row.id, { photos: row.photos, resent: true, step: "", next: 0 });
          again = true;
          return false;
        }
        await keeping.change(row.id, { state: "refused", step: "", told: { status: why.status, words: wordsOf(why.told), errors: why.told.errors || {} } });
        return false;
      }
      if (!(why instanceof Later)) throw why;
      const tries = (row.tries || 0) + 1, wait = Math.min(why.seconds, LONGEST / 1000) || WAITS[Math.min(tries, WAITS.length) - 1];
      await keeping.change(row.id, { step: "", tries, next: Date.now() + wait * 1000 });
      return false;
    } finally {
      changed();
    }
  }

  /* ── All of them ── */

  async function mine() { return (await keeping.all("entries")).filter((row) => row.user === user).sort((a, b) => a.at - b.at); }
  /* A clock that was set back must not make anything wait for ever. */
  function due(row) { const wait = (row.next || 0) - Date.now(); return wait <= 0 || wait > LONGEST; }

  async function round() {
    const rows = (await mine()).filter((row) => row.state !== "received"), stuck = new Set();
    /* Whoever has the turn is the only one who sends: what another window left half done is not being done. */
    for (const row of rows) if (row.step) await keeping.change(row.id, { step: "" });
    if (!rows.some((row) => row.state === "waiting" && due(row))) return;
    try {
      const there = await whoIsThere();
      Object.assign(standing, { network: "", door: "", other: there === user ? "" : there });
    } catch (why) {
      if (why instanceof Stop) standing.door = why.door; else standing.network = "away";
      changed();
      return;
    }
    changed();
    if (standing.other) return;
    for (const { id } of rows) {
      /* As it is now: meanwhile it may have been deleted, or seen further. */
      const row = await keeping.get("entries", id);
      if (!row || row.state === "received") continue;
      const held = row.group && stuck.has(row.group);
      if (row.state === "waiting" && due(row) && !held) {
        try {
          if (await tried(row)) continue;
        } catch (why) {
          if (!(why instanceof Stop)) throw why;
          standing.door = why.door;
          changed();
          return;
        }
      }
      if (row.group) stuck.add(row.group);
    }
  }
  /* One window sends. Without locks a note with a date says who; whoever dies leaves it for half a minute. */
  async function alone(work) {
    if (navigator.locks) {
      return navigator.locks.request("phone-outbox", { ifAvailable: true }, (lock) => (lock ? work().then(() => true) : false));
    }
    const me = keeping.uuid(), now = Date.now(), [, until] = (localStorage.getItem("phone-sending") || "|0").split("|");
    if (Number(until) > now && Number(until) < now + LEASE * 2) return false;
    const lease = () => localStorage.setItem("phone-sending", `${me}|${Date.now() + LEASE}`);
    lease();
    await new Promise((done) => { setTimeout(done, 50); });
    if (!(localStorage.getItem("phone-sending") || "").startsWith(me)) return false;
    const renewal = setInterval(lease, LEASE / 3);
    try { await work(); } finally { clearInterval(renewal); localStorage.removeItem("phone-sending"); }
    return true;
  }
  async function kick() {
    if (standing.busy) { again = true; return; }
    standing.busy = true;
    clearTimeout(timer);
    again = false;
    let had = false;
    try { had = await alone(round); } catch (_) { standing.network = "away"; }
    standing.busy = false;
    tell();
    await plan(had);
  }
  async function plan(had) {
    const waiting = (await mine()).filter((row) => row.state === "waiting"), held = new Set();
    if (!waiting.length || standing.other) return;
    const next = Math.min(...waiting.filter((row) => !row.group || (!held.has(row.group) && held.add(row.group))).map((row) => row.next || 0));
    let wait = Math.max(had && !again ? 2000 : again ? 0 : ELSEWHERE, Math.min(next - Date.now(), LONGEST));
    if (standing.door || standing.network) { tries += 1; wait = Math.max(wait, WAITS[Math.min(tries, WAITS.length) - 1] * 1000); } else tries = 0;
    clearTimeout(timer);
    timer = setTimeout(kick, wait);
  }
  let tries = 0;
  /* Somebody pressed, or the network is back: no waiting. */
  async function now() {
    for (const row of await mine()) if (row.state === "waiting" && row.next) await keeping.change(row.id, { next: 0 });
    tries = 0;
    await kick();
  }

  addEventListener("online", () => { standing.network = ""; tell(); now(); });
  addEventListener("offline", () => { standing.network = "away"; tell(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) kick(); });
  if (!navigator.onLine) standing.network = "away";

  window.phoneSending = { kick, now, mine, standing, changed, listen: (listener) => heard.push(listener), user };
})();
