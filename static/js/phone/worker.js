/* The phone's service worker. Before this stands SHELL {version, scope, files, pages, fetched, offline, days} (cases/phone/worker.py).
   It answers for files of the shell and for pages below /m/, and for nothing else: files from its store, pages from the network, after
   three seconds or without one as they were last seen. What is sent never passes through a store. */
"use strict";

const FILES = "phone-files-" + SHELL.version, PAGES = "phone-pages-" + SHELL.version, WHO = "phone-who";
const PATIENCE = 3000, MOST = 60, DAY = 86400000, FRESH = 3600000;
/* 18 places: an ID number; 11 places: a mobile phone. No page is kept with either in its words (an attribute may be
   somebody's user name). */
const ID_NUMBER = /(^|[^0-9A-Za-z])[1-9]\d{16}[\dXx](?![0-9A-Za-z])/g, MOBILE = /(^|[^0-9A-Za-z])(1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])/g;
/* Somebody is leaving: what is still on its way is not kept any more, until somebody is there again. */
let left = false;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(FILES).then((store) => store.addAll(SHELL.files)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("phone-") && ![FILES, PAGES, WHO].includes(name)) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (SHELL.files.includes(url.pathname)) { event.respondWith(fileOf(request)); return; }
  if (request.mode === "navigate" && url.pathname.startsWith(SHELL.scope)) {
    const asked = fetch(request).then((answer) => ({ answer, copy: answer.ok && answer.type === "basic" ? answer.clone() : null }));
    event.waitUntil(asked.then(({ answer, copy }) => (copy ? keep(url, copy) : gone(url, answer))).catch(() => undefined));
    event.respondWith(pageOf(url, asked));
  }
});

self.addEventListener("message", (event) => {
  const told = event.data || {};
  if (told.type === "user") { left = false; event.waitUntil(belongsTo(told.user).then(() => warm(told.keep))); }
  if (told.type === "forget") event.waitUntil(forget().then(() => event.ports[0] && event.ports[0].postMessage("done")));
});

async function fileOf(request) {
  const store = await caches.open(FILES), kept = await store.match(new URL(request.url).pathname);
  return kept || fetch(request);
}

/* ── Pages ── */

function keyOf(url) { return SHELL.pages.includes(url.pathname) ? url.pathname : url.pathname + url.search; }

async function pageOf(url, asked) {
  const kept = await keptOf(url);
  if (!kept) return asked.then(({ answer }) => answer).catch(standIn);
  const late = new Promise((done) => { setTimeout(done, PATIENCE, null); });
  const found = await Promise.race([asked.catch(() => null), late]);
  return found && found.answer.status < 500 ? found.answer : kept;
}

async function keptOf(url) {
  const store = await caches.open(PAGES), kept = await store.match(keyOf(url));
  if (!kept) return null;
  const age = Date.now() - Number(kept.headers.get("x-kept-at"));
  if (age >= 0 && age < SHELL.days * DAY) return kept;
  await store.delete(keyOf(url));
  return null;
}

async function standIn() {
  return (await keptOf(new URL(SHELL.offline, self.location.origin)))
    || new Response("<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>没有网络</title><h1>没有网络</h1><p>这一页没有存在手机上，有网络时再打开。</p>", { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

/* Only a whole page that names whose it is; one of somebody else first empties the store. */
async function keep(url, answer) {
  if (!(answer.headers.get("Content-Type") || "").startsWith("text/html")) return;
  const text = await answer.text(), whose = /<body[^>]* data-user="([^"]+)"/.exec(text);
  if (!whose || left) return;
  await belongsTo(whose[1]);
  const headers = new Headers(answer.headers), at = Date.now();
  ["Content-Encoding", "Content-Length", "Set-Cookie", "Vary"].forEach((name) => headers.delete(name));
  headers.set("x-kept-at", String(at));
  const clean = text.replace(ID_NUMBER, "$1［证件号不存在手机上］").replace(/>[^<]+</g, (words) => words.replace(MOBILE, "$1$2****$3")).replace("<body ", `<body data-kept="${at}" `);
  const store = await caches.open(PAGES);
  if (left) return;
  await store.put(keyOf(url), new Response(clean, { status: 200, headers }));
  const others = (await store.keys()).filter((one) => !SHELL.pages.includes(new URL(one.url).pathname));
  for (const one of others.slice(0, Math.max(0, others.length - MOST))) await store.delete(one);
}

/* What somebody may not see any more (a matter taken back, a duty that ended) does not stay on the phone either. */
async function gone(url, answer) {
  if ([403, 404, 410].includes(answer.status)) await (await caches.open(PAGES)).delete(keyOf(url));
}

async function belongsTo(user) {
  const store = await caches.open(WHO), told = await store.match("/m/who"), before = told ? await told.text() : "";
  if (before === user) return;
  if (before) await caches.delete(PAGES);
  await store.put("/m/who", new Response(user));
}

async function forget() {
  left = true;
  await caches.delete(PAGES);
  await caches.delete(WHO);
}

/* The pages that must open without a network, fetched before they are needed, one after the other: those of the shell, then those
   that today's page names (matters and patrols). */
async function warm(named) {
  const store = await caches.open(PAGES), more = (Array.isArray(named) ? named : []).filter((path) => String(path).startsWith(SHELL.scope));
  for (const path of [...SHELL.pages, ...SHELL.fetched, ...more.slice(0, MOST / 2)]) {
    if (left) return;
    const kept = await store.match(path);
    if (kept && Date.now() - Number(kept.headers.get("x-kept-at")) < FRESH) continue;
    try {
      const answer = await fetch(path, { credentials: "same-origin", headers: { "X-Background": "1" } });
      const url = new URL(path, self.location.origin);
      await (answer.ok && !answer.redirected ? keep(url, answer) : gone(url, answer));
    } catch (_) { return; }
  }
}
