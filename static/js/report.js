/* A resident's report over a bad network: what is typed and the photos stay on the phone until the server has said that it has
   them. Photos go one by one, each again until acknowledged; the form goes again under the same submission key, which registers
   once. Nothing relies on a service worker; without this script the form is a plain form. */
(function () {
  "use strict";

  var form = document.getElementById("report-form"), keeping = window.portalKeeping, photos = window.portalPhotos, asking = window.portalAsking;
  if (!form || !keeping || !photos || !asking) return;
  var line = document.getElementById("draft-line"), list = document.getElementById("photo-list"), input = document.getElementById("photos");
  var MOST = 6, WAITS = [2000, 4000, 8000, 15000, 30000], HOUR = 3600000, call = asking.call, Later = asking.Later, Refused = asking.Refused;
  var FIELDS = ["kind", "description", "area", "address", "lng", "lat", "name", "phone", "confidential", "anonymous", "agree"];
  /* `sent`: what went to the server and has no answer yet, as it went; `tab`: the tab that wrote it. */
  var draft = { id: form.elements.client_id.value, path: location.pathname, begun: Date.now(), at: Date.now(), tab: "", values: {}, photos: [], sending: false, sent: null };
  var safe = "nothing", tries = 0, timer = null, busy = false, typing = null, typed = 0, onceMore = false, tab = tabOf();

  function tabOf() {
    try {
      if (!sessionStorage.getItem("report-tab")) sessionStorage.setItem("report-tab", draft.id);
      return sessionStorage.getItem("report-tab");
    } catch (_) { return draft.id; }
  }

  /* ── Words ── */

  function clock(at) { var m = new Date(at); return (m.toDateString() === new Date().toDateString() ? "今天 " : m.getMonth() + 1 + "月" + m.getDate() + "日 ") + ("0" + m.getHours()).slice(-2) + ":" + ("0" + m.getMinutes()).slice(-2); }
  /* The line stays in sight while something waits or is found again, not while somebody writes. */
  function say(text, ways) {
    line.hidden = !text;
    line.textContent = text;
    line.classList.toggle("is-waiting", draft.sending || /^(已找回|这台设备)/.test(text));
    (ways || []).forEach(function (way) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "linkish";
      button.textContent = way[0];
      button.addEventListener("click", way[1]);
      line.appendChild(button);
    });
  }
  function left() { return draft.photos.filter(function (photo) { return !photo.uid; }).length; }
  function held() {
    if (!draft.photos.length) return "文字";
    return "文字和 " + draft.photos.length + " 张照片" + (left() ? "（" + left() + " 张还没传）" : "（照片已经传好）");
  }
  function waitsWords(seconds, words) {
    if (seconds > 120 && left()) {
      say("这个网络一小时内传的照片太多，还要等 " + Math.ceil(seconds / 60) + " 分钟才能传照片，到时自动接着交。", [["不带没传的照片，现在就交", without], ["先不交，接着改", stop]]);
      return;
    }
    var where = safe === "all" ? "存在本机" : safe === "words" ? "（照片没有存下，请不要关掉本页）" : "还在本页，请不要关掉";
    say(words ? words + held() + where + "，到时自动接着交。" : "网络断了：" + held() + where + "，联网后自动接着交。", [["先不交，接着改", stop], ["现在再试", again]]);
  }

  /* ── What is typed ── */

  function read() {
    var values = {};
    FIELDS.forEach(function (name) {
      var field = form.elements[name], one;
      if (!field) return;
      if (field.type === "checkbox") values[name] = field.checked ? field.value : "";
      else if (field.length !== undefined && !field.options) { one = form.querySelector('[name="' + name + '"]:checked'); values[name] = one ? one.value : ""; }
      else values[name] = field.value;
    });
    return values;
  }
  function write(values) {
    FIELDS.forEach(function (name) {
      var field = form.elements[name];
      if (!field || values[name] === undefined) return;
      if (field.type === "checkbox") field.checked = Boolean(values[name]);
      else if (field.length !== undefined && !field.options) Array.prototype.forEach.call(field, function (one) { one.checked = one.value === values[name]; });
      else field.value = values[name];
    });
    Array.prototype.forEach.call(form.querySelectorAll(".option input"), function (one) { one.closest(".option").classList.toggle("is-checked", one.checked); });
  }
  function keep() {
    draft.values = read();
    draft.at = Date.now();
    draft.tab = tab;
    return keeping.put(draft).then(function (how) { safe = how; return how; });
  }
  /* A slow phone has kept what was typed only after the submission was lost and stopped: its words then come too late. */
  function wroteLast() { clearTimeout(typing); typing = null; typed += 1; }
  form.addEventListener("input", function () {
    wroteLast();
    typing = setTimeout(function () {
      var at = typed;
      typing = null;
      keep().then(function (how) { if (at === typed && !draft.sending) say(how === "nothing" ? "" : "已存在本机（" + clock(draft.at) + "），断网也不会丢；提交后或者三天后自动清除。", how === "nothing" ? [] : [["清空", clear]]); });
    }, 500);
  });
  addEventListener("pagehide", function () { if (typing) keep(); });
  function clear() {
    typing = null;
    keeping.drop(draft.id).then(function () { location.replace(location.pathname); });
  }

  /* ── Photos ── */

  function draw() {
    list.textContent = "";
    list.hidden = !draft.photos.length;
    draft.photos.forEach(function (photo, at) {
      var row = document.createElement("li"), words = document.createElement("span"), off = document.createElement("button");
      row.className = "report-photos__one";
      if (photo.look) { var image = document.createElement("img"); image.src = photo.look; image.alt = ""; row.appendChild(image); }
      words.textContent = "第 " + (at + 1) + " 张" + (photo.uid ? "，已传好" : "");
      off.type = "button";
      off.className = "btn btn-small";
      off.textContent = "去掉";
      off.setAttribute("aria-label", "去掉第 " + (at + 1) + " 张照片");
      off.addEventListener("click", function () { draft.photos.splice(at, 1); draw(); keep(); });
      row.appendChild(words); row.appendChild(off); list.appendChild(row);
    });
    var told = form.querySelector(".file-way .small");
    if (told) told.textContent = draft.photos.length ? "已选 " + draft.photos.length + " 张" : "还没有选";
  }
  input.addEventListener("change", function () {
    var files = Array.prototype.slice.call(input.files, 0, MOST - draft.photos.length), over = input.files.length > files.length;
    if (!input.files.length) return;
    input.value = "";
    say("正在缩小照片……");
    files.reduce(function (before, file) {
      return before.then(function () { return photos.shrink(file); }).then(function (made) {
        draft.photos.push({ name: "照片" + (draft.photos.length + 1) + ".jpg", blob: made.blob, look: made.look, uid: "" });
      });
    }, Promise.resolve()).then(function () {
      draw();
      return keep();
    }).then(function () { say(over ? "一次最多 " + MOST + " 张照片，多出来的没有选上。" : held() + (safe === "all" ? "已存在本机。" : "已选好。")); });
  });

  /* ── Sending ── */

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    if (busy) return;
    wroteLast();
    draft.sending = true;
    tries = 0;
    onceMore = false;
    keep().then(go);
  });
  function stop() {
    clearTimeout(timer);
    draft.sending = false;
    rest(false);
    var words = draft.sent ? "先停下了。刚才交的那一份可能已经收到；改好后再点“提交”，会先核对，不会重复登记。" : "没有提交，" + held() + "存在本机。改好后再点“提交”。";
    keep().then(function () { say(words, [["清空", clear]]); });
  }
  function without() {
    draft.photos = draft.photos.filter(function (photo) { return photo.uid; });
    draw();
    keep().then(again);
  }
  function again() { clearTimeout(timer); tries = 0; go(); }
  addEventListener("online", function () { if (draft.sending) again(); });
  document.addEventListener("visibilitychange", function () { if (draft.sending && !document.hidden) again(); });
  function rest(on) {
    var button = document.getElementById("report-go");
    button.classList.toggle("is-busy", on);
    if (on) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
  }

  function upload(photo) {
    var body = new FormData();
    body.append("client_id", draft.id);
    body.append("file", photo.blob, photo.name);
    return call(form.getAttribute("data-files-url"), { body: body }).then(function (answer) {
      return asking.textOf(answer).then(function (text) {
        var told = asking.jsonOf(text);
        if (answer.status !== 201 || !told) throw new Refused(told ? asking.wordsOf(text) || "有一张照片收不下，请去掉后再交。" : asking.STRANGE);
        photo.uid = told.id;
        draw();
        return keep();
      });
    });
  }
  function uploads() {
    var next = draft.photos.filter(function (photo) { return !photo.uid; })[0];
    if (!next) return Promise.resolve();
    say("正在传照片：还有 " + left() + " 张……");
    return upload(next).then(uploads);
  }
  function proof() {
    var body = JSON.stringify({ client_id: draft.id });
    return call(form.getAttribute("data-challenge-url"), { body: body, headers: { "Content-Type": "application/json" } }).then(function (answer) {
      return answer.ok ? asking.textOf(answer).then(asking.jsonOf) : null;
    }).then(function (told) {
      if (!told || !told.asked || !window.Worker) return "";
      say("现在提交的人多，正在自动校验，几秒钟就好……");
      return new Promise(function (done) {
        var worker;
        try { worker = new Worker(form.getAttribute("data-worker")); } catch (_) { done(""); return; }
        worker.onmessage = function (event) { worker.terminate(); done(event.data); };
        worker.onerror = function () { worker.terminate(); done(""); };
        worker.postMessage({ line: told.challenge, bits: told.bits });
      });
    });
  }
  function uids() { return draft.photos.map(function (photo) { return photo.uid; }); }
  function changed() { return Boolean(draft.sent) && JSON.stringify([draft.sent.values, draft.sent.photos]) !== JSON.stringify([read(), uids()]); }
  /* What went once goes again as it went: other words under its key would be refused. `earlier` only asks whether it arrived. */
  function submit(token, proven, earlier) {
    var body = new FormData(), sent = draft.sent;
    Object.keys(sent.values).forEach(function (name) { if (sent.values[name]) body.append(name, sent.values[name]); });
    body.append("csrfmiddlewaretoken", token);
    body.append("client_id", draft.id);
    body.append("proof", proven);
    body.append("website", form.elements.website.value);
    if (earlier) body.append("earlier", "1");
    sent.photos.forEach(function (uid) { body.append("photo", uid); });
    say(earlier ? "正在核对先前交的那一份……" : "正在提交……");
    return call(draft.path, { body: body });
  }
  function shown(html) { document.open(); document.write(html); document.close(); scrollTo(0, 0); }

  function go() {
    if (busy || !draft.sending) return;
    clearTimeout(timer);
    busy = true;
    rest(true);
    var proven = "", earlier = changed();
    (earlier ? Promise.resolve("") : uploads().then(proof)).then(function (found) {
      proven = found;
      if (!draft.sent) draft.sent = { values: read(), photos: uids() };
      return keep();
    }).then(function () {
      return submit(form.elements.csrfmiddlewaretoken.value, proven, earlier);
    }).then(function (answer) {
      return answer.status === 403 ? asking.freshToken(draft.path).then(function (token) { return submit(token, proven, earlier); }) : answer;
    }).then(function (answer) {
      return asking.textOf(answer).then(function (html) { return answered(answer.status, html); });
    }).catch(function (why) {
      busy = false;
      if (!(why instanceof Later)) { draft.sending = false; rest(false); keep(); say(why instanceof Refused ? why.text : asking.STRANGE); return; }
      if (!draft.sending) return;
      waitsWords(why.seconds, why.words);
      timer = setTimeout(go, why.seconds ? why.seconds * 1000 : WAITS[Math.min(tries, WAITS.length - 1)]);
      tries += 1;
    });
  }
  function answered(status, html) {
    var page = new DOMParser().parseFromString(html, "text/html"), ours = page.getElementById("report-form"), other = changed();
    if (page.getElementById("received")) {
      draft.sending = false;
      return keeping.drop(draft.id).then(function () { shown(html); });
    }
    if (status !== 204 && !ours) throw new Refused(asking.wordsOf(html) || asking.STRANGE);
    draft.sent = null;
    if (status === 409) return renewed(ours.querySelector("[name=client_id]").value, html);
    if (ours && ours.hasAttribute("data-photos-lost") && !onceMore) { onceMore = other = true; forgetUids(); }
    if (status === 204 || other) { busy = false; return keep().then(go); }
    draft.sending = false;
    return keep().then(function () { shown(html); });
  }
  /* The server has no such photo any more, or has it for another report: the phone still has each. */
  function forgetUids() {
    draft.photos.forEach(function (photo) { if (photo.blob) photo.uid = ""; });
    draw();
  }
  /* The key holds another report: this one goes on under a new one. */
  function renewed(id, html) {
    var before = draft.id;
    draft.id = id;
    draft.sending = false;
    forgetUids();
    return keep().then(function () { return keeping.drop(before); }).then(function () { shown(html); });
  }

  /* ── What was written before ── */

  keeping.purge(Date.now()).then(keeping.all).then(function (rows) {
    var wrong = form.querySelector('[aria-invalid="true"], .say'), mine = rows.filter(function (row) { return row.path === location.pathname; });
    /* A form that came back with mistakes holds what was typed; only its photos are here. */
    var same = mine.filter(function (row) { return row.id === draft.id; })[0];
    if (wrong) { if (same) { draft.photos = same.photos; dropHidden(); } draw(); return; }
    var kept = mine.sort(function (a, b) { return b.at - a.at; })[0];
    if (!kept) return;
    var from = clock(kept.at);
    /* A phone or a hall's screen that several people use: nobody sees or sends what another has written. */
    if (kept.tab === tab && Date.now() - kept.at < HOUR) { take(kept, from); return; }
    say("这台设备上有 " + from + " 没有提交的内容。", [
      ["接着写", function () { kept.sending = false; take(kept, from); keep(); }],
      ["清空", function () { draft.id = kept.id; clear(); }]
    ]);
  });
  function take(kept, from) {
    draft = kept;
    draft.begun = draft.begun || draft.at;
    form.elements.client_id.value = draft.id;
    write(draft.values);
    draw();
    if (draft.sending) { say("接着提交 " + from + " 的反映……"); go(); return; }
    say("已找回 " + from + " 没有提交的内容。", [["清空", clear]]);
  }
  function dropHidden() {
    Array.prototype.forEach.call(form.querySelectorAll('input[name="photo"], .report-kept'), function (one) { one.remove(); });
  }
})();
