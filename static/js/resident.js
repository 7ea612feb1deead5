/* The matter as a picture to keep or to send: drawn by hand on a canvas from the words of the page, no library. It holds what
   the page tells of the matter and nothing of the person: no name, no telephone of theirs; the query code only on the receipt
   ([data-receipt]), which is made to keep it. */
(function () {
  "use strict";

  var button = document.getElementById("picture");
  if (!button || !document.createElement("canvas").getContext) return;
  button.hidden = false;

  var WIDTH = 750, EDGE = 48, FONT = '"PingFang SC","HarmonyOS Sans SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif';
  var INK = "#1b2733", SOFT = "#4a5868", BRAND = "#14457b", LINE = "#c9d3de";

  function words(id) { var found = document.getElementById(id); return found ? found.textContent.replace(/\s+/g, " ").trim() : ""; }
  function list(selector) { return Array.prototype.slice.call(document.querySelectorAll(selector)); }
  function inside(element, selector) { var found = element.querySelector(selector); return found ? found.firstChild ? found.firstChild.textContent.trim() : "" : ""; }

  function drawn() {
    var canvas = document.createElement("canvas"), pen = canvas.getContext("2d"), y = 0, dry = true;
    function font(size, bold) { pen.font = (bold ? "600 " : "") + size + "px " + FONT; }
    function text(value, size, bold, colour, left) {
      if (!value) return;
      var x = left || EDGE, room = WIDTH - EDGE - x, line = "", leading = Math.round(size * 1.55);
      font(size, bold);
      pen.fillStyle = colour;
      Array.prototype.forEach.call(value, function (sign) {
        /* A full stop never begins a line. */
        if (pen.measureText(line + sign).width > room && "，。；：、！？）》”".indexOf(sign) < 0) { put(line, x, leading); line = ""; }
        line += sign;
      });
      put(line, x, leading);
    }
    function put(line, x, leading) {
      y += leading;
      if (!dry) pen.fillText(line, x, y - leading * 0.3);
    }
    function step(mark) {
      var state = mark.className, top = y + 28, done = /is-done/.test(state), here = /is-here/.test(state);
      if (!dry) {
        pen.beginPath();
        pen.arc(EDGE + 14, top, 13, 0, 2 * Math.PI);
        pen.fillStyle = done || here ? BRAND : "#ffffff";
        pen.fill();
        pen.lineWidth = 3;
        pen.strokeStyle = done || here ? BRAND : LINE;
        pen.stroke();
      }
      text(inside(mark, ".five__word") + (done ? "（已完成）" : here ? "（正在进行）" : ""), 30, here, done || here ? INK : SOFT, EDGE + 52);
      text(inside(mark, ".five__note"), 26, false, SOFT, EDGE + 52);
      y += 12;
    }
    function rule() {
      y += 20;
      if (!dry) { pen.fillStyle = LINE; pen.fillRect(EDGE, y, WIDTH - 2 * EDGE, 2); }
      y += 12;
    }
    function receipt() {
      var code = document.querySelector(".public__qr");
      text(document.querySelector("h1").textContent.trim(), 36, true, BRAND);
      text("受理编号", 26, false, SOFT);
      text(words("told-number"), 44, true, INK);
      text("查询码", 26, false, SOFT);
      text(words("told-code"), 44, true, INK);
      y += 20;
      if (!dry) pen.drawImage(code, EDGE, y, 280, 280);
      y += 290;
      text("手机扫码，或者凭编号和查询码查进度、补材料、评价。", 26, false, SOFT);
      list(".public__call a").forEach(function (call) { text("窗口电话：" + call.textContent.trim(), 26, false, SOFT); });
    }
    function all() {
      y = 0;
      if (!dry) {
        pen.fillStyle = "#ffffff";
        pen.fillRect(0, 0, canvas.width, canvas.height);
        pen.fillStyle = BRAND;
        pen.fillRect(0, 0, WIDTH, 96);
        font(30, true);
        pen.fillStyle = "#ffffff";
        pen.fillText(button.getAttribute("data-centre"), EDGE, 59, WIDTH - 2 * EDGE);
      }
      y = 120;
      if (button.hasAttribute("data-receipt")) { receipt(); y += EDGE; return; }
      text(document.querySelector("h1").textContent.trim(), 36, true, INK);
      text("受理编号 " + words("told-number"), 28, false, SOFT);
      rule();
      text(words("now-title"), 34, true, BRAND);
      text("下一步：" + words("told-next"), 30, false, INK);
      text(words("told-until"), 30, false, INK);
      rule();
      list(".five__step").forEach(step);
      rule();
      list("#call-title").forEach(function () {
        list("[aria-labelledby=call-title] dt").forEach(function (name) {
          text(name.textContent.trim() + "：" + name.nextElementSibling.textContent.replace(/\s+/g, " ").trim(), 26, false, SOFT);
        });
      });
      var now = new Date();
      text("查询时间：" + now.getFullYear() + "年" + (now.getMonth() + 1) + "月" + now.getDate() + "日", 26, false, SOFT);
      y += EDGE;
    }
    canvas.width = WIDTH;
    canvas.height = 100;
    all();
    canvas.height = y;
    dry = false;
    all();
    return canvas.toDataURL("image/png");
  }

  button.addEventListener("click", function () {
    var address = drawn(), link = document.createElement("a");
    document.getElementById("picture-img").src = address;
    document.getElementById("picture-out").hidden = false;
    link.href = address;
    link.download = button.getAttribute("data-file");
    link.click();
    document.getElementById("picture-out").scrollIntoView({ block: "nearest" });
  });
})();
