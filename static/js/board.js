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

  function lines(found) {
    return {
      grid: { left: 4, right: 12, top: 0.75 * rem(), bottom: 0, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: axis({ type: "category", boundaryGap: found.rows.length < 2, data: found.rows.map(function (row) { return row.short; }), splitLine: { show: false } }),
      yAxis: axis({ type: "value", minInterval: 1, axisLine: { show: false } }),
      series: found.columns.map(function (column, place) {
        return {
          name: column.name, type: "line", symbol: place ? "circle" : "rect", symbolSize: 0.4 * rem(), showSymbol: found.rows.length < 40,
          lineStyle: { width: 2, color: colour(column.series), type: place ? "solid" : [6, 4] }, itemStyle: { color: colour(column.series) },
          data: found.rows.map(function (row) { return row.cells[place].number; })
        };
      })
    };
  }

  function bars(found, stacked) {
    var rows = found.rows.filter(function (row) { return row.cells.some(function (cell) { return cell.number !== null && (!stacked || cell.number > 0); }); }).slice(0, TOP);
    found.shown = rows;
    var text = { show: true, position: "right", color: token("ink"), fontSize: 0.8125 * rem(), formatter: function (it) { return rows[it.dataIndex].cells[0].words.replace(/%.*/, "%"); } };
    return {
      grid: { left: 4, right: stacked ? 12 : 4.5 * rem(), top: 0, bottom: 0, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
      xAxis: axis({ type: "value", minInterval: 1, max: stacked ? null : 100, axisLabel: { show: stacked, color: token("ink-soft"), fontSize: 0.8125 * rem() } }),
      yAxis: axis({ type: "category", inverse: true, splitLine: { show: false }, data: rows.map(function (row) { return row.name; }),
        axisLabel: { color: token("ink"), fontSize: 0.8125 * rem(), width: 8 * rem(), overflow: "truncate" } }),
      series: found.columns.map(function (column, place) {
        return {
          name: column.name, type: "bar", stack: stacked ? "all" : null, barMaxWidth: 1.1 * rem(), cursor: "pointer", itemStyle: { color: colour(column.series) },
          label: stacked ? { show: false } : text,
          data: rows.map(function (row) { return row.cells[place].number; })
        };
      })
    };
  }

  function key(chart, found) {
    if (found.columns.length < 2) return;
    var list = document.createElement("ul");
    list.className = "board-key";
    list.setAttribute("aria-hidden", "true");
    found.columns.forEach(function (column, place) {
      var item = document.createElement("li");
      var dashed = chart.dataset.chart === "lines" && !place;
      item.innerHTML = '<svg viewBox="0 0 20 12" aria-hidden="true" focusable="false">' + (chart.dataset.chart === "lines"
        ? '<line x1="0" y1="6" x2="20" y2="6" stroke-width="3"' + (dashed ? ' stroke-dasharray="6 4"' : "") + "></line>"
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
    var option = kind === "lines" ? lines(found) : bars(found, kind === "stack");
    var shown = found.shown || found.rows;
    if (!shown.length) { chart.hidden = true; return; }
    if (kind !== "lines") chart.style.height = Math.max(6, 2 + shown.length * 2) + "rem";
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
    made.on("click", function (it) { var cell = shown[it.dataIndex].cells[it.seriesIndex]; if (cell.url) location.assign(cell.url); });
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

  start();
  document.addEventListener("htmx:afterSwap", function (event) { if (event.target.id === "board") { start(); } });
  new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-mode"] });
  var pending = 0;
  window.addEventListener("resize", function () { cancelAnimationFrame(pending); pending = requestAnimationFrame(again); });
  window.matchMedia("print").addEventListener("change", again);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
})();
