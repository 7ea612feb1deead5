/* The screen of a call: 1–5 choose the answer wherever the hand is but in a text; an unhappy answer opens 重办. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-calling]"), again = document.getElementById("again");
  if (!form) return;

  function unhappy() {
    var rated = form.querySelector("[name=satisfaction]:checked"), solved = form.querySelector("[name=resolved]:checked");
    return (rated && +rated.value <= 2) || (solved && solved.value === "false");
  }
  document.addEventListener("keydown", function (event) {
    var target = event.target, text = target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || text || !/^[1-5]$/.test(event.key)) return;
    if (document.querySelector("dialog[open]")) return;
    var wanted = form.querySelector("[name=satisfaction][value='" + event.key + "']");
    event.preventDefault();
    wanted.checked = true;
    wanted.focus();
    wanted.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("change", function () { if (unhappy() && again) again.open = true; });
})();
