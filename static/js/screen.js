/* The hall's screen: asks every fifteen seconds, writes what changed into nodes that are there already, never gives up.

   Every node that changes says by which key of the answer: data-k its text, data-show whether it stands, data-set its
   attributes ("attribute=key"). The nodes are found once; of an answer nothing is kept but its ETag. */
(function () {
  "use strict";

  var EVERY = 15000, LONGEST = 30000, PATIENCE = 20000, NIGHT = 3, AGE = 2 * 3600 * 1000, SURE = 2;
  var body = document.body, lost = document.getElementById("lost"), over = document.getElementById("over");
  if (!body.dataset.url || !window.fetch) return;

  var nodes = { text: {}, show: {}, set: {} }, tag = body.dataset.tag, timer = null, tries = 0, ahead = 0, good = 0, newer = 0, began = Date.now(), asking = false;

  function into(group, key, what) { (group[key] = group[key] || []).push(what); }
  Array.prototype.forEach.call(document.querySelectorAll("[data-k]"), function (node) { into(nodes.text, node.getAttribute("data-k"), node); });
  Array.prototype.forEach.call(document.querySelectorAll("[data-show]"), function (node) { into(nodes.show, node.getAttribute("data-show"), node); });
  Array.prototype.forEach.call(document.querySelectorAll("[data-set]"), function (node) {
    node.getAttribute("data-set").split(";").forEach(function (pair) {
      var at = pair.indexOf("=");
      into(nodes.set, pair.slice(at + 1), { node: node, name: pair.slice(0, at) });
    });
  });

  function write(key, value) {
    var words = String(value);
    (nodes.text[key] || []).forEach(function (node) {
      var text = node.firstChild;
      if (!text) node.appendChild(document.createTextNode(words));
      else if (text.data !== words) text.data = words;
    });
    (nodes.show[key] || []).forEach(function (node) { if (node.hidden === Boolean(value)) node.hidden = !value; });
    (nodes.set[key] || []).forEach(function (it) { if (it.node.getAttribute(it.name) !== words) it.node.setAttribute(it.name, words); });
  }

  function two(number) { return (number < 10 ? "0" : "") + number; }
  /* The wall shows the server's time in the centre's zone, whatever the clock of the device says. */
  function words(moment) { var there = new Date(moment + 8 * 3600000); return two(there.getUTCHours()) + ":" + two(there.getUTCMinutes()); }
  function put(id, text) { var node = document.getElementById(id); if (node.firstChild.data !== text) node.firstChild.data = text; }
  function tick() { put("clock", words(Date.now() + ahead)); }

  function heard(answer) {
    var said = Date.parse(answer.headers.get("Date") || "");
    if (said) ahead = said - Date.now();
    tries = 0;
    good += 1;
    if (!lost.hidden) lost.hidden = true;
    put("as-of", words(Date.now() + ahead));
    body.setAttribute("data-state", "live");
  }

  function missed() {
    tries += 1;
    good = 0;
    newer = 0;
    body.setAttribute("data-state", "lost");
    var told = "连接中断，数据截至 " + document.getElementById("as-of").firstChild.data + "，正在重连";
    if (lost.textContent !== told) lost.textContent = told;
    lost.hidden = false;
  }

  function ended(sentence) {
    over.textContent = sentence;
    over.hidden = false;
    lost.hidden = true;
    body.setAttribute("data-state", "ended");
  }

  /* Only a page that just came whole is loaded again: a reload into a server that is away would end in the browser's own page. */
  function renew() {
    return fetch(body.dataset.page, { cache: "no-store", credentials: "same-origin" }).then(function (answer) {
      return answer.text().then(function (text) { if (answer.ok && text.indexOf("</html>") > 0) location.reload(); });
    });
  }

  function stale(told) {
    newer = told !== body.dataset.version ? newer + 1 : 0;
    var there = new Date(Date.now() + ahead + 8 * 3600000).getUTCHours();
    return newer >= SURE || (there === NIGHT && Date.now() - began > AGE && good >= SURE);
  }

  function ask() {
    if (asking) return;
    asking = true;
    var stop = window.AbortController ? new AbortController() : null;
    var watch = setTimeout(function () { if (stop) stop.abort(); }, PATIENCE);
    var options = { cache: "no-store", credentials: "same-origin", redirect: "error", headers: { "If-None-Match": tag, "X-Background": "1" } };
    if (stop) options.signal = stop.signal;
    fetch(body.dataset.url, options).then(function (answer) {
      if (answer.status === 304) { heard(answer); return stale(newer ? "" : body.dataset.version) ? renew() : null; }
      if (answer.status === 410 || answer.status === 401) return answer.json().then(function (said) { heard(answer); ended(said.detail); });
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json().then(function (told) {
        heard(answer);
        if (!over.hidden) over.hidden = true;
        Object.keys(told).forEach(function (key) { write(key, told[key]); });
        tag = answer.headers.get("ETag") || "";
        return stale(told.version) ? renew() : null;
      });
    }).catch(missed).then(function () {
      clearTimeout(watch);
      asking = false;
      next();
    });
  }

  function next() {
    clearTimeout(timer);
    var wait = tries ? Math.min(LONGEST, 1000 * Math.pow(2, Math.min(tries, 6))) : EVERY;
    timer = setTimeout(ask, wait * (0.9 + 0.2 * Math.random()));
  }

  /* The figures on the map stay as high as every other word, however large the map is drawn. */
  var ground = document.getElementById("ground"), names = ground ? ground.querySelectorAll("text") : [];
  function fit() {
    var turn = ground && ground.getScreenCTM && ground.getScreenCTM();
    if (!turn || !turn.a) return;
    var size = 1.1 * parseFloat(getComputedStyle(document.documentElement).fontSize) / turn.a;
    Array.prototype.forEach.call(names, function (node) { node.setAttribute("font-size", size.toFixed(0)); });
  }

  fit();
  window.addEventListener("resize", fit);
  window.addEventListener("online", function () { clearTimeout(timer); ask(); });
  setInterval(tick, 1000);
  tick();
  next();
})();
