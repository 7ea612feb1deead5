/* The resident's rating: an unhappy answer opens the box for why; without scripts it is always there. */
(function () {
  "use strict";

  var form = document.querySelector("form[data-rating]"), box = form && form.querySelector("[name=comment]");
  if (!box) return;
  var field = box.closest(".field"), label = field.querySelector("label");

  function draw() {
    var rated = form.querySelector("[name=satisfaction]:checked"), solved = form.querySelector("[name=resolved]:checked");
    var unhappy = (rated && +rated.value <= 2) || (solved && solved.value === "false");
    field.hidden = !unhappy && !box.value && !field.querySelector(".field__errors");
    if (label.firstChild) label.firstChild.textContent = unhappy ? "哪里不满意？" : "您的意见";
  }
  form.addEventListener("change", draw);
  draw();
})();
