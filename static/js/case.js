/* The case page's own behaviour: files sent one by one with a bar each, ready texts put into a field, the phone's action bar,
   and open forms that keep up with this page's own records. Without it everything is a plain form or link. */
(function () {
  "use strict";

  function each(within, selector, work) { Array.prototype.forEach.call(within.querySelectorAll(selector), work); }
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

  /* A record of this very page takes the case one version on: forms that are open here saw that happen. */
  function keepUp(told) {
    if (!told) return;
    var pair = told.split(",");
    each(document, 'input[name="version"]', function (input) { if (input.value === pair[0]) input.value = pair[1]; });
  }
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.xhr) keepUp(event.detail.xhr.getResponseHeader("X-Case-Version"));
  });

  /* ── Files ── */

  var MOST = 20 * 1048576;

  function send(form, list, file, then) {
    var row = make("li", "file"), look = make("span", "file__look"), text = make("span"), bar = make("progress");
    var about = make("span", "file__about", "正在上传");
    look.textContent = (file.name.split(".").pop() || "").slice(0, 4).toUpperCase();
    text.appendChild(make("span", "file__name", file.name));
    text.appendChild(about);
    bar.max = 100; bar.value = 0;
    bar.setAttribute("aria-label", "上传进度：" + file.name);
    text.appendChild(bar); row.appendChild(look); row.appendChild(text); list.appendChild(row);
    function refuse(sentence) {
      row.className = "file file--refused";
      about.textContent = sentence;
      bar.remove();
    }
    if (file.size > MOST) { refuse("文件超过 20 MB。请压缩或拆分后再上传。"); then(false); return; }
    var data = new FormData(), xhr = new XMLHttpRequest();
    data.append("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
    data.append("files", file, file.name);
    data.append("client_id", String(Date.now()) + Math.random().toString(16).slice(2));
    var purpose = form.querySelector("[name=purpose]");
    if (purpose) data.append("purpose", purpose.value);
    var shown = form.querySelector("[name=public]");
    if (shown && shown.checked) data.append("public", "1");
    xhr.open("POST", form.action);
    xhr.setRequestHeader("X-Upload", "1");
    xhr.setRequestHeader("HX-Request", "true");
    xhr.upload.addEventListener("progress", function (event) {
      if (!event.lengthComputable) return;
      bar.value = Math.round(event.loaded / event.total * 100);
      about.textContent = bar.value < 100 ? "已上传 " + bar.value + "%" : "正在检查内容";
    });
    xhr.addEventListener("load", function () {
      var page = new DOMParser().parseFromString(xhr.responseText, "text/html"), drawn = page.querySelector(".file"), said = page.querySelector(".say__text");
      if (drawn && (xhr.status === 200 || xhr.status === 400)) {
        row.replaceWith(document.importNode(drawn, true));
        if (xhr.status === 200) keepUp(xhr.getResponseHeader("X-Case-Version"));
      } else refuse(said ? said.textContent.trim() : "没有上传成功，请稍后再试。");
      then(xhr.status === 200);
    });
    xhr.addEventListener("error", function () { refuse("网络不通，没有上传成功；联网后请再选一次。"); then(false); });
    xhr.send(data);
  }

  /* One after the other: a slow line carries one file well and five badly, and each leaves its own event. */
  function sendAll(form, files) {
    var list = document.getElementById(form.getAttribute("data-uploader")), rest = Array.prototype.slice.call(files);
    var none = document.getElementById("files-none");
    if (none) none.remove();
    (function next() {
      var file = rest.shift();
      if (file) send(form, list, file, next);
    })();
  }
  on("change", "form[data-uploader] input[type=file]", function (input) {
    var form = input.form, files = Array.prototype.slice.call(input.files);
    if (!files.length) return;
    sendAll(form, files);
    input.value = "";
  });
  ["dragover", "dragleave", "drop"].forEach(function (type) {
    on(type, "form[data-uploader]", function (form, event) {
      event.preventDefault();
      form.classList.toggle("is-over", type === "dragover");
      if (type === "drop" && event.dataTransfer) sendAll(form, event.dataTransfer.files);
    });
  });

  /* ── Ready texts: put where the cursor stands, changed as one likes ── */

  on("click", "[data-puts-into]", function (button) {
    var field = document.getElementById(button.getAttribute("data-puts-into"));
    if (!field) return;
    var text = button.getAttribute("data-text"), at = field.selectionStart || 0, before = field.value.slice(0, at), after = field.value.slice(field.selectionEnd || at);
    if (before && !/\s$/.test(before)) text = "\n" + text;
    field.value = before + text + after;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    button.closest("details").open = false;
    if (field.closest("details.move__folded")) field.closest("details.move__folded").open = true;
    field.focus();
    field.selectionStart = field.selectionEnd = before.length + text.length;
  });

  /* ── The phone's action bar: opens the expected move where it lies, and steps aside while somebody writes ── */

  var bar = document.getElementById("bar");
  on("click", "[data-opens]", function (link, event) {
    var slot = document.getElementById(link.getAttribute("data-opens"));
    if (!slot) return;
    event.preventDefault();
    var button = slot.querySelector("a.btn");
    if (button) button.click();
    slot.closest(".card").scrollIntoView({ block: "start" });
  });
  var dossier = document.querySelector(".dossier");
  function stepAside() {
    var writing = !!document.querySelector(".dossier details.move[open]");
    if (bar) bar.classList.toggle("is-away", writing);
    if (dossier) dossier.classList.toggle("dossier--writing", writing);
  }
  document.addEventListener("htmx:afterSettle", stepAside);
  document.addEventListener("toggle", stepAside, true);
})();
