/* Drawing grids: one grid's vertices are dragged (Geoman), what was drawn goes with the form as GeoJSON; the server checks.

   What was refused comes back as it was drawn, with the pieces that overlap or are left over. Without this script the
   form takes pasted or uploaded GeoJSON. */
(function () {
  "use strict";

  var board = document.getElementById("draw-canvas"), told = document.getElementById("draw-told");
  if (!board || !told || !window.L) return;
  told = JSON.parse(told.getAttribute("data-told"));

  var form = document.getElementById("draw-form"), pick = document.getElementById("draw-code");
  var shapes = {}, drawn = told.drawn || {}, editing = null, whole = null;
  function said(text) { document.getElementById("draw-said").textContent = text; }
  function colour(name) { return getComputedStyle(board).getPropertyValue("--map-" + name).trim(); }

  var map = L.map(board, { zoomControl: false, attributionControl: Boolean(board.dataset.tiles), zoomAnimation: false, fadeAnimation: false });
  L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  if (board.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    ["vec", "cva"].forEach(function (layer) {
      L.tileLayer("https://t0.tianditu.gov.cn/" + layer + "_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=" + layer + "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=" + encodeURIComponent(board.dataset.tiles), { maxZoom: 18, attribution: "底图：天地图（自然资源部）" }).addTo(map);
    });
  }
  if (map.pm) map.pm.setLang("zh");

  /* Where to look comes first: a line has nowhere to be drawn on a map without a view. */
  [told.around].concat(told.grids.map(function (row) { return row[3]; })).forEach(function (geometry) {
    if (!geometry) return;
    var bounds = L.geoJSON(geometry).getBounds();
    whole = whole ? whole.extend(bounds) : bounds;
  });
  if (whole) map.fitBounds(whole, { animate: false, padding: [16, 16] }); else map.setView([39.5, 112.3], 11);

  told.near.forEach(function (row) {
    L.geoJSON(row[1], { style: { color: colour("line"), weight: 1, dashArray: "2 4", fillColor: colour("unknown"), fillOpacity: 0.5 }, interactive: false }).addTo(map);
  });
  if (told.around) L.geoJSON(told.around, { style: { color: colour("edge"), weight: 3, fill: false }, interactive: false, pmIgnore: true }).addTo(map);
  told.grids.forEach(function (row) {
    var geometry = drawn[row[0]] || row[3], dedicated = row[2] === "dedicated";
    var layer = L.geoJSON(geometry, { style: { color: colour("edge"), weight: 1.5, dashArray: dedicated ? "4 3" : null, fillColor: colour(dedicated ? "2" : "1"), fillOpacity: 0.6 } }).getLayers()[0];
    layer.addTo(map).bindTooltip(row[1], { sticky: true });
    layer.on("click", function () { if (pick && !editing) { pick.value = row[0]; begin(); } });
    shapes[row[0]] = { layer: layer, name: row[1], was: row[3], dedicated: dedicated };
  });
  (told.findings || []).forEach(function (finding) {
    finding.pieces.forEach(function (piece) {
      L.geoJSON(piece, { style: { color: "#7a2f63", weight: 4, dashArray: "6 4", fillColor: "#e7a3d0", fillOpacity: 0.7, className: "draw-finding" }, pmIgnore: true }).bindTooltip(finding.sentence, { sticky: true }).addTo(map);
    });
  });
  said(told.findings && told.findings.length ? "斜线框是有问题的地方，您画的界线还在，改好再保存。" : form ? "选一个网格，点“改这个网格的界线”，拖动线上的点。" : "");
  board.setAttribute("data-ready", "1");
  if (!form) return;

  function begin() {
    var code = pick && pick.value, shape = shapes[code];
    if (!shape) { said("这个网格还没有界线，请粘贴 GeoJSON。"); return; }
    if (editing) shapes[editing].layer.pm.disable();
    editing = code;
    shape.layer.bringToFront();
    shape.layer.setStyle({ weight: 3 });
    shape.layer.pm.enable({ snappable: true, snapDistance: 14, allowSelfIntersection: true, preventMarkerRemoval: false, removeLayerBelowMinVertexCount: false });
    shape.layer.on("pm:edit pm:markerdragend pm:vertexremoved", keep);
    document.getElementById("draw-undo").disabled = false;
    said("正在改“" + shape.name + "”：拖动圆点；线中间的小点拖出新的点，右键点圆点去掉它。改好写明原因，点“核对并保存”。");
    board.setAttribute("data-editing", code);
  }
  function keep() {
    if (editing) drawn[editing] = shapes[editing].layer.toGeoJSON(7).geometry;
    board.setAttribute("data-drawn", Object.keys(drawn).join(" "));
  }
  document.getElementById("draw-begin").addEventListener("click", begin);
  document.getElementById("draw-undo").addEventListener("click", function () {
    if (!editing) return;
    var shape = shapes[editing], fresh = L.geoJSON(shape.was).getLayers()[0];
    shape.layer.pm.disable();
    shape.layer.setLatLngs(fresh.getLatLngs());
    delete drawn[editing];
    said("“" + shape.name + "”已退回原样。");
    editing = null;
    this.disabled = true;
  });
  form.addEventListener("submit", function () {
    keep();
    if (!document.getElementById("draw-geojson").value.trim() && !document.getElementById("draw-file").value) {
      document.getElementById("draw-shapes").value = Object.keys(drawn).length ? JSON.stringify(drawn) : "";
    }
  });

  var cut = document.getElementById("split-begin");
  if (cut) cut.addEventListener("click", function () {
    map.pm.enableDraw("Line", { snappable: false, finishOn: "dblclick", pathOptions: { color: colour("edge"), weight: 3 }, templineStyle: { color: colour("edge") }, hintlineStyle: { color: colour("edge"), dashArray: "4 4" } });
    said("在网格外面点起点，穿过网格，在另一边外面双击结束。");
    board.focus();
  });
  map.on("pm:create", function (event) {
    document.getElementById("split-line").value = JSON.stringify(event.layer.toGeoJSON(7).geometry);
    said("分界线已画好，填好两个新网格的编码和名称再拆分。");
  });
})();
