/* A move that opened in place takes the focus to its first field, so that keyboard and screen reader go on from there. */
(function () {
  "use strict";

  document.addEventListener("htmx:load", function (event) {
    var opened = event.detail.elt;
    if (!opened.matches || !opened.matches("details.move[open]") || opened.querySelector('[aria-invalid="true"]')) return;
    var fields = Array.prototype.filter.call(opened.querySelectorAll("input, select, textarea"), function (field) { return field.type !== "hidden" && field.offsetParent !== null && !field.closest("details:not([open])"); });
    (fields[0] || opened.querySelector(".form-actions button") || opened.querySelector("summary")).focus();
  });
})();
