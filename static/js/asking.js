/* Asking the server from a resident's phone: an answer, words for a refusal, or "later" when nothing came, the server is down or has
   too much to do. Any other answer is final: asking for ever would help nobody. */
(function () {
  "use strict";

  if (!window.fetch || !window.FormData || !window.Promise) return;
  var STRANGE = "没有收到本网站的答复，写的内容还在。请换一个网络再点“提交”；还是不行，请打窗口电话，或者到窗口来。";

  function Later(seconds, words) { this.seconds = seconds; this.words = words || ""; }
  function Refused(text) { this.text = text; }

  function later() { throw new Later(0); }
  function textOf(answer) { return answer.text().catch(later); }
  function jsonOf(text) { try { return JSON.parse(text); } catch (_) { return null; } }
  /* What the server says to a person, in an answer of the API or on a page; "" when it says nothing. */
  function wordsOf(text) {
    var told = jsonOf(text), said;
    if (told) return told.errors && told.errors.file ? told.errors.file[0] : told.detail || "";
    said = new DOMParser().parseFromString(text, "text/html").querySelector(".say .say__text");
    return said ? said.textContent.trim() : "";
  }
  function call(url, options) {
    var gone = new Promise(function (_, failed) { setTimeout(function () { failed(new Later(0)); }, 60000); });
    options.method = "POST";
    options.credentials = "same-origin";
    return Promise.race([fetch(url, options), gone]).catch(later).then(function (answer) {
      if (answer.status !== 429 && answer.status < 500) return answer;
      return answer.text().catch(function () { return ""; }).then(function (text) {
        throw new Later(Number(answer.headers.get("Retry-After")) || 0, answer.status === 429 ? wordsOf(text) : "");
      });
    });
  }
  /* After days the page's token is no longer the browser's: a fresh page has the new one. */
  function freshToken(path) {
    return fetch(path, { credentials: "same-origin" }).catch(later).then(function (answer) {
      if (answer.status >= 500) later();
      return textOf(answer);
    }).then(function (html) {
      var field = new DOMParser().parseFromString(html, "text/html").querySelector("[name=csrfmiddlewaretoken]");
      if (!field) throw new Refused(STRANGE);
      return field.value;
    });
  }

  window.portalAsking = { call: call, freshToken: freshToken, textOf: textOf, jsonOf: jsonOf, wordsOf: wordsOf, Later: Later, Refused: Refused, STRANGE: STRANGE };
})();
