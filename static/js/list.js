/* The work list by keyboard and in bulk. Without it the list, the marks and the forms work all the same. */
(function () {
  "use strict";

  var form = document.getElementById("bulk");

  /* ── j k x: the focus goes from title to title, so that a screen reader says each and Enter opens it ── */

  function titles() { return Array.prototype.slice.call(document.querySelectorAll("a[data-row]")); }
  function here() {
    var row = document.activeElement && document.activeElement.closest && document.activeElement.closest("tr");
    return row ? row.querySelector("a[data-row]") : null;
  }
  function step(by) {
    var all = titles(), at = all.indexOf(here());
    if (!all.length) return;
    var next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.max(0, Math.min(all.length - 1, at + by))];
    next.focus();
    next.closest("tr").scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("click", function (event) {
    var target = event.target.closest ? event.target : event.target.parentElement;
    var stepper = target.closest("[data-row-step]");
    if (stepper) { step(Number(stepper.dataset.rowStep)); return; }
    if (target.closest("[data-row-mark]")) {
      var row = here() && here().closest("tr"), box = row && row.querySelector("[data-mark]");
      if (box) { box.checked = !box.checked; marked(); }
      return;
    }
    if (target.closest("[data-mark-none]")) { boxes().forEach(function (box) { box.checked = false; }); marked(); return; }
    var closer = target.closest("[data-panel-close]"), panel = document.getElementById("panel");
    if (closer && panel && panel.contains(closer)) {
      event.preventDefault();
      panel.textContent = "";
      if (opener) opener.focus();
    }
  });

  /* ── Panels open in place; the focus goes in, and back to where it came from ── */

  var opener = null;
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.target && event.detail.target.id === "panel") opener = event.detail.elt;
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id !== "panel") return;
    var title = event.detail.target.querySelector("h2");
    if (title) title.focus();
  });
  document.addEventListener("keydown", function (event) {
    var panel = document.getElementById("panel");
    if (event.key !== "Escape" || !panel || !panel.contains(document.activeElement)) return;
    panel.textContent = "";
    if (opener) opener.focus();
  });

  /* ── Marks ── */

  if (!form) return;
  var count = document.getElementById("bulk-count"), ways = document.getElementById("bulk-ways"), plain = ways.innerHTML;
  var clear = form.querySelector("[data-mark-none]"), all = document.querySelector("[data-mark-all]"), timer = null, asked = 0;

  function boxes() { return Array.prototype.slice.call(document.querySelectorAll("[data-mark]")); }
  function marked() {
    var chosen = boxes().filter(function (box) { return box.checked; });
    boxes().forEach(function (box) { box.closest("tr").classList.toggle("is-marked", box.checked); });
    form.classList.toggle("is-open", chosen.length > 0);
    count.textContent = chosen.length ? "已选 " + chosen.length + " 件" : "";
    clear.hidden = !chosen.length;
    if (all) { all.checked = chosen.length > 0 && chosen.length === boxes().length; all.indeterminate = chosen.length > 0 && !all.checked; }
    clearTimeout(timer);
    if (!chosen.length) { ways.innerHTML = plain; return; }
    timer = setTimeout(function () { offers(chosen); }, 200);
  }
  function offers(chosen) {
    var body = new FormData(form), mine = ++asked;
    body.delete("case");
    chosen.forEach(function (box) { body.append("case", box.value); });
    fetch(form.dataset.offers, { method: "POST", body: body, credentials: "same-origin", headers: { "HX-Request": "true" } })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : null; })
      .then(function (html) { if (html !== null && mine === asked) ways.innerHTML = html; })
      .catch(function () { ways.innerHTML = plain; });
  }
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-mark-all]")) { boxes().forEach(function (box) { box.checked = event.target.checked; }); marked(); }
    else if (event.target.matches("[data-mark]")) marked();
  });
  addEventListener("pageshow", marked);
  form.classList.add("bulk--scripted");
  marked();
})();
