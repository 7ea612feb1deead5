/* The QR code on the receipt carries number and query code in the address's fragment, which no server sees. They are put
   into the form and taken out of the address at once, so that they stay neither in the history nor in a bookmark. */
(function () {
  "use strict";

  var form = document.getElementById("query-form");
  if (!form || location.hash.length < 2) return;
  var given = new URLSearchParams(location.hash.slice(1)), number = given.get("n"), code = given.get("c");
  history.replaceState(null, "", location.pathname + location.search);
  if (!number || !code) return;
  form.elements.number.value = number;
  form.elements.query_code.value = code;
  document.getElementById("query-go").focus();
})();
