/* The pairing code may come in the address's fragment, which no server sees: it is put into the form and taken out of the
   address at once, so that it stays neither in the history nor in a bookmark. */
(function () {
  "use strict";

  var form = document.getElementById("pair-form");
  if (!form || location.hash.length < 2) return;
  form.elements.code.value = decodeURIComponent(location.hash.slice(1)).slice(0, 20);
  history.replaceState(null, "", location.pathname);
  form.submit();
})();
