/* Calls that ring, on every page of an operator: asked every two seconds, answered 304 while nothing changed. On the desk one's own
   call opens by itself; elsewhere a line at the top leads to it, so that nothing half written goes. Also on the screen of a call: a
   known answer that is taken fills what was answered. Without scripts the rail's 话务台 leads to the same. */
(function () {
  "use strict";

  var strip = document.getElementById("incoming"), EVERY = 2000;
  if (strip) {
    var tag = "", first = true, here = location.pathname;
    /* Opened once by itself: who goes back to the desk meanwhile stays there. */
    var opened = function (call) { try { return sessionStorage.getItem("call:" + call) !== null; } catch (_) { return false; } };
    var remember = function (call) { try { sessionStorage.setItem("call:" + call, "1"); } catch (_) { /* it may open again */ } };
    var ask = function () {
      var headers = { "X-Background": "1" };
      if (tag) headers["If-None-Match"] = tag;
      fetch(strip.dataset.url, { headers: headers, cache: "no-store", credentials: "same-origin", redirect: "error" }).then(function (answer) {
        if (answer.status !== 200) return null;
        tag = answer.headers.get("ETag") || "";
        return answer.text();
      }).then(function (html) { if (html !== null) show(html); }).catch(function () { /* the next one may get through */ }).then(function () { setTimeout(ask, document.hidden ? EVERY * 3 : EVERY); });
    };
    var show = function (html) {
      var parts = new DOMParser().parseFromString(html, "text/html").body;
      var calls = Array.prototype.filter.call(parts.querySelectorAll(".incoming__call"), function (call) { return call.getAttribute("href") !== here && call.dataset.state !== "ended"; });
      var state = document.getElementById("call-state"), own_line = parts.querySelector('.incoming__call[href="' + here + '"] span');
      if (state && own_line) state.textContent = own_line.textContent;
      strip.textContent = "";
      calls.forEach(function (call) { strip.appendChild(document.importNode(call, true)); });
      strip.hidden = !calls.length || strip.dataset.desk === here;
      var own = calls.filter(function (call) { return call.dataset.mine && call.dataset.state === "ringing" && !opened(call.getAttribute("href")); });
      if (strip.dataset.desk === here) {
        var typing = document.activeElement && document.activeElement.matches("input, textarea") && document.activeElement.value;
        if (own.length && !typing) {
          remember(own[0].getAttribute("href"));
          location.assign(own[0].getAttribute("href"));
        }
        else if (!first && !typing) location.reload();
      }
      first = false;
    };
    ask();
  }

  var form = document.querySelector("form[data-call]");
  if (!form) return;
  var filled = form.elements.reply.value;
  form.addEventListener("change", function (event) {
    if (event.target.name !== "answered_from") return;
    var reply = form.elements.reply, answered = form.querySelector('[name=outcome][value="answered"]');
    Array.prototype.forEach.call(form.querySelectorAll(".known"), function (card) { card.classList.toggle("known--chosen", card.contains(event.target)); });
    if (!reply.value || reply.value === filled) { reply.value = filled = event.target.dataset.answer; reply.dispatchEvent(new Event("input", { bubbles: true })); }
    if (!form.querySelector("[name=outcome]:checked")) { answered.checked = true; answered.dispatchEvent(new Event("change", { bubbles: true })); }
  });
})();
