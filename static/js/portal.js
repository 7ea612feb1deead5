/* The portal's own behaviour, without a framework. Every page works without it; with it nothing typed is lost, questions are
   asked in words, and a refusal is told where the hand is. Behaviour is asked for by data- attributes (docs/design.md). */
(function () {
  "use strict";

  var root = document.documentElement;
  var YEAR = 365 * 24 * 3600;
  root.classList.add("has-scripts");

  /* Calls work(element) for each match inside `within`, and for each that htmx brings later. */
  var finders = [];
  function whenever(selector, work) {
    finders.push([selector, work]);
    each(document, selector, work);
  }
  function each(within, selector, work) {
    if (within.matches && within.matches(selector)) work(within);
    Array.prototype.forEach.call(within.querySelectorAll(selector), work);
  }
  function on(type, selector, work) {
    document.addEventListener(type, function (event) {
      var found = event.target.closest && event.target.closest(selector);
      if (found) work(found, event);
    });
  }
  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }
  function kept(name) { try { return localStorage.getItem(name); } catch (_) { return null; } }
  function keep(name, value) {
    try { if (value === null) localStorage.removeItem(name); else localStorage.setItem(name, value); return true; } catch (_) { return false; }
  }

  /* ── How it looks: theme and 长辈版, kept in cookies so that the server draws the next page right at once ── */

  on("click", "[data-set-theme], [data-set-mode]", function (button, event) {
    event.preventDefault();
    ["theme", "mode"].forEach(function (name) {
      var value = button.getAttribute("data-set-" + name);
      if (!value) return;
      if (name === "mode" && button.hasAttribute("data-toggle") && root.dataset.mode === value) value = "standard";
      root.dataset[name] = value;
      document.cookie = name + "=" + value + ";path=/;max-age=" + YEAR + ";samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
    });
    showChoices();
  });
  function showChoices() {
    each(document, "[data-set-theme]", function (button) {
      button.setAttribute("aria-pressed", String(root.dataset.theme === button.getAttribute("data-set-theme")));
    });
    each(document, "[data-set-mode]", function (button) {
      var chosen = root.dataset.mode === button.getAttribute("data-set-mode");
      if (button.hasAttribute("data-toggle")) { if (button.dataset.on) button.textContent = chosen ? button.dataset.on : button.dataset.off; }
      else if (button.matches("button")) button.setAttribute("aria-pressed", String(chosen));
    });
  }
  showChoices();

  /* ── Sentences ── */

  var NO_NETWORK = "网络不通，没有提交成功。您填写的内容还在本页，联网后再点一次即可。";
  var TOO_SLOW = "等了很久没有回音，不确定是否已办成。请刷新页面看一看，再决定要不要重做。";
  var BY_STATUS = {
    401: "登录已过期。请在新窗口重新登录，再回到本页提交，填写的内容不会丢。",
    403: "您的岗位不能办理这一步，请联系有权限的同事。",
    404: "没有找到，可能已转到别的单位。请返回列表查看。",
    409: "这件事刚刚被别人办理过，您的操作未生效。请刷新页面查看最新状态。",
    412: "页面打开后内容已更新，请刷新页面再操作。",
    413: "文件太大，没有上传。请压缩后再试，单个文件不超过 20 MB。",
    429: "操作太频繁，请稍等一会儿再试。"
  };
  var SERVER_BROKE = "平台出了故障，没有办成，已自动记录。请稍后再试；着急时请打中心电话。";

  function sentence(text, tone) {
    var box = make("div", "say say--" + (tone || "mend"));
    box.setAttribute("role", "alert");
    box.appendChild(make("div", "say__text", text));
    return box;
  }
  function placeFor(element) {
    var near = element && element.closest && element.closest("form, [data-refusal-near]");
    return (near && near.querySelector("[data-refusal]")) || document.getElementById("page-says");
  }
  function tell(element, node) {
    var place = placeFor(element);
    if (!place) return;
    place.textContent = "";
    place.appendChild(node);
    node.setAttribute("tabindex", "-1");
    node.focus();
    node.scrollIntoView({ block: "nearest" });
  }
  on("click", "[data-close]", function (button) {
    var box = button.closest(".say, dialog");
    if (box && box.close) box.close(); else if (box) box.remove();
  });

  /* htmx: a form with mistakes (400, 422) comes back in place; any other refusal is told as a sentence and nothing typed goes. */
  /* What the page asks by itself (X-Background) takes nobody's focus when it fails. */
  function byItself(detail) { return Boolean(detail.requestConfig && detail.requestConfig.headers && detail.requestConfig.headers["X-Background"]); }
  document.addEventListener("htmx:beforeSwap", function (event) {
    var detail = event.detail, status = detail.xhr.status;
    if (byItself(detail) && (status >= 400 || new URL(detail.xhr.responseURL || location.href).pathname.indexOf("/login/") === 0)) { detail.shouldSwap = false; return; }
    /* An ended session answers with the log-in page: that must never be put into a card. */
    if (status < 400 && detail.xhr.responseURL && new URL(detail.xhr.responseURL).pathname.indexOf("/login/") === 0) {
      detail.shouldSwap = false;
      tell(detail.requestConfig.elt, sentence(BY_STATUS[401], "soon"));
      return;
    }
    if (status < 400) return;
    var html = (detail.xhr.getResponseHeader("Content-Type") || "").indexOf("text/html") === 0;
    if ((status === 400 || status === 422) && html) { detail.shouldSwap = true; detail.isError = false; return; }
    detail.shouldSwap = false;
    tell(detail.requestConfig.elt, refusalOf(detail.xhr, html));
  });
  function refusalOf(xhr, html) {
    if (html) {
      var said = new DOMParser().parseFromString(xhr.responseText, "text/html").querySelector(".say");
      if (said) return document.importNode(said, true);
    } else {
      try { var problem = JSON.parse(xhr.responseText); if (problem.detail) return sentence(problem.detail); } catch (_) { /* not JSON: our own words below */ }
    }
    return sentence(BY_STATUS[xhr.status] || (xhr.status >= 500 ? SERVER_BROKE : "没有办成，请刷新页面再试。"));
  }
  document.addEventListener("htmx:sendError", function (event) { if (!byItself(event.detail)) tell(event.detail.requestConfig.elt, sentence(NO_NETWORK, "soon")); });
  document.addEventListener("htmx:timeout", function (event) { if (!byItself(event.detail)) tell(event.detail.requestConfig.elt, sentence(TOO_SLOW, "soon")); });
  document.addEventListener("htmx:load", function (event) {
    finders.forEach(function (finder) { each(event.detail.elt, finder[0], finder[1]); });
    showChoices();
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    var first = event.detail.target && event.detail.target.querySelector('[aria-invalid="true"]');
    if (first) (first.matches("input, select, textarea") ? first : first.querySelector("input, select, textarea") || first).focus();
  });

  /* The strip that tells that the network is gone. */
  function network() {
    var strip = document.getElementById("strip");
    if (!strip) return;
    strip.hidden = navigator.onLine;
    strip.textContent = navigator.onLine ? "" : "离线：可以继续填写，内容保存在本机，联网后再提交";
  }
  addEventListener("online", network);
  addEventListener("offline", network);
  network();

  /* ── Questions in words: data-confirm="并案后…，确定吗？" data-confirm-yes="并案" ── */

  function ask(question, yes, no, then) {
    var dialog = make("dialog", "ask"), body = make("div", "ask__body"), ways = make("div", "ask__ways"), words = make("p", "ask__question", question);
    words.id = "ask-question";
    dialog.setAttribute("aria-labelledby", words.id);
    var back = make("button", "btn", no || "先不"), go = make("button", "btn btn-primary", yes || "确定");
    back.type = go.type = "button";
    back.addEventListener("click", function () { dialog.close(); });
    go.addEventListener("click", function () { dialog.close(); then(); });
    dialog.addEventListener("close", function () { dialog.remove(); });
    ways.appendChild(back); ways.appendChild(go); body.appendChild(words); body.appendChild(ways); dialog.appendChild(body);
    document.body.appendChild(dialog);
    if (dialog.showModal) { dialog.showModal(); back.focus(); } else { dialog.remove(); if (confirm(question)) then(); }
  }
  function asks(element) { return element && element.getAttribute("data-confirm"); }
  document.addEventListener("htmx:confirm", function (event) {
    var element = event.detail.elt;
    if (!asks(element)) return;
    event.preventDefault();
    ask(asks(element), element.dataset.confirmYes, element.dataset.confirmNo, function () { event.detail.issueRequest(true); });
  });
  document.addEventListener("submit", function (event) {
    var form = event.target, asker = asks(event.submitter) ? event.submitter : form;
    if (!asks(asker) || form.dataset.asked || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    ask(asks(asker), asker.dataset.confirmYes, asker.dataset.confirmNo, function () {
      form.dataset.asked = "1";
      if (form.requestSubmit) form.requestSubmit(event.submitter || undefined); else form.submit();
      delete form.dataset.asked;
    });
  });

  /* ── One press, one request: the pressed button shows that it works and cannot be pressed again ── */

  document.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.method === "dialog" || event.target.method === "get") return;
    var button = event.submitter || event.target.querySelector('button[type="submit"], button:not([type])');
    if (!button) return;
    if (button.getAttribute("aria-disabled") === "true") { event.preventDefault(); return; }
    setTimeout(function () { rest(button, true); }, 0);
    setTimeout(function () { rest(button, false); }, 20000);
  });
  document.addEventListener("htmx:afterRequest", function (event) { each(event.detail.elt, "button.is-busy", function (button) { rest(button, false); }); });
  addEventListener("pageshow", function () { each(document, "button.is-busy", function (button) { rest(button, false); }); });
  function rest(button, busy) {
    button.classList.toggle("is-busy", busy);
    if (busy) button.setAttribute("aria-disabled", "true"); else button.removeAttribute("aria-disabled");
  }

  /* ── Keys: Ctrl+Enter sends; Enter goes on in a form that says so; one key where data-key says so ── */

  function mayUseKeys() { return kept("keys") !== "off"; }
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229) return;
    var target = event.target, form = target.form || (target.closest && target.closest("form"));
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      form = form || document.querySelector("form[data-main]");
      if (!form) return;
      event.preventDefault();
      if (form.requestSubmit) form.requestSubmit(); else form.submit();
      return;
    }
    if (event.key === "Enter" && form && form.hasAttribute("data-enter-goes-on") && target.matches("input:not([type=submit]):not([type=checkbox]):not([type=radio]):not([type=file])")) {
      event.preventDefault();
      var fields = Array.prototype.filter.call(form.elements, function (field) { return field.type !== "hidden" && !field.disabled && field.offsetParent !== null && field.tabIndex >= 0; });
      var next = fields[fields.indexOf(target) + 1];
      if (next) next.focus();
      return;
    }
    if (event.key === "Escape") { each(document, "details.menu[open]", function (menu) { menu.open = false; menu.querySelector("summary").focus(); }); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || target.matches("input, textarea, select, [contenteditable]") || document.querySelector("dialog[open]")) return;
    if (event.key === "?") { event.preventDefault(); showHints(); return; }
    if (!mayUseKeys()) return;
    var wanted = document.querySelector('[data-key="' + CSS.escape(event.key) + '"]');
    if (!wanted) return;
    event.preventDefault();
    if (wanted.matches("input, textarea, select")) { wanted.focus(); if (wanted.select) wanted.select(); } else wanted.click();
  });
  function showHints() {
    var dialog = make("dialog", "ask"), body = make("div", "ask__body stack"), title = make("h2", "", "键盘操作"), table = make("table", "hints"), rows = make("tbody");
    title.id = "hints-title";
    dialog.setAttribute("aria-labelledby", title.id);
    function row(key, does) {
      var line = make("tr"), head = make("th");
      head.scope = "row";
      head.appendChild(make("kbd", "", key)); line.appendChild(head); line.appendChild(make("td", "", does)); rows.appendChild(line);
    }
    row("Ctrl + Enter", "提交正在填写的表单");
    each(document, "[data-key], [data-key-hint]", function (element) { row(element.dataset.key || element.dataset.keyHint, element.dataset.keyDoes || element.textContent.trim()); });
    row("?", "打开本页");
    table.appendChild(rows);
    var ways = make("div", "ask__ways"), toggle = make("button", "btn", mayUseKeys() ? "关闭单键操作" : "启用单键操作"), close = make("button", "btn btn-primary", "知道了");
    toggle.type = close.type = "button";
    close.dataset.close = "";
    toggle.addEventListener("click", function () { keep("keys", mayUseKeys() ? "off" : "on"); toggle.textContent = mayUseKeys() ? "关闭单键操作" : "启用单键操作"; });
    ways.appendChild(toggle); ways.appendChild(close);
    body.appendChild(title); body.appendChild(table); body.appendChild(ways); dialog.appendChild(body);
    dialog.addEventListener("close", function () { dialog.remove(); });
    document.body.appendChild(dialog);
    if (dialog.showModal) { dialog.showModal(); close.focus(); } else dialog.remove();
  }
  on("click", "[data-hints]", showHints);

  /* ── Small tools ── */

  on("click", "[data-print]", function () { print(); });
  on("click", "[data-copy]", function (button) {
    var text = button.getAttribute("data-copy"), before = button.getAttribute("data-label") || button.textContent;
    function done() {
      var spoken = button.querySelector(".copy__word") || button;
      button.setAttribute("data-label", before);
      spoken.textContent = "已复制";
      setTimeout(function () { spoken.textContent = before.trim(); }, 2000);
    }
    /* The clipboard of the browser needs https; on a plain intranet address the old way still works. */
    if (navigator.clipboard && isSecureContext) { navigator.clipboard.writeText(text).then(done); return; }
    var area = make("textarea", "hide");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    if (document.execCommand("copy")) done();
    area.remove();
  });
  on("click", "tr[data-href]", function (row, event) {
    if (event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) open(row.dataset.href, "_blank", "noopener"); else location.href = row.dataset.href;
  });
  document.addEventListener("click", function (event) {
    each(document, "details.menu[open]", function (menu) { if (!menu.contains(event.target)) menu.open = false; });
  });
  /* The browser's own file field speaks the browser's language: a button of ours in front of it, and what was chosen beside it. */
  whenever("input[type=file].form-control", function (input) {
    if (!input.id || input.closest(".drop") || input.classList.contains("file-own")) return;
    var way = make("label", "btn", input.dataset.words || (/image/.test(input.accept) ? "选照片" : "选文件")), told = make("span", "soft small", "还没有选");
    way.htmlFor = input.id;
    told.setAttribute("role", "status");
    input.classList.add("file-own");
    var line = make("div", "file-way");
    input.parentNode.insertBefore(line, input);
    line.appendChild(input); line.appendChild(way); line.appendChild(told);
    input.addEventListener("change", function () {
      told.textContent = input.files.length ? "已选 " + input.files.length + " 个：" + Array.prototype.map.call(input.files, function (file) { return file.name; }).join("、") : "还没有选";
    });
  });
  /* Paper shows what is folded; afterwards it is folded as before. */
  var unfolded = [];
  addEventListener("beforeprint", function () {
    each(document, ".history__part:not([open])", function (part) { part.open = true; unfolded.push(part); });
  });
  addEventListener("afterprint", function () { while (unfolded.length) unfolded.pop().open = false; });
  on("change", "[data-submit-on-change]", function (field) { if (field.form.requestSubmit) field.form.requestSubmit(); else field.form.submit(); });

  /* A chosen option is framed too (:has() is too young for the browsers on desks). */
  function frameOptions(box) {
    each(box, ".option input", function (input) { input.closest(".option").classList.toggle("is-checked", input.checked); });
  }
  whenever(".options", frameOptions);
  on("change", ".option input", function (input) { frameOptions(input.form || document); });

  /* Text fields grow with what is written. */
  function grow(area) { area.style.height = "auto"; area.style.height = Math.min(area.scrollHeight + 2, innerHeight * 0.6) + "px"; }
  on("input", "textarea[data-grow]", grow);
  whenever("textarea[data-grow]", function (area) { if (area.value) grow(area); });

  /* Chosen files are named and seen before they are sent. */
  on("change", "input[type=file][data-files]", function (input) {
    var list = document.getElementById(input.dataset.files);
    if (!list) return;
    list.textContent = "";
    Array.prototype.forEach.call(input.files, function (file) {
      var most = Number(input.dataset.most || 20) * 1048576, big = file.size > most;
      var row = make("li", "file" + (big ? " file--refused" : "")), look = make("span", "file__look"), text = make("span");
      text.appendChild(make("span", "file__name", file.name));
      text.appendChild(make("span", "file__about", big ? "超过 " + most / 1048576 + " MB，请压缩后再选" : sizeWords(file.size)));
      row.appendChild(look); row.appendChild(text); list.appendChild(row);
      if (/^image\//.test(file.type) && !big) {
        var reader = new FileReader(), image = make("img");
        image.alt = "";
        reader.onload = function () { image.src = reader.result; look.appendChild(image); };
        reader.readAsDataURL(file);
      } else look.textContent = (file.name.split(".").pop() || "").slice(0, 4).toUpperCase();
    });
  });
  function sizeWords(bytes) { return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB"; }

  /* ── Drafts: form[data-draft="intake"] survives a closed browser; fields with data-private are never kept ── */

  var DRAFT_HOURS = 72;
  function draftName(form) { return "draft:" + (root.dataset.user || "-") + ":" + form.getAttribute("data-draft"); }
  function mayKeep(field) {
    if (!field.name || field.disabled || field.name === "csrfmiddlewaretoken" || /^(password|file|submit|button)$/.test(field.type)) return false;
    if (field.closest("[data-private]") || field.matches("[autocomplete=tel], [type=tel]")) return false;
    return field.type !== "hidden" || field.hasAttribute("data-draft-keep");
  }
  function written(form) {
    var values = {};
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!mayKeep(field)) return;
      if ((field.type === "checkbox" || field.type === "radio") && !field.checked) return;
      var picked = field.multiple && field.options ? Array.prototype.filter.call(field.options, function (option) { return option.selected; }).map(function (option) { return option.value; }) : [field.value];
      values[field.name] = (values[field.name] || []).concat(picked);
    });
    return values;
  }
  function putBack(form, values) {
    Array.prototype.forEach.call(form.elements, function (field) {
      if (!mayKeep(field) || !values[field.name]) return;
      if (field.type === "checkbox" || field.type === "radio") field.checked = values[field.name].indexOf(field.value) >= 0;
      else if (field.multiple && field.options) Array.prototype.forEach.call(field.options, function (option) { option.selected = values[field.name].indexOf(option.value) >= 0; });
      else field.value = values[field.name].length > 1 ? values[field.name].shift() : values[field.name][0];
      field.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  function draftLine(form, text, withClear) {
    var line = form.querySelector(".draft");
    if (!line) { line = make("p", "draft"); line.setAttribute("role", "status"); form.insertBefore(line, form.firstChild); }
    line.textContent = text;
    if (!withClear) return;
    var clear = make("button", "linkish", "清空重填");
    clear.type = "button";
    clear.addEventListener("click", function () { keep(draftName(form), null); form.reset(); frameOptions(form); line.textContent = "已清空"; });
    line.appendChild(clear);
  }
  whenever("form[data-draft]", function (form) {
    var name = draftName(form), timer = null, stored = null, came = JSON.stringify(written(form));
    try { stored = JSON.parse(kept(name)); } catch (_) { keep(name, null); }
    if (stored && Date.now() - stored.at > DRAFT_HOURS * 3600000) { keep(name, null); stored = null; }
    /* A form that came back with mistakes already holds what was typed. */
    if (stored && !form.querySelector('[aria-invalid="true"]') && JSON.stringify(stored.values) !== came) {
      putBack(form, stored.values);
      draftLine(form, "已恢复" + clockWords(stored.at) + "未提交的内容；电话、证件号没有保存，请重新填写。", true);
    }
    function save() {
      clearTimeout(timer);
      var ok = keep(name, JSON.stringify({ at: Date.now(), values: written(form) }));
      draftLine(form, ok ? "草稿已保存在本机 " + clockWords(Date.now()) : "本机存不下草稿，请尽快提交", false);
    }
    form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(save, 600); });
    form.addEventListener("submit", save);
    addEventListener("pagehide", function () { if (timer) save(); });
  });
  whenever("[data-draft-done]", function (element) { keep(draftName({ getAttribute: function () { return element.getAttribute("data-draft-done"); } }), null); });
  function clockWords(at) {
    var moment = new Date(at), today = new Date();
    var time = ("0" + moment.getHours()).slice(-2) + ":" + ("0" + moment.getMinutes()).slice(-2);
    return (moment.toDateString() === today.toDateString() ? " 今天 " : " " + (moment.getMonth() + 1) + "月" + moment.getDate() + "日 ") + time + " ";
  }

  /* Leaving: no page that the phone keeps for use without a network stays behind. */
  document.addEventListener("submit", function (event) {
    if (event.target.getAttribute("action") !== "/logout/" || !window.caches) return;
    caches.keys().then(function (names) { names.forEach(function (name) { if (name.indexOf("phone-pages-") === 0) caches.delete(name); }); });
  });

  /* Leaving: nobody's drafts stay behind on a shared computer unless they are still within their hours; the search does. */
  whenever("details.more, details.move", function (details) { if (details.querySelector('[aria-invalid="true"], [data-refusal]:not(:empty)')) details.open = true; });
})();
