/* The window's one screen by keyboard: Enter goes on, digits choose, proposals wait in the empty field for Enter, the helper at
   the right is asked while somebody types and never takes the focus. What is typed is kept on the server; only while the network
   is away the parts that name nobody are kept here. Without this script the form is a plain form. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-intake]");
  if (!form) return;
  var beside = document.getElementById("beside"), helper = beside.parentNode;
  var PAUSE = 450;

  function each(selector, work) { Array.prototype.forEach.call(form.querySelectorAll(selector), work); }
  function valueOf(name) {
    var found = form.elements[name];
    if (!found) return "";
    if (found.length === undefined || found.options) return found.value;
    return Array.prototype.filter.call(found, function (one) { return one.checked; }).map(function (one) { return one.value; })[0] || "";
  }
  function isSeen(field) { return field.type !== "hidden" && !field.disabled && field.offsetParent !== null && field.tabIndex >= 0; }

  /* ── What is shown depends on what was chosen ── */

  function showWhat() {
    each("[data-when]", function (box) {
      var wanted = box.dataset.is.split(" ").indexOf(valueOf(box.dataset.when)) >= 0;
      box.hidden = !wanted || box.hasAttribute("data-later");
      box.removeAttribute("data-off");
    });
  }
  form.addEventListener("change", showWhat);
  showWhat();

  /* The next person's line comes when the one before it is begun. */
  form.addEventListener("input", function (event) {
    var slot = event.target.closest(".person-slot"), next = slot && slot.nextElementSibling;
    if (!next || !next.hasAttribute("data-later") || !event.target.value) return;
    next.removeAttribute("data-later");
    showWhat();
  });

  /* ── Enter goes on; a digit chooses among radios ── */

  function stops() {
    var groups = {};
    return Array.prototype.filter.call(form.elements, function (field) {
      if (!isSeen(field) || helper.contains(field) || field.closest("details:not([open])")) return false;
      if (field.tagName === "FIELDSET" || (field.tagName === "BUTTON" && field.id !== "register")) return false;
      if (field.type !== "radio") return true;
      if (groups[field.name]) return false;
      groups[field.name] = true;
      return true;
    });
  }
  function stopOf(field) {
    if (field.type !== "radio") return field;
    var group = form.elements[field.name];
    return (group.length ? Array.prototype.filter.call(group, isSeen)[0] : group) || field;
  }
  function goOn(from) {
    var all = stops(), at = all.indexOf(stopOf(from));
    /* An empty name of a further person says that nobody else came. */
    if (/^reporter-[1-4]-name$/.test(from.name) && !from.value) while (all[at + 1] && all[at + 1].closest(".person-slot")) at += 1;
    var next = all[at + 1];
    if (!next) return;
    if (next.type === "radio") {
      var group = form.elements[next.name];
      next = (group.length && Array.prototype.filter.call(group, function (one) { return one.checked; })[0]) || next;
    }
    next.focus();
  }
  form.addEventListener("keydown", function (event) {
    var field = event.target;
    if (event.isComposing || event.keyCode === 229 || event.altKey || event.metaKey || event.ctrlKey) return;
    if (field.type === "radio" && /^[1-9]$/.test(event.key)) {
      var wanted = Array.prototype.filter.call(field.closest("[data-radios]") ? field.closest("[data-radios]").querySelectorAll("input[type=radio]") : [], isSeen)[Number(event.key) - 1];
      if (!wanted) return;
      event.preventDefault();
      wanted.focus();
      wanted.click();
      return;
    }
    if (event.key !== "Enter" || event.shiftKey || helper.contains(field) || event.defaultPrevented) return;
    if (!field.matches("input:not([type=submit]):not([type=file])")) return;
    event.preventDefault();
    event.stopPropagation();
    if (field.type === "radio" && field.name === "level" && !valueOf("level")) take(proposed.level);
    goOn(field);
  });
  form.addEventListener("picker:chosen", function (event) { goOn(event.target); });

  document.addEventListener("keydown", function (event) {
    if (event.key === "F2") {
      event.preventDefault();
      if (helper.contains(document.activeElement)) { back(); return; }
      var ways = Array.prototype.filter.call(helper.querySelectorAll("input, button, a"), function (one) { return one.offsetParent !== null && (one.type !== "radio" || one.checked); });
      var first = ways.filter(function (one) { return one.type === "radio"; })[0] || ways[0];
      if (!first) return;
      cameFrom = document.activeElement;
      helper.classList.add("is-entered");
      first.focus();
    } else if (event.key === "F8" && document.querySelector("[data-other-way]")) { event.preventDefault(); document.querySelector("[data-other-way]").click(); }
    else if (event.key === "F9" && form.elements.urgent) { event.preventDefault(); form.elements.urgent.click(); }
    else if (event.key === "Escape" && helper.contains(document.activeElement)) back();
  });
  var cameFrom = null;
  function back() {
    helper.classList.remove("is-entered");
    if (cameFrom && cameFrom.isConnected) cameFrom.focus();
  }
  helper.addEventListener("focusout", function (event) { if (!helper.contains(event.relatedTarget)) helper.classList.remove("is-entered"); });

  /* ── Proposals: shown in the helper, waiting in the empty field; a person takes them or not ── */

  var proposed = {};
  function take(row) {
    if (!row) return;
    if (row.for === "level") {
      each('[name="level"]', function (radio) { if (radio.value === row.value) { radio.checked = true; radio.dispatchEvent(new Event("change", { bubbles: true })); } });
      if (form.elements.level_reason && !form.elements.level_reason.value) form.elements.level_reason.value = row.why.slice(0, 200);
      return;
    }
    var select = document.getElementById(row.for);
    if (!Array.prototype.some.call(select.options, function (option) { return option.value === row.value; })) select.add(new Option(row.label, row.value));
    select.value = row.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  function readProposals() {
    var found = { category: [], "place-code": [], level: [] };
    Array.prototype.forEach.call(beside.querySelectorAll("[data-suggest]"), function (line) {
      found[line.dataset.suggest].push({ for: line.dataset.suggest, value: line.dataset.value, label: line.dataset.label, why: line.dataset.why, kind: line.dataset.kind || "" });
    });
    proposed.level = found.level[0];
    ["category", "place-code"].forEach(function (id) {
      var select = document.getElementById(id);
      if (!select) return;
      select.dataset.suggested = JSON.stringify(found[id].map(function (row) { return { value: row.value, name: row.label, also: "建议：" + row.why }; }));
      hint(id, found[id][0], !select.value);
      /* Somebody who stands in the empty field already sees what came. */
      var typed = document.getElementById(id + "-typed");
      if (found[id].length && typed && typed === document.activeElement && !typed.value && typed.getAttribute("aria-expanded") === "false") typed.click();
    });
    hint("level", proposed.level, !valueOf("level"));
  }
  function hint(id, row, open) {
    var line = document.getElementById(id + "-hint");
    if (!line) return;
    var words = row && open ? "建议“" + row.label + "”：" + row.why + "。按回车采用。" : "";
    if (line.textContent !== words) line.textContent = words;
    if (words) line.setAttribute("data-proposal", ""); else line.removeAttribute("data-proposal");
  }
  beside.addEventListener("click", function (event) {
    var line = event.target.closest("[data-suggest]");
    if (!line) return;
    take({ for: line.dataset.suggest, value: line.dataset.value, label: line.dataset.label, why: line.dataset.why });
  });

  /* The kind follows from the category unless somebody has said another that suits it. */
  form.addEventListener("change", function (event) {
    if (event.target.id === "category" && event.target.value) {
      var option = event.target.selectedOptions[0], kinds = (option.dataset.kinds || "").split(" ");
      var complaint = document.getElementById("complaint-fold");
      if (complaint && event.target.value.indexOf("A12") === 0) complaint.open = true;
      if (option.dataset.kind && kinds.indexOf(valueOf("kind")) < 0) each('[name="kind"][value="' + option.dataset.kind + '"]', function (radio) { radio.checked = true; frame(radio); });
    }
    if (event.target.name === "kind" && event.target.type === "radio") {
      var select = document.getElementById("category"), chosen = select.selectedOptions[0];
      if (select.value && chosen.dataset.kinds && chosen.dataset.kinds.split(" ").indexOf(event.target.value) < 0) {
        select.value = "";
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    readProposals();
  });
  function frame(radio) {
    Array.prototype.forEach.call(radio.closest(".options").querySelectorAll(".option"), function (option) { option.classList.toggle("is-checked", option.querySelector("input").checked); });
  }
  if (form.elements.urgent) form.elements.urgent.addEventListener("change", function () {
    if (this.checked && !valueOf("level")) take({ for: "level", value: "urgent", why: "重大紧急" });
  });

  /* ── Asking the helper, which also keeps the draft ── */

  var timer = null, sent = written(), left = false;
  function written() { return new URLSearchParams(new FormData(form)).toString(); }
  function ask() {
    clearTimeout(timer);
    if (left || written() === sent || helper.contains(document.activeElement)) return;
    sent = written();
    htmx.trigger(beside, "beside");
  }
  function later() { clearTimeout(timer); timer = setTimeout(ask, PAUSE); }
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  helper.addEventListener("change", function () { sent = ""; later(); });
  helper.addEventListener("focusout", later);
  form.addEventListener("submit", function () { left = true; clearTimeout(timer); });
  addEventListener("pageshow", function () { left = false; });

  /* Its troubles are told in one quiet line: nothing jumps, nothing takes the focus. */
  function quietly(text) {
    var line = form.querySelector(".draft") || document.createElement("p");
    line.className = "draft";
    line.setAttribute("role", "status");
    line.textContent = text;
    if (!line.isConnected) form.querySelector(".intake__main").insertBefore(line, form.querySelector(".intake__main").firstChild);
  }
  ["htmx:sendError", "htmx:timeout"].forEach(function (name) {
    beside.addEventListener(name, function (event) {
      event.stopPropagation();
      sent = "";
      keepHere();
      quietly("网络不通：可以继续填写，联网后自动保存；姓名和电话只在这个页面里，请先不要关闭。");
    });
  });
  beside.addEventListener("htmx:beforeSwap", function (event) {
    event.stopPropagation();
    var xhr = event.detail.xhr, ended = xhr.responseURL && new URL(xhr.responseURL).pathname.indexOf("/login/") === 0;
    if (xhr.status >= 400 || ended) {
      event.detail.shouldSwap = false;
      quietly(ended || xhr.status === 401 || xhr.status === 403 ? "登录已过期，草稿没有保存。请在新窗口重新登录，再回到本页继续，内容不会丢。" : "草稿这次没有保存上，稍后会再试。");
      sent = "";
      return;
    }
    if (helper.contains(document.activeElement)) event.detail.shouldSwap = false;
    if (xhr.responseText.indexOf("data-saved") < 0) return;
    forgetHere();
    /* A page loaded again goes on with this form. The name of a form says nothing of anybody. */
    history.replaceState(null, "", "?draft=" + encodeURIComponent(form.elements.client_id.value));
  });
  beside.addEventListener("htmx:afterSwap", function (event) { event.stopPropagation(); readProposals(); });
  addEventListener("online", function () { sent = ""; ask(); });
  addEventListener("pagehide", function () {
    if (left || written() === sent || !navigator.sendBeacon) return;
    navigator.sendBeacon(beside.getAttribute("hx-post"), new FormData(form));
  });

  /* ── While the network is away: what names nobody is kept in this browser ── */

  var HERE = "intake:" + (document.documentElement.dataset.user || "-");
  function mayStay(field) { return field.name && field.type !== "hidden" && field.type !== "file" && !field.closest("[data-private]"); }
  function keepHere() {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!mayStay(field) || ((field.type === "radio" || field.type === "checkbox") && !field.checked)) return;
      values[field.name] = field.value;
    });
    try { localStorage.setItem(HERE, JSON.stringify({ at: Date.now(), id: form.elements.client_id.value, values: values })); } catch (_) { /* full or forbidden: the page itself still holds it */ }
  }
  function forgetHere() { try { localStorage.removeItem(HERE); } catch (_) { /* nothing was kept */ } }
  (function putBack() {
    var kept = null;
    try { kept = JSON.parse(localStorage.getItem(HERE)); } catch (_) { return; }
    if (!kept || Date.now() - kept.at > 72 * 3600000 || form.querySelector('[aria-invalid="true"]')) return;
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!mayStay(field) || kept.values[field.name] === undefined) return;
      if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === kept.values[field.name];
      else if (!field.value || kept.id === form.elements.client_id.value) field.value = kept.values[field.name];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
    quietly("网络断开时写的内容已找回；那时填的姓名和电话请核对。");
    sent = "";
    later();
  })();

  /* ── The map: loaded when it is opened ── */

  var fold = document.getElementById("map-fold"), map = null;
  if (fold) fold.addEventListener("toggle", function () { if (fold.open && !map) load(draw); });
  function load(then) {
    if (window.L) { then(); return; }
    var sheet = document.createElement("link"), script = document.createElement("script");
    sheet.rel = "stylesheet";
    sheet.href = fold.dataset.leafletCss;
    script.src = fold.dataset.leaflet;
    script.onload = then;
    script.onerror = function () { said("地图没有打开，请直接选社区。"); };
    document.head.appendChild(sheet);
    document.head.appendChild(script);
  }
  function said(text) { document.getElementById("map-said").textContent = text; }
  function draw() {
    map = L.map("map", { attributionControl: false, zoomControl: false, zoomSnap: .25, keyboard: true, preferCanvas: true, zoomAnimation: false, fadeAnimation: false });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    said("正在取网格图……");
    fetch(fold.dataset.geojson, { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (shapes) {
      shapes.features = shapes.features.filter(function (feature) { return feature.geometry; });
      var ink = getComputedStyle(document.documentElement), layer = L.geoJSON(shapes, { style: { color: ink.getPropertyValue("--brand").trim(), weight: 1, fillColor: ink.getPropertyValue("--brand-soft").trim(), fillOpacity: .35 } });
      if (!shapes.features.length) { said("还没有导入网格图，请直接选社区。"); return; }
      layer.addTo(map);
      layer.bindTooltip(function (grid) { return plain(grid.feature.properties.name); }, { sticky: true });
      map.fitBounds(layer.getBounds());
      name(layer);
      said("");
    }).catch(function () { said("网格图没有取到，请直接选社区。"); });
    map.on("click", function (event) { locate(event.latlng); });
    document.getElementById("map").addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); locate(map.getCenter()); }
    });
  }
  function plain(text) { var found = document.createElement("span"); found.textContent = text; return found; }

  /* Names on the ground: the streets while the whole is seen, the communities once somebody has gone nearer. */
  function name(layer) {
    var places = { street: {}, community: {} }, far = map.getZoom(), shown = L.layerGroup().addTo(map);
    function holds(level, code, words, box) {
      var place = places[level][code];
      if (place) place.box.extend(box); else places[level][code] = { words: words, box: L.latLngBounds(box.getSouthWest(), box.getNorthEast()) };
    }
    layer.eachLayer(function (grid) {
      var about = grid.feature.properties, words = (about.community_name || "").replace(/(居民委员会|村民委员会|居委会|村委会)$/, ""), at = words ? about.name.indexOf(words) : -1;
      if (at < 0) return;
      holds("community", about.community, words, grid.getBounds());
      if (at > 0) holds("street", about.community.slice(0, 9), about.name.slice(0, at), grid.getBounds());
    });
    function write() {
      var seen = map.getBounds(), level = map.getZoom() > far + 1.5 ? "community" : "street";
      shown.clearLayers();
      Object.keys(places[level]).forEach(function (code) {
        var place = places[level][code], middle = place.box.getCenter();
        if (seen.contains(middle)) shown.addLayer(L.tooltip({ permanent: true, direction: "center", interactive: false, className: "map__name" }).setLatLng(middle).setContent(plain(place.words)));
      });
    }
    map.on("moveend", write);
    write();
  }
  var marker = null;
  function locate(at) {
    var body = new FormData();
    body.append("lng", at.lng); body.append("lat", at.lat); body.append("datum", "wgs84");
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    if (marker) marker.remove();
    marker = L.circleMarker(at, { radius: 8, weight: 3 }).addTo(map);
    fetch(fold.dataset.pointUrl, { method: "POST", body: body, credentials: "same-origin" }).then(function (answer) { return answer.text(); }).then(function (html) {
      var found = new DOMParser().parseFromString(html, "text/html").body, grid = found.querySelector("[data-located]");
      said(found.textContent.trim());
      if (!grid) return;
      form.elements["place-lng"].value = grid.dataset.lng;
      form.elements["place-lat"].value = grid.dataset.lat;
      take({ for: "place-code", value: grid.dataset.located, label: grid.dataset.label });
    }).catch(function () { said("没有认出这个位置，请检查网络，或者直接选社区。"); });
  }

  readProposals();
  var wrong = form.querySelector('[aria-invalid="true"]');
  if (wrong) {
    var at = wrong.matches("input:not([hidden]), textarea") ? wrong : (wrong.closest(".field") || wrong).querySelector("input, textarea");
    if (at) setTimeout(function () { at.focus(); }, 0);
  }
})();
