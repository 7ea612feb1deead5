/* The map: the district's outlines coloured by the figures that the table beside it shows. The table works alone.

   What to draw stands in #map-told (JSON) and comes anew with every drill; the outlines come once and are kept by the
   browser for as long as no line changes. Painted on one canvas: 506 grids are one element of the page. */
(function () {
  "use strict";

  var board = document.getElementById("map-canvas");
  if (!board || !window.L || !window.fetch) return;

  var map, grids = {}, areas = {}, outlines, names, dots, edges, told = null, asked = 0;
  var painter = L.canvas({ padding: 0.3 });

  function said(text) { document.getElementById("map-said").textContent = text; }
  function colour(name) { return getComputedStyle(board).getPropertyValue("--map-" + name).trim() || "#14457b"; }
  function read() { return JSON.parse(document.getElementById("map-told").getAttribute("data-told")); }

  /* [x, y, dx, dy, …] in steps of 1 / scale degrees, back to Leaflet's [lat, lng]. */
  function ring(steps, scale) {
    var x = 0, y = 0, points = [];
    for (var i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  }
  function polygons(parts, scale) { return parts.map(function (rings) { return rings.map(function (one) { return ring(one, scale); }); }); }

  function begin(shapes) {
    map = L.map(board, { renderer: painter, zoomControl: false, attributionControl: Boolean(board.dataset.tiles), zoomSnap: 0.25, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    if (board.dataset.tiles) tiles(board.dataset.tiles);
    shapes.areas.forEach(function (row) { areas[row[0]] = { name: row[1], shape: polygons(row[2], shapes.scale) }; });
    outlines = L.layerGroup();
    shapes.grids.forEach(function (row) {
      var shape = L.polygon(polygons(row[3], shapes.scale), { renderer: painter, weight: row[2] ? 2 : 0.6, dashArray: row[2] ? "3 3" : null });
      shape.code = row[0];
      shape.called = row[1];
      shape.on("click", function () { drill(row[0]); });
      shape.bindTooltip(function () { return words(row[0], row[1]); }, { sticky: true });
      grids[row[0]] = shape;
    });
    edges = L.layerGroup().addTo(map);
    outlines.addTo(map);
    names = L.layerGroup().addTo(map);
    dots = L.layerGroup().addTo(map);
    map.on("moveend", points);
    show();
  }

  function tiles(key) {
    var address = function (layer) { return "https://t0.tianditu.gov.cn/" + layer + "_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=" + layer + "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=" + encodeURIComponent(key); };
    map.attributionControl.setPrefix(false);
    map.options.zoomSnap = 1;
    L.tileLayer(address("vec"), { maxZoom: 18, attribution: "底图：天地图（自然资源部）" }).addTo(map);
    L.tileLayer(address("cva"), { maxZoom: 18 }).addTo(map);
  }

  function words(code, name) {
    var cell = told.cells[code], child = childOf(code), said = name;
    if (child && child[0] !== code) said = child[1] + "：" + child[2] + "（" + name + "）";
    if (!cell) return said;
    var value = cell[0] === null ? (told.by === "public" ? "不足 5 或不单列" : "—") : String(cell[0]);
    return child && child[0] !== code ? said + " " + value : name + "　" + told.label + " " + value;
  }
  function childOf(code) {
    var wanted = code.slice(0, told.digits);
    return told.children.filter(function (row) { return row[0] === wanted; })[0];
  }
  function drill(code) {
    var child = childOf(code);
    if (!child || !child[3]) return;
    if (window.htmx && document.getElementById("map-side")) {
      htmx.ajax("GET", child[3], { target: "#map-side", swap: "innerHTML" }).then(function () { window.history.pushState({ htmx: true }, "", child[3]); });
    } else window.location.assign(child[3]);
  }

  function show(stay) {
    told = read();
    var began = window.performance.now(), line = colour("line"), here = null;
    Object.keys(grids).forEach(function (code) {
      var cell = told.cells[code], shape = grids[code];
      if (!cell) { outlines.removeLayer(shape); return; }
      var late = told.by === "overdue" ? "late-" : "";
      var fill = cell[1] < 0 ? colour("unknown") : cell[1] === 0 ? colour("blank") : colour(late + cell[1]);
      var chosen = code === told.area;
      shape.setStyle({ color: chosen ? colour("edge") : line, weight: chosen ? 3 : shape.options.dashArray ? 2 : 0.6, fillColor: fill, fillOpacity: board.dataset.tiles ? 0.6 : 1 });
      outlines.addLayer(shape);
      if (chosen) shape.bringToFront();
      here = here ? here.extend(shape.getBounds()) : L.latLngBounds(shape.getBounds().getSouthWest(), shape.getBounds().getNorthEast());
    });
    edges.clearLayers();
    names.clearLayers();
    told.children.forEach(function (row) {
      var area = areas[row[0]], shape = area ? L.polygon(area.shape, { renderer: painter, fill: false, color: colour("edge"), weight: 1.6, interactive: false }) : grids[row[0]];
      if (!shape) return;
      if (area) edges.addLayer(shape);
      label(shape.getBounds().getCenter(), row[1], row[2]);
    });
    if (here && stay !== true) map.fitBounds(told.area.length === 15 && grids[told.area] ? grids[told.area].getBounds().pad(0.5) : here, { animate: false, padding: [8, 8] });
    said(here ? (told.points ? "点网格看它的名片；圆点是单件事项，调解、保密和投诉举报的不上图。" : "点一处看下一级；方向键移动，加号、减号缩放。") : "这里还没有网格的界线，请看表格。");
    if (!map._loaded) map.setView([39.5, 112.3], 10);
    points();
    board.setAttribute("data-drawn", told.area);
    board.setAttribute("data-took", Math.round(window.performance.now() - began));
  }
  function label(at, name, value) {
    if (told.children.length > 40 && !value) return;
    var box = document.createElement("span"), number = document.createElement("b");
    box.className = "map-name";
    box.textContent = name;
    number.textContent = value;
    box.appendChild(number);
    L.marker(at, { icon: L.divIcon({ className: "", html: box, iconSize: [0, 0] }), interactive: false, keyboard: false }).addTo(names);
  }

  function points() {
    var turn = ++asked; /* also where none are shown: an answer under way must not land on a wider area */
    if (!told || !told.points || !map._loaded) { if (dots) dots.clearLayers(); return; }
    var box = map.getBounds();
    var bounds = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map(function (n) { return n.toFixed(5); });
    fetch(told.points + "&bbox=" + bounds.join(","), { headers: { "X-Background": "1" } }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    }).then(function (found) {
      if (turn !== asked) return;
      dots.clearLayers();
      found.points.forEach(function (row) { dots.addLayer(dot(row)); });
      board.setAttribute("data-points", found.points.length);
      if (found.more) said("这一屏的事项太多，只画了最近登记的；放大再看。");
    }).catch(function () { said("单件事项没有取到，移动一下地图再试。"); });
  }
  function dot(row) {
    var late = row[2] === "overdue";
    var shape = L.circleMarker([row[1], row[0]], { renderer: painter, radius: late ? 8 : 6, weight: late ? 3 : 1.5, color: late ? colour("late-5") : colour("edge"), fillColor: row[2] === "done" ? colour("blank") : late ? colour("late-3") : colour("4"), fillOpacity: 1 });
    shape.bindPopup(function () {
      var box = document.createElement("div"), link = document.createElement("a"), state = document.createElement("div");
      link.href = row[5];
      link.textContent = row[4];
      state.textContent = row[3] + "　" + { overdue: "超时", open: "在办", done: "已办完" }[row[2]];
      box.appendChild(link);
      box.appendChild(state);
      return box;
    });
    return shape;
  }

  var side = document.getElementById("map-side");
  if (side && window.MutationObserver) new MutationObserver(function () { if (map && document.getElementById("map-told")) show(); }).observe(side, { childList: true });
  /* Whoever changes to dark or light while the map is open sees it painted anew, where it stands. */
  function again() { if (map && told) show(true); }
  if (window.MutationObserver) new MutationObserver(again).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  if (window.matchMedia && matchMedia("(prefers-color-scheme: dark)").addEventListener) matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);

  fetch(board.dataset.shapes).then(function (answer) {
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }).then(begin).catch(function () { said("地图没有取到，请看表格。"); });
})();
