/* On every page of the phone: takes over forms with data-outbox (kept first, sent then), keeps what is being written, tells in the strip
   what waits, and takes away what lies here when somebody leaves or somebody else comes.

   A form says: data-outbox-url (an address of API v1), data-outbox-label (its words in the queue), data-outbox-next (where to go when it
   is done), data-outbox-group (the case; else read off the address); input type=file with data-outbox-photos become photos under their name.
   Whatever goes wrong here, the form goes by its plain door. */
(function () {
  "use strict";

  const keeping = window.phoneKeeping, sending = window.phoneSending;
  const user = document.body.dataset.user || "", kept = Number(document.body.dataset.kept) || 0;
  const PATIENCE = 5000, SAY = "phone-say", OWN = ["/m/report/", "/m/outbox/", "/m/offline/"];

  if ("serviceWorker" in navigator && user) {
    /* After the page itself: on a slow line it would wait for what is only needed later. */
    const begin = () => navigator.serviceWorker.register("/sw.js", { scope: "/m/" }).catch(() => undefined);
    if (document.readyState === "complete") begin(); else addEventListener("load", begin);
    /* A page from the store says whose it was, not who is logged in. */
    if (!kept) navigator.serviceWorker.ready.then((found) => { if (found.active) found.active.postMessage({ type: "user", user, keep: JSON.parse(document.body.dataset.keep || "[]") }); });
  }

  /* ── Words on the page ── */

  function clock(at) {
    const m = new Date(at), day = m.toDateString() === new Date().toDateString() ? "今天 " : `${m.getMonth() + 1}月${m.getDate()}日 `;
    return day + String(m.getHours()).padStart(2, "0") + ":" + String(m.getMinutes()).padStart(2, "0");
  }
  function say(tone, text, ways) {
    const place = document.getElementById("page-says");
    if (!place) return;
    const box = document.createElement("div"), words = document.createElement("div"), line = document.createElement("span");
    box.className = "say say--" + tone;
    box.setAttribute("role", tone === "mend" ? "alert" : "status");
    words.className = "say__text";
    line.textContent = text;
    words.append(line);
    if (ways && ways.length) {
      const row = document.createElement("div");
      row.className = "say__ways";
      ways.forEach(([label, url]) => { const way = document.createElement("a"); way.className = "btn"; way.href = url; way.textContent = label; row.append(way); });
      words.append(row);
    }
    box.append(words);
    place.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  }
  function carry(tone, text) { try { sessionStorage.setItem(SAY, JSON.stringify([tone, text])); } catch (_) { /* said by the queue, too */ } }
  try {
    const carried = JSON.parse(sessionStorage.getItem(SAY));
    sessionStorage.removeItem(SAY);
    if (carried) say(carried[0], carried[1]);
  } catch (_) { /* nothing to say */ }

  window.phoneOutbox = { say, carry, clock, ask };
  if (!keeping || !sending) return;

  /* ── The strip ── */

  const strip = document.getElementById("phone-strip");
  async function draw() {
    if (!strip) return;
    let rows = [];
    try { rows = await sending.mine(); } catch (_) { /* the phone keeps nothing */ }
    const waiting = rows.filter((row) => row.state === "waiting").length, refused = rows.filter((row) => row.state === "refused").length;
    const away = sending.standing.network === "away" || !navigator.onLine, parts = [];
    if (away) parts.push("离线");
    /* What is drawn by the phone itself is never old. */
    if (kept && !OWN.includes(location.pathname)) parts.push(`这是${clock(kept)}存下的页面`);
    if (sending.standing.door && waiting) parts.push(sending.standing.door === "login" ? "请重新登录，内容都在" : sending.standing.door);
    if (waiting) parts.push(`待上传 ${waiting}`);
    if (refused) parts.push(`${refused} 件没有收下`);
    const words = parts.join(" · ");
    strip.hidden = !words;
    if (strip.textContent === words) return;
    strip.textContent = "";
    if (!words) return;
    const way = document.createElement("a");
    way.href = "/m/outbox/";
    way.textContent = words;
    strip.append(way);
  }
  sending.listen(draw);
  addEventListener("online", draw);
  addEventListener("offline", draw);

  /* ── A form becomes an entry ── */

  function valueOf(field) { return field.type === "checkbox" && field.value === "on" ? true : field.value; }
  /* Every move of a case goes to one address: the move is part of a form's name. */
  function doorOf(form) { return [form.dataset.outboxUrl || form.id, form.elements.move ? form.elements.move.value : ""].join("|"); }
  function groupOf(form) {
    const found = /\/cases\/(\d{14})\//.exec(form.dataset.outboxUrl || "");
    return form.dataset.outboxGroup || (found ? found[1] : "");
  }
  function fields(form, submitter) {
    const body = {}, last = submitter && submitter.name ? [submitter] : [];
    Array.from(form.elements).filter((field) => field.name && !field.disabled && !["file", "submit", "button"].includes(field.type) && field.name !== "csrfmiddlewaretoken" && field.name !== "client_id")
      .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked).concat(last).forEach((field) => {
        const values = field.multiple && field.options ? Array.from(field.selectedOptions, (one) => one.value) : [valueOf(field)];
        values.filter((value) => value !== "").forEach((value) => {
          const several = field.type === "checkbox" && form.querySelectorAll(`input[type=checkbox][name="${field.name}"]`).length > 1;
          if (field.name in body || field.multiple || several) body[field.name] = [].concat(body[field.name] === undefined ? [] : body[field.name], [value]);
          else body[field.name] = value;
        });
      });
    if (typeof body.version === "string") body.version = Number(body.version);
    return body;
  }
  async function photosOf(form) {
    const made = [];
    for (const field of form.querySelectorAll("input[type=file][data-outbox-photos]")) {
      for (const file of field.files) {
        const drawn = await window.portalPhotos.shrink(file);
        made.push({ field: field.name, name: `照片${made.length + 1}.jpg`, blob: drawn.blob, look: drawn.look, purpose: field.dataset.outboxPhotos || "", uid: "" });
      }
    }
    return made;
  }
  async function built(form, submitter) {
    const group = groupOf(form);
    return { kind: "form", url: form.dataset.outboxUrl, filesUrl: `/api/v1/cases/${group}/attachments/`, group, label: form.dataset.outboxLabel || document.title, seen: Number(form.dataset.outboxSeen) || 0, body: fields(form, submitter), photos: await photosOf(form) };
  }
  /* Tells the same words from others when they themselves are gone. */
  function digest(text) {
    let sum = 0;
    for (let n = 0; n < text.length; n += 1) sum = (Math.imul(sum, 31) + text.charCodeAt(n)) | 0;
    return sum;
  }
  async function take(form, submitter) {
    const made = form.phoneEntry ? await form.phoneEntry() : await built(form, submitter);
    let id = form.dataset.outboxId || made.id || keeping.uuid();
    made.same = digest(JSON.stringify([made.url, made.body]));
    /* Another window may have handed in what this one has still open: the same once, other words as another entry. */
    const there = await keeping.get("entries", id);
    if (there && there.state !== "refused") {
      if (there.same === made.same) return there;
      id = keeping.uuid();
    }
    if (made.replaces) await keeping.drop("entries", made.replaces);
    const row = Object.assign(made, { id, user, at: Date.now(), door: doorOf(form), from: location.pathname + location.search, state: "waiting", tries: 0, next: 0, step: "", told: null, result: null });
    await keeping.put("entries", row);
    return row;
  }
  /* It is safe now: whatever happens from here on, the plain door would register it a second time. */
  async function follow(form, row) {
    const id = row.id;
    form.dataset.outboxId = id;
    await (row.ownDraft ? keeping.drop("drafts", row.ownDraft).catch(() => undefined) : dropDraft(form));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    sending.changed();
    sending.now();
    const found = await settled(id);
    if (found && found.state === "received") {
      carry("done", form.dataset.outboxDone || (found.kind === "report" ? `已收到，受理编号 ${found.result.number}。` : `已办好：${found.label}。`));
      if (found.kind !== "report" || !form.dataset.outboxNext) await keeping.drop("entries", id);
      location.assign(form.dataset.outboxNext || "/m/");
    } else if (found && found.state === "refused") {
      free(form);
      say("mend", found.told.words, [409, 412].includes(found.told.status) && found.group ? [["看最新", `/m/cases/${found.group}/`], ["待上传", "/m/outbox/"]] : [["待上传", "/m/outbox/"]]);
    } else {
      carry("soon", `已存在手机上：${row.label}。有网络时自动上传，可以关掉页面。`);
      location.assign("/m/outbox/");
    }
  }
  function settled(id) {
    return new Promise((done) => {
      const patience = setTimeout(() => done(null), navigator.onLine ? PATIENCE : 300);
      const look = () => keeping.get("entries", id).then((row) => { if (row && row.state !== "waiting") { clearTimeout(patience); done(row); } });
      sending.listen(look);
    });
  }
  function free(form) {
    form.querySelectorAll("button.is-busy").forEach((button) => { button.classList.remove("is-busy"); button.removeAttribute("aria-disabled"); });
    delete form.dataset.outboxBusy;
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.hasAttribute("data-outbox") || event.defaultPrevented || form.dataset.outboxPlain) return;
    event.preventDefault();
    if (form.dataset.outboxBusy) return;
    form.dataset.outboxBusy = "1";
    take(form, event.submitter).then((row) => follow(form, row).catch(() => location.assign("/m/outbox/")), () => {
      form.dataset.outboxPlain = "1";
      if (form.phonePlain) form.phonePlain();
      form.submit();
    });
  });

  /* ── What is being written ── */

  function draftId(form) { return `${user}|${location.pathname}|${doorOf(form)}`; }
  function written(form) {
    return Array.from(form.querySelectorAll("textarea[name], input[type=text][name], input:not([type])[name], select[name]"));
  }
  function radios(form) { return Array.from(form.querySelectorAll("input[type=radio][name]")); }
  function chosen(form) { return radios(form).filter((field) => field.checked); }
  function dropDraft(form) { clearTimeout(form.phoneTyping); return keeping.drop("drafts", draftId(form)).catch(() => undefined); }
  document.querySelectorAll("form[data-outbox]:not([data-outbox-own-draft])").forEach((form) => {
    form.addEventListener("input", () => {
      clearTimeout(form.phoneTyping);
      form.phoneTyping = setTimeout(() => {
        const values = {};
        written(form).concat(chosen(form)).forEach((field) => { values[field.name] = field.value; });
        keeping.put("drafts", { id: draftId(form), user, at: Date.now(), values }).catch(() => undefined);
      }, 500);
    });
    restore(form);
  });
  async function restore(form) {
    const refused = new URLSearchParams(location.hash.slice(1)).get("again"), row = refused ? await keeping.get("entries", refused) : null;
    if (row && row.user === user && row.state === "refused" && row.door === doorOf(form)) { form.dataset.outboxId = row.id; fill(form, row.body); return; }
    const draft = await keeping.get("drafts", draftId(form));
    if (draft) fill(form, draft.values);
  }
  function fill(form, values) {
    let any = false;
    radios(form).filter((field) => field.value === values[field.name] && !field.checked).forEach((field) => {
      field.checked = any = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    written(form).forEach((field) => {
      if (!values[field.name] || field.value === values[field.name] || (field.value && !field.options)) return;
      field.value = values[field.name];
      any = true;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    const fold = any && form.closest("details");
    if (fold) fold.open = true;
  }

  /* ── Leaving ── */

  function ask(question, ways) {
    const dialog = document.createElement("dialog"), body = document.createElement("div"), words = document.createElement("p"), row = document.createElement("div");
    dialog.className = "ask";
    body.className = "ask__body";
    words.className = "ask__question";
    words.id = "phone-ask";
    words.textContent = question;
    dialog.setAttribute("aria-labelledby", words.id);
    row.className = "ask__ways po-ways";
    return new Promise((done) => {
      let answer = "";
      ways.forEach(([code, label, first]) => {
        const button = document.createElement("button");
        button.type = "button";
        button.className = first ? "btn btn-primary" : "btn";
        button.textContent = label;
        button.addEventListener("click", () => { answer = code; dialog.close(); });
        row.append(button);
      });
      dialog.addEventListener("close", () => { dialog.remove(); done(answer); });
      body.append(words, row);
      dialog.append(body);
      document.body.append(dialog);
      dialog.showModal();
    });
  }
  async function emptied() {
    const worker = navigator.serviceWorker && navigator.serviceWorker.controller;
    if (worker) {
      await new Promise((done) => {
        const line = new MessageChannel();
        line.port1.onmessage = done;
        setTimeout(done, 2000);
        worker.postMessage({ type: "forget" }, [line.port2]);
      });
    }
    for (const name of window.caches ? await caches.keys() : []) if (name.startsWith("phone-pages-") || name === "phone-who") await caches.delete(name);
    await keeping.dropDrafts(null);
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/logout/" || form.dataset.phoneLeaves) return;
    event.preventDefault();
    event.stopPropagation();
    const waiting = (await sending.mine().catch(() => [])).filter((row) => row.state !== "received");
    if (waiting.length) {
      const way = await ask(`还有 ${waiting.length} 件没有上传。先上传再退出最稳妥；留着的话，${keeping.DAYS} 天内您再登录会接着传，别人看不到。`, [["send", "先上传", true], ["keep", "留着，退出"], ["drop", "删掉，退出"], ["", "不退出"]]);
      if (!way) return;
      if (way === "send") { location.assign("/m/outbox/"); return; }
      if (way === "drop") await Promise.all(waiting.map((row) => keeping.drop("entries", row.id)));
    }
    await emptied().catch(() => undefined);
    form.dataset.phoneLeaves = "1";
    form.submit();
  }, true);

  keeping.purge(Date.now(), user).then(() => (kept ? undefined : keeping.dropDrafts(user))).catch(() => undefined).then(() => { draw(); sending.kick(); });
})();
