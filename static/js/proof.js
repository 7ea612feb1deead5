/* Proof of work in a worker: finds a nonce so that SHA-256 of "line~nonce" begins with so many zero bits. The browser's own
   digest answers later each time, which is slower than this plain one for a hundred thousand short lines. */
(function () {
  "use strict";

  var K = [], first = [], prime = 2, found = 0, composite = {};
  for (; found < 64; prime += 1) {
    if (composite[prime]) continue;
    for (var multiple = prime; multiple < 320; multiple += prime) composite[multiple] = true;
    if (found < 8) first[found] = fraction(Math.pow(prime, 1 / 2));
    K[found] = fraction(Math.pow(prime, 1 / 3));
    found += 1;
  }
  function fraction(root) { return ((root - Math.floor(root)) * 4294967296) | 0; }
  function turned(value, by) { return (value >>> by) | (value << (32 - by)); }

  /* The zero bits that the SHA-256 of an ASCII text begins with. */
  function zeroBits(text) {
    var length = text.length, words = new Int32Array(((length + 8 >> 6) + 1) * 16), w = new Int32Array(64), h = first.slice(0), at, i;
    for (at = 0; at < length; at += 1) words[at >> 2] |= text.charCodeAt(at) << (24 - (at % 4) * 8);
    words[length >> 2] |= 128 << (24 - (length % 4) * 8);
    words[words.length - 1] = length * 8;
    for (at = 0; at < words.length; at += 16) {
      var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], last = h[7];
      for (i = 0; i < 64; i += 1) {
        if (i < 16) w[i] = words[at + i];
        else {
          var x = w[i - 15], y = w[i - 2];
          w[i] = (w[i - 16] + (turned(x, 7) ^ turned(x, 18) ^ (x >>> 3)) + w[i - 7] + (turned(y, 17) ^ turned(y, 19) ^ (y >>> 10))) | 0;
        }
        var one = (last + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
        var two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        last = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
      }
      h = [h[0] + a | 0, h[1] + b | 0, h[2] + c | 0, h[3] + d | 0, h[4] + e | 0, h[5] + f | 0, h[6] + g | 0, h[7] + last | 0];
    }
    for (i = 0; i < 8; i += 1) if (h[i] !== 0) return i * 32 + Math.clz32(h[i]);
    return 256;
  }

  addEventListener("message", function (event) {
    var line = event.data.line, bits = event.data.bits, nonce = 0;
    while (zeroBits(line + "~" + nonce) < bits) nonce += 1;
    postMessage(line + "~" + nonce);
  });
})();
