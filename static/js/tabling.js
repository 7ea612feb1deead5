/* The builder: controls that mean nothing just now step aside. Without scripts all of them are there. */
(function () {
  "use strict";

  function show(within, selector, on) {
    within.querySelectorAll(selector).forEach(function (field) { field.hidden = !on; });
  }

  function settle() {
    var form = document.querySelector("[data-tabling]");
    if (form) {
      show(form, "[data-only-flat]", !form.elements.columns.value);
      show(form, "[data-only-days]", form.elements.period.value === "custom");
    }
    var share = document.getElementById("s-share");
    if (share) {
      share.form.querySelectorAll("[data-only-share]").forEach(function (field) { field.hidden = field.dataset.onlyShare !== share.value; });
    }
  }

  document.addEventListener("change", settle);
  document.addEventListener("htmx:afterSwap", settle);
  window.addEventListener("pageshow", settle);
  settle();
})();
