/* Draws the board's charts from its tables: the numbers are read off the page, so a chart never says anything else.
   ECharts is fetched when the tables are there and a chart comes into sight; without it, or without scripts, the tables say all. */
(function () {
  "use strict";

  var TOP = 10; // bars of the largest ten; the table has the rest
  var drawn = [];
  var waiting = null;

  function token(name) { return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim(); }
  function rem() { return parseFloat(getComputedStyle(document.documentElement).fontSize); }
  function colour(series) {
    return { done: token("stage-5"), open: token("stage-2"), grey: token("line-strong"), neutral: token("line-strong") }[series] || token("stage-4");
  }

  function read(table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells, 1);
    var columns = [];
    heads.forEach(function (head, place) {
      if (head.dataset.series) columns.push({ name: head.textContent.trim(), series: head.dataset.series, place: place + 1 });
    });
    var rows = Array.prototype.map.call(table.tBodies[0].rows, function (row) {
      var name = row.cells[0];
      return {
        name: name.textContent.trim(),
        base: row.dataset.base === undefined ? 0 : Number(row.dataset.base),
        short: name.dataset.short || name.textContent.trim(),
        cells: columns.map(function (column) {
          var cell = row.cells[column.place], link = cell.querySelector("a");
          return { number: cell.dataset.number === undefined ? null : Number(cell.dataset.number), words: cell.textContent.trim(), url: link ? link.href : "" };
        })
      };
    });
    return { columns: columns, rows: rows };
  }

  function axis(more) {
    var line = { lineStyle: { color: token("line") } };
    var base = { axisLine: line, axisTick: { show: false }, splitLine: line, axisLabel: { color: token("ink-soft"), fontSize: 0.8125 * rem() } };
    Object.keys(more).forEach(function (name) { base[name] = more[name]; });
    return base;
  }

  /* A line differs by its dashes and its marks, not by its colour alone. */
  var DASHES = [[6, 4], [2, 3], "solid"], MARKS = ["rect", "triangle", "circle"];

  function lines(found) {
    return {
      grid: { left: 4, right: 12, top: 0.75 * rem(), bottom: 0, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: axis({ type: "category", boundaryGap: found.rows.length < 2, data: found.rows.map(function (row) { return row.short; }), splitLine: { show: false } }),
      yAxis: axis({ type: "value", minInterval: 1, axisLine: { show: false } }),
      series: found.columns.map(function (column, place) {
        return {
          name: column.name, type: "line", symbol: MARKS[place % 3], symbolSize: 0.4 * rem(), showSymbol: found.rows.length < 40,
          lineStyle: { width: 2, color: colour(column.series), type: DASHES[place % 3] }, itemStyle: { color: colour(column.series) },
          data: found.rows.map(function (row) { return row.cells[place].number; })
        };
      })
    };
  }

  function bars(found, kind) {
    var stacked = kind === "stack", steps = kind === "steps", rate = kind === "rate";
    var rows = found.rows.filter(function (row) { return row.cells.some(function (cell) { return cell.number !== null && (steps || rate || cell.number > 0); }); }).slice(0, TOP);
    found.shown = rows;
    var text = { show: true, position: "right", color: token("ink"), fontSize: 0.8125 * rem(), formatter: function (it) { return rows[it.dataIndex].cells[it.seriesIndex - (steps ? 1 : 0)].words.replace(/%.*/, "%"); } };
    /* The steps of a waterfall stand on a bar that is not drawn. */
    var under = { name: "", type: "bar", stack: "all", barMaxWidth: 1.1 * rem(), silent: true, itemStyle: { color: "transparent" }, data: rows.map(function (row) { return row.base; }) };
    var drawing = {
      grid: { left: 4, right: stacked ? 12 : 4.5 * rem(), top: 0, bottom: 0, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: axis({ type: "value", minInterval: 1, max: rate ? 100 : null, axisLabel: { show: stacked, color: token("ink-soft"), fontSize: 0.8125 * rem() } }),
      yAxis: axis({ type: "category", inverse: true, splitLine: { show: false }, data: rows.map(function (row) { return row.name; }),
        axisLabel: { color: token("ink"), fontSize: 0.8125 * rem(), width: 8 * rem(), overflow: "truncate" } }),
      series: found.columns.map(function (column, place) {
        return {
          name: column.name, type: "bar", stack: stacked || steps ? "all" : null, barMaxWidth: 1.1 * rem(), cursor: "pointer", itemStyle: { color: steps ? function (it) { return stepColour(rows[it.dataIndex].name); } : colour(column.series) },
          label: stacked ? { show: false } : text,
          data: rows.map(function (row) { return row.cells[place].number; })
        };
      })
    };
    if (steps) drawing.series.unshift(under);
    return drawing;
  }

  function stepColour(name) {
    if (name.charAt(0) === "减") return colour(name.indexOf("终结") > 0 ? "grey" : "done");
    return colour(name.charAt(0) === "加" ? "" : "open");
  }

  function key(chart, found) {
    if (found.columns.length < 2) return;
    var list = document.createElement("ul");
    list.className = "board-key";
    list.setAttribute("aria-hidden", "true");
    found.columns.forEach(function (column, place) {
      var item = document.createElement("li");
      var dash = { 0: "6 4", 1: "2 3" }[place % 3];
      item.innerHTML = '<svg viewBox="0 0 20 12" aria-hidden="true" focusable="false">' + (chart.dataset.chart === "lines"
        ? '<line x1="0" y1="6" x2="20" y2="6" stroke-width="3"' + (dash ? ' stroke-dasharray="' + dash + '"' : "") + "></line>"
        : '<rect width="20" height="12" rx="2"></rect>') + "</svg>";
      item.firstChild.firstChild.setAttribute(chart.dataset.chart === "lines" ? "stroke" : "fill", colour(column.series));
      item.appendChild(document.createTextNode(column.name));
      list.appendChild(item);
    });
    return list;
  }

  function beneath(chart, found) {
    var old = chart.nextElementSibling;
    while (old && old.hasAttribute("data-of-chart")) { var next = old.nextElementSibling; old.remove(); old = next; }
    var told = document.createElement("p");
    told.className = "board-told";
    [told, key(chart, found)].forEach(function (element) {
      if (!element) return;
      element.setAttribute("data-of-chart", "");
      element.setAttribute("aria-hidden", "true");
      chart.after(element);
    });
    return told;
  }

  function draw(chart) {
    var table = document.getElementById(chart.dataset.table);
    if (!table || !window.echarts) return;
    var found = read(table), kind = chart.dataset.chart;
    var option = kind === "lines" ? lines(found) : bars(found, kind);
    var shown = found.shown || found.rows;
    if (!shown.length) { chart.hidden = true; return; }
    if (kind !== "lines") chart.style.height = Math.max(6, 2 + shown.length * (kind === "bars" && found.columns.length > 1 ? 3 : 2)) + "rem";
    var old = window.echarts.getInstanceByDom(chart);
    if (old) old.dispose();
    var made = window.echarts.init(chart, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio || 1) });
    option.animation = false;
    option.textStyle = { fontFamily: getComputedStyle(document.body).fontFamily, color: token("ink") };
    made.setOption(option);
    chart.dataset.drawn = "";
    var told = beneath(chart, found);
    function say(place) {
      var row = shown[place];
      told.textContent = row ? row.name + "：" + found.columns.map(function (column, at) { return column.name + " " + row.cells[at].words; }).join("，") : "";
    }
    made.on("mouseover", function (it) { say(it.dataIndex); });
    made.on("click", function (it) { var cell = shown[it.dataIndex].cells[it.seriesIndex - (kind === "steps" ? 1 : 0)]; if (cell && cell.url) location.assign(cell.url); });
    if (kind === "lines") made.getZr().on("mousemove", function (move) {
      var at = made.convertFromPixel({ seriesIndex: 0 }, [move.offsetX, move.offsetY]);
      if (at) say(Math.max(0, Math.min(shown.length - 1, at[0])));
    });
    if (drawn.indexOf(chart) < 0) drawn.push(chart);
  }

  function withCharts(then) {
    if (window.echarts) { then(); return; }
    if (!waiting) {
      waiting = [];
      var script = document.createElement("script");
      script.src = document.getElementById("board").dataset.echarts;
      script.onload = function () { waiting.forEach(function (work) { work(); }); waiting = []; };
      script.onerror = function () { document.querySelectorAll(".board-chart").forEach(function (chart) { chart.hidden = true; }); };
      document.head.appendChild(script);
    }
    waiting.push(then);
  }

  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) return;
      seen.unobserve(entry.target);
      withCharts(function () { if (entry.target.isConnected) draw(entry.target); });
    });
  }, { rootMargin: "200px" });

  function start() { document.querySelectorAll(".board-chart:not([data-drawn])").forEach(function (chart) { seen.observe(chart); }); }
  function again() {
    drawn = drawn.filter(function (chart) { return chart.isConnected; });
    drawn.forEach(draw);
  }

  /* Live: the inner part is asked for again while somebody looks; 304 says that no figure moved. What is open, scrolled or in focus
     stays so; while a choice is being made nothing is replaced. A lost connection is said, and asked again sooner. */
  var EVERY = 20000, SOON = 5000, asking = 0, host = document.getElementById("board");
  function wait(time) { clearTimeout(asking); asking = setTimeout(ask, time); }
  function busy() {
    var at = document.activeElement;
    return Boolean(host.querySelector(".board-days[open]:not([data-current])")) || (at && host.contains(at) && at.matches("select, input")) || host.classList.contains("htmx-request");
  }
  function lost(is) { var told = host.querySelector("[data-lost]"); if (told) told.hidden = !is; }
  function says(answer) {
    var clock = host.querySelector("[data-clock]"), at = answer.headers.get("X-As-Of");
    if (clock && at && clock.textContent !== at) clock.textContent = at;
  }
  function ask() {
    if (document.hidden || busy()) { wait(EVERY); return; }
    var address = location.href, body = host.firstElementChild, stamp = body ? body.dataset.stamp : "";
    fetch(address, { headers: { "HX-Request": "true", "X-Background": "1", "If-None-Match": '"' + stamp + '"' }, cache: "no-store", credentials: "same-origin", redirect: "manual" }).then(function (answer) {
      if (answer.type === "opaqueredirect") { location.reload(); return null; } // logged out meanwhile
      if (answer.status === 304) { lost(false); says(answer); return null; }
      if (answer.status === 401 || answer.status === 403 || answer.status === 404) { location.reload(); return null; }
      if (answer.status !== 200) throw new Error("not now");
      return answer.text();
    }).then(function (html) {
      if (html !== null && address === location.href && !busy()) replace(html);
      wait(EVERY);
    }).catch(function () { lost(true); wait(SOON); });
  }
  function replace(html) {
    var open = Array.prototype.map.call(host.querySelectorAll("details"), function (one) { return one.open; });
    var scrolled = Array.prototype.map.call(host.querySelectorAll(".board-scroll"), function (one) { return one.scrollTop; });
    var at = document.activeElement, href = at && host.contains(at) ? at.getAttribute("href") : null;
    host.innerHTML = html;
    Array.prototype.forEach.call(host.querySelectorAll("details"), function (one, place) { if (open[place]) one.open = true; });
    Array.prototype.forEach.call(host.querySelectorAll(".board-scroll"), function (one, place) { one.scrollTop = scrolled[place] || 0; });
    var again_at = href && Array.prototype.find.call(host.querySelectorAll("a"), function (one) { return one.getAttribute("href") === href; });
    if (again_at) again_at.focus({ preventScroll: true });
    if (window.htmx) window.htmx.process(host);
    start();
  }
  document.addEventListener("visibilitychange", function () { if (!document.hidden) wait(0); });
  window.addEventListener("online", function () { wait(0); });
  window.addEventListener("offline", function () { lost(true); });
  wait(Number(host.dataset.every) || EVERY);

  start();
  document.addEventListener("htmx:afterSwap", function (event) { if (event.target.id === "board") { start(); } });
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-mode"] });
  var pending = 0;
  window.addEventListener("resize", function () { cancelAnimationFrame(pending); pending = requestAnimationFrame(again); });
  window.addEventListener("beforeprint", function () { if (window.echarts) document.querySelectorAll(".board-chart:not([data-drawn])").forEach(draw); });
  window.matchMedia("print").addEventListener("change", again);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
})();
