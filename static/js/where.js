/* The map of a resident's report, loaded only when it is opened: the outlines of the grids, one tap says where. */
(function () {
  "use strict";

  var fold = document.getElementById("map-fold"), form = document.getElementById("report-form");
  if (!fold || !form || !window.fetch) return;
  var map = null, marker = null, shapes = [];
  fold.hidden = false;
  fold.addEventListener("toggle", function () { if (fold.open && !map) load(); });

  function said(text) { document.getElementById("map-said").textContent = text; }
  function load() {
    var sheet = document.createElement("link"), script = document.createElement("script");
    sheet.rel = "stylesheet";
    sheet.href = fold.getAttribute("data-leaflet-css");
    script.src = fold.getAttribute("data-leaflet");
    script.onload = draw;
    script.onerror = function () { said("地图没有打开，请把地点写在上面。"); };
    document.head.appendChild(sheet);
    document.head.appendChild(script);
  }
  function draw() {
    map = L.map("map", { attributionControl: false, zoomControl: false, preferCanvas: true, zoomAnimation: false, fadeAnimation: false });
    L.control.zoom({ zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
    fetch(fold.getAttribute("data-map")).then(function (answer) { return answer.json(); }).then(function (told) {
      shapes = told.features.filter(function (one) { return one.geometry; });
      if (!shapes.length) { said("还没有这里的地图，请把地点写在上面。"); return; }
      var ink = getComputedStyle(document.documentElement), here = fold.getAttribute("data-grid");
      var layer = L.geoJSON({ type: "FeatureCollection", features: shapes }, {
        style: function (one) { return { color: ink.getPropertyValue("--brand").trim(), weight: one.properties.code === here ? 3 : 1, fillColor: ink.getPropertyValue("--brand-soft").trim(), fillOpacity: one.properties.code === here ? 0.7 : 0.3 }; }
      }).addTo(map), own = layer.getLayers().filter(function (one) { return one.feature.properties.code === here; })[0];
      map.fitBounds((own || layer).getBounds());
      said(here ? "深色的是本网格，点一下具体的地方。" : "点一下事情发生的地方；可以放大。");
      var lng = Number(form.elements.lng.value), lat = Number(form.elements.lat.value);
      if (lng && lat) take(L.latLng(lat, lng));
    }).catch(function () { said("地图没有取到，请把地点写在上面。"); });
    map.on("click", function (event) { take(event.latlng); });
    document.getElementById("map").addEventListener("keydown", function (event) {
      if (event.key === "Enter") { event.preventDefault(); take(map.getCenter()); }
    });
  }
  function take(at) {
    var grid = shapes.filter(function (one) { return inside(one.geometry, at); })[0];
    if (!grid) { said("这里不在网格图里，请点在格子里，或者把地点写在上面。"); return; }
    form.elements.lng.value = at.lng.toFixed(6);
    form.elements.lat.value = at.lat.toFixed(6);
    if (marker) marker.remove();
    marker = L.circleMarker(at, { radius: 9, weight: 3 }).addTo(map);
    said("已选：" + grid.properties.name + "。点错了再点一次。");
    form.dispatchEvent(new Event("input"));
  }
  /* Even-odd rule over every ring, holes included. */
  function inside(geometry, at) {
    var polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.some(function (rings) {
      return rings.reduce(function (within, ring) {
        for (var i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
          if ((ring[i][1] > at.lat) !== (ring[j][1] > at.lat) && at.lng < (ring[j][0] - ring[i][0]) * (at.lat - ring[i][1]) / (ring[j][1] - ring[i][1]) + ring[i][0]) within = !within;
        }
        return within;
      }, false);
    });
  }
})();
