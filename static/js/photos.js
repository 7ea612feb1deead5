/* Photos made small on the phone before they are sent: drawn anew on a canvas, so that neither the place nor anything else that
   rides in a file leaves the phone. What cannot be drawn here is sent as it is; the server cleans it once more. */
(function () {
  "use strict";

  var LONGEST = 1600, QUALITY = 0.82, SMALL = 160;
  /* Since Chromium 81 a picture is drawn upright by itself; before, its own note of how it was held is read here. */
  var TURNS_ITSELF = Boolean(window.CSS && CSS.supports && CSS.supports("image-orientation", "from-image"));

  function read(file, how) {
    return new Promise(function (done, failed) {
      var reader = new FileReader();
      reader.onload = function () { done(reader.result); };
      reader.onerror = failed;
      reader[how](file);
    });
  }
  function pictureOf(address) {
    return new Promise(function (done, failed) {
      var image = new Image();
      image.onload = function () { done(image); };
      image.onerror = failed;
      image.src = address;
    });
  }

  /* Tag 0x0112 of a JPEG's Exif: 1 upright, 3 upside down, 6 and 8 on its side; 1 when there is none. */
  function heldAs(buffer) {
    var view = new DataView(buffer), at = 2;
    if (view.byteLength < 4 || view.getUint16(0) !== 0xFFD8) return 1;
    while (at + 10 < view.byteLength) {
      var mark = view.getUint16(at), length = view.getUint16(at + 2);
      if (mark === 0xFFE1 && view.getUint32(at + 4) === 0x45786966) {
        var start = at + 10, little = view.getUint16(start) === 0x4949, rows = start + view.getUint32(start + 4, little);
        for (var row = 0; rows + 2 <= view.byteLength && row < view.getUint16(rows, little); row += 1) {
          var place = rows + 2 + row * 12;
          if (place + 10 > view.byteLength) return 1;
          if (view.getUint16(place, little) === 0x0112) return view.getUint16(place + 8, little);
        }
        return 1;
      }
      if ((mark & 0xFF00) !== 0xFF00) return 1;
      at += 2 + length;
    }
    return 1;
  }

  function drawn(image, longest, turn) {
    var scale = Math.min(1, longest / Math.max(image.naturalWidth, image.naturalHeight));
    var width = Math.max(1, Math.round(image.naturalWidth * scale)), height = Math.max(1, Math.round(image.naturalHeight * scale));
    var aside = turn === 6 || turn === 8, canvas = document.createElement("canvas"), pen = canvas.getContext("2d");
    canvas.width = aside ? height : width;
    canvas.height = aside ? width : height;
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.rotate(turn === 3 ? Math.PI : turn === 6 ? Math.PI / 2 : turn === 8 ? -Math.PI / 2 : 0);
    pen.drawImage(image, -width / 2, -height / 2, width, height);
    return canvas;
  }
  function blobOf(canvas) {
    if (canvas.toBlob) return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", QUALITY); });
    var bytes = atob(canvas.toDataURL("image/jpeg", QUALITY).split(",")[1]), held = new Uint8Array(bytes.length);
    for (var at = 0; at < bytes.length; at += 1) held[at] = bytes.charCodeAt(at);
    return Promise.resolve(new Blob([held], { type: "image/jpeg" }));
  }

  /* → { blob, look }: what is sent, and a small picture to show ("" when it cannot be drawn here). */
  function shrink(file) {
    var turned = TURNS_ITSELF ? Promise.resolve(1) : read(file.slice(0, 131072), "readAsArrayBuffer").then(heldAs, function () { return 1; });
    return Promise.all([read(file, "readAsDataURL").then(pictureOf), turned]).then(function (found) {
      var look = drawn(found[0], SMALL, found[1]).toDataURL("image/jpeg", 0.7);
      return blobOf(drawn(found[0], LONGEST, found[1])).then(function (blob) { return { blob: blob || file, look: blob ? look : "" }; });
    }).catch(function () { return { blob: file, look: "" }; });
  }

  window.portalPhotos = { shrink: shrink };
})();
