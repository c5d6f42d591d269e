// The public site works without any of this: it shortens a wait, and spares people a mail.
(() => {
  'use strict';

  const focus = document.querySelector('[data-focus]');
  if (focus) focus.focus();

  const print = document.querySelector('[data-print]');
  if (print) {
    print.hidden = false;
    print.querySelector('button').addEventListener('click', () => window.print());
  }

  const work = document.querySelector('input[data-challenge]');
  if (work) doWork(work);

  // Looks for a number that, behind the challenge, hashes to so many zero bits. Some milliseconds at a time, so that the page stays alive.
  function doWork(field) {
    const form = field.form;
    const bits = Number(field.dataset.bits);
    const note = form.querySelector('[data-working]');
    const bar = note.querySelector('progress');
    form.querySelector('[data-without-script]').hidden = true;
    const tries = hashes(field.dataset.challenge + ':');
    let number = 0;
    let waiting = null;

    form.addEventListener('submit', event => {
      if (field.value !== '' || !event.submitter || event.submitter.value !== 'send') return;
      event.preventDefault();
      waiting = event.submitter;
      note.hidden = false;
    });

    (function some() {
      const until = performance.now() + 24;
      while (performance.now() < until) {
        for (let i = 0; i < 256; i++, number++) {
          if (Math.clz32(tries(number)) < bits) continue;
          field.value = String(number);
          bar.value = 1;
          if (waiting) form.requestSubmit(waiting);
          return;
        }
      }
      bar.value = 1 - Math.exp(-number / 2 ** bits);
      setTimeout(some, 0);
    })();
  }

  // The first 32 bits of SHA-256 (FIPS 180-4) of a text and a number behind it; together less than one block.
  function hashes(text) {
    const k = new Int32Array(64);
    const start = new Int32Array(8);
    for (let n = 2, found = 0; found < 64; n++) {
      let isPrime = true;
      for (let d = 2; d * d <= n; d++) if (n % d === 0) isPrime = false;
      if (!isPrime) continue;
      if (found < 8) start[found] = Math.floor((Math.sqrt(n) % 1) * 2 ** 32);
      k[found++] = Math.floor((Math.cbrt(n) % 1) * 2 ** 32);
    }
    const block = new Uint8Array(64);
    const w = new Int32Array(64);
    const prefix = Array.from(text, c => c.charCodeAt(0));
    return number => {
      const digits = String(number);
      block.fill(0);
      block.set(prefix);
      for (let i = 0; i < digits.length; i++) block[prefix.length + i] = digits.charCodeAt(i);
      const length = prefix.length + digits.length;
      block[length] = 0x80;
      block[62] = length >> 5;
      block[63] = (length << 3) & 255;
      for (let i = 0; i < 16; i++) w[i] = block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 | block[4 * i + 3];
      for (let i = 16; i < 64; i++) {
        const x = w[i - 15], y = w[i - 2];
        w[i] = w[i - 16] + w[i - 7] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
      }
      let [a, b, c, d, e, f, g, h] = start;
      for (let i = 0; i < 64; i++) {
        const t = h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + k[i] + w[i] | 0;
        const u = ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c) | 0;
        h = g; g = f; f = e; e = d + t | 0; d = c; c = b; b = a; a = t + u | 0;
      }
      return start[0] + a | 0;
    };
  }
})();
