// Hands on the keyboard, and care for what is typed. Every action is an ordinary link, button or field marked with
// data-action; this script only clicks or focuses it, so a page without it can do all the same.
(() => {
  'use strict';

  const usual = {
    next: 'j', previous: 'k', open: 'o', assess: 'a', submit: 's', search: '/', queue: 'g q', propose: 'n', 'next-page': ']', help: '?',
    'criterion-1': '1', 'criterion-2': '2', 'criterion-3': '3', 'criterion-4': '4', 'criterion-5': '5', 'criterion-6': '6',
  };
  const chosen = read(() => JSON.parse(document.body.dataset.keys || '{}')) || {};
  const keys = Object.fromEntries(Object.entries({ ...usual, ...chosen }).filter(([action, key]) => action in usual && typeof key === 'string' && key));
  const keysAreOn = chosen.keys !== 'off';

  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const isSeen = element => element.checkVisibility?.() ?? element.offsetParent !== null;

  function read(get) {
    try { return get(); } catch { return null; }
  }

  function announce(text) {
    const live = one('#live');
    if (!live || !text) return;
    live.textContent = '';
    setTimeout(() => { live.textContent = text; }, 50);
  }

  function trouble(text) {
    const place = one('#trouble');
    if (!place) return;
    one('p', place).textContent = text;
    place.hidden = !text;
  }

  // Keys printed on buttons and in the help are those that work.
  function printKeys(root = document) {
    for (const hint of all('kbd[data-key-of]', root)) {
      const key = keys[hint.dataset.keyOf];
      hint.hidden = !keysAreOn || !key;
      if (key) hint.textContent = key;
    }
    // Screen readers are told of the key as well.
    if (!keysAreOn) return;
    for (const element of all('[data-action]', root)) {
      const key = keys[element.dataset.action];
      if (key && !key.includes(' ')) element.setAttribute('aria-keyshortcuts', key);
    }
  }

  // The row cursor.
  const rowStore = 'row:' + location.pathname;
  const rows = () => all('table[data-rows] > tbody > tr, .rows > *').filter(isSeen);
  const current = () => one('tr.is-current, .rows > .is-current');

  function mark(row) {
    if (!row || row === current()) return;
    current()?.classList.remove('is-current');
    row.classList.add('is-current');
    read(() => sessionStorage.setItem(rowStore, JSON.stringify([row.id, rows().indexOf(row)])));
  }

  function move(step) {
    const list = rows();
    if (list.length === 0) return;
    const at = list.indexOf(current());
    const row = list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))];
    mark(row);
    (one('[data-action="open"]', row) ?? one('a[href], button', row))?.focus({ preventScroll: true });
    row.scrollIntoView({ block: 'nearest' });
  }

  // Coming back from an entry: the same row, or, if it is gone, the one that took its place.
  function restoreRow() {
    const list = rows();
    if (list.length === 0 || current()) return;
    const [id, at] = read(() => JSON.parse(sessionStorage.getItem(rowStore))) ?? [];
    const row = (id && list.find(r => r.id === id)) || (at >= 0 ? list[Math.min(at, list.length - 1)] : null);
    if (!row) return;
    mark(row);
    row.scrollIntoView({ block: 'nearest' });
  }

  // Actions.
  function run(action) {
    if (action === 'next') return move(1);
    if (action === 'previous') return move(-1);
    if (action === 'help') return help();
    if (action.startsWith('criterion-')) return turn(Number(action.slice('criterion-'.length)));
    const marked = `[data-action="${action}"]`;
    const target = (current() && one(marked, current())) ?? all(marked).find(element => isSeen(element) && !element.disabled && !element.closest('dialog, tr, .rows > *'));
    if (!target) return;
    if (target.matches('input:not([type="submit"], [type="button"]), textarea, select')) {
      target.focus();
      target.select?.();
    } else {
      target.click();
    }
  }

  function help() {
    const dialog = one('#key-help');
    if (!dialog || dialog.open) return;
    dialog.showModal();
    one('[data-first]', dialog).focus();
  }

  // met, not met, could not determine, met, ...
  function turn(number) {
    const criterion = all('[data-criterion]').filter(isSeen)[number - 1];
    if (!criterion) return;
    const choices = all('input[type="radio"]', criterion);
    const next = choices[(choices.findIndex(choice => choice.checked) + 1) % choices.length];
    next.focus();
    if (!next.checked) next.click();
    announce(`Criterion ${number}: ${next.closest('label').textContent.trim()}`);
  }

  const isTyping = element => element.isContentEditable || element.matches('textarea, select, input:not([type="radio"], [type="checkbox"], [type="button"], [type="submit"], [type="reset"])');

  let begun = '';
  let begunAt = 0;
  document.addEventListener('keydown', event => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.isComposing || event.defaultPrevented) return;
    if (event.key === 'Escape') return escape(target);
    if (event.key === 'Enter' && event.ctrlKey && !event.altKey && !event.metaKey && target.form) {
      event.preventDefault();
      const form = target.form;
      return form.requestSubmit(one('[data-action="submit"]', form) ?? one('[type="submit"]', form) ?? undefined);
    }
    if (!keysAreOn || event.ctrlKey || event.altKey || event.metaKey || isTyping(target) || one('dialog[open]')) return;
    const row = current();
    if (event.key === 'Enter') {
      if (row && (target === document.body || target.id === 'main')) run('open');
      return;
    }
    const typed = begun && event.timeStamp - begunAt < 1500 ? `${begun} ${event.key}` : event.key;
    begun = '';
    const action = Object.keys(keys).find(name => keys[name] === typed);
    if (action) {
      if (event.repeat && action !== 'next' && action !== 'previous') return;
      event.preventDefault();
      run(action);
    } else if (Object.values(keys).some(key => key.startsWith(typed + ' '))) {
      begun = typed;
      begunAt = event.timeStamp;
    }
  });

  function escape(target) {
    const menu = one('details.me[open]');
    if (menu) {
      menu.open = false;
      one('summary', menu).focus();
    } else if (isTyping(target)) {
      target.blur();
      // From the search box back to where the hands were.
      (current() && one('[data-action="open"]', current()))?.focus({ preventScroll: true });
    }
  }

  document.addEventListener('focusin', event => mark(event.target.closest?.('table[data-rows] > tbody > tr, .rows > *')));
  document.addEventListener('click', event => {
    const menu = one('details.me[open]');
    if (menu && !menu.contains(event.target)) menu.open = false;
    if (event.target.closest?.('[data-action="help"]')) {
      if (menu) menu.open = false;
      help();
    }
    mark(event.target.closest?.('table[data-rows] > tbody > tr, .rows > *'));
    if (event.target.closest?.('[data-print]')) window.print();
  });

  // What is typed is not lost by a slip, and a form is not sent twice by a nervous finger. (That nothing happens twice is
  // the server's work: it knows the form's own number.)
  const typedIn = new Set();
  document.addEventListener('input', event => {
    const form = event.target.form;
    if (form?.method === 'post' && !form.hasAttribute('data-careless')) typedIn.add(form);
  });
  document.addEventListener('submit', event => {
    const form = event.target;
    if (form.method === 'dialog') return;
    if (form.dataset.sent && Date.now() - Number(form.dataset.sent) < 5000) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = Date.now();
    typedIn.delete(form);
  }, true);
  // The answer is here, or never comes: the form may be sent again.
  const release = form => { if (form?.dataset) delete form.dataset.sent; };
  document.addEventListener('htmx:finally:request', event => release(event.detail?.ctx?.request?.form ?? event.target));
  document.addEventListener('blocklist:kept', event => {
    release(event.target);
    typedIn.add(event.target);
  });
  window.addEventListener('pageshow', () => all('form[data-sent]').forEach(release));
  window.addEventListener('beforeunload', event => {
    if ([...typedIn].some(form => form.isConnected)) event.preventDefault();
  });

  // Parts of the page that htmx exchanges. What went wrong is said above the page, and what the page holds stays.
  document.addEventListener('htmx:before:response', event => {
    const status = event.detail?.ctx?.response?.status;
    const isOfForm = event.detail?.ctx?.request?.method !== 'GET';
    if (status === 401 && !isOfForm) {
      event.preventDefault();
      trouble('Your session has ended. What you typed is still here: send the form, sign in again, and it comes back as you left it.');
    } else if (status === 429) {
      event.preventDefault();
      trouble('That was asked very often in a short time. Wait a minute; what you typed is still here.');
    } else if (status >= 500) {
      event.preventDefault();
      trouble('The server could not answer. Nothing of the page was changed; try again in a minute.');
    } else {
      trouble('');
    }
  });
  document.addEventListener('htmx:error', () => trouble('The server could not be reached. Check the network; what you typed is still here.'));
  document.addEventListener('htmx:after:swap', event => {
    const place = event.detail?.ctx?.target ?? document;
    if (!place.isConnected && place !== document) return enhance(document);
    enhance(place);
    announce(one('[data-announce]', place)?.textContent.trim().replace(/\s+/g, ' '));
  });

  // A pause for the person. Only this browser knows; it is neither sent nor shown to anyone.
  const worked = { limit: 50 * 60e3, pause: 5 * 60e3, since: 'worked-since', last: 'worked-last', later: 'break-later' };
  const stored = name => Number(read(() => localStorage.getItem(name)) ?? 0);
  const store = (name, value) => read(() => localStorage.setItem(name, value));
  let noted = 0;
  function work() {
    const now = Date.now();
    if (now - noted < 5000) return;
    noted = now;
    if (!stored(worked.since) || now - stored(worked.last) > worked.pause) store(worked.since, now);
    store(worked.last, now);
    const banner = one('#break');
    if (!banner || now - stored(worked.since) < worked.limit || now < stored(worked.later)) return;
    one('[data-minutes]', banner).textContent = Math.floor((now - stored(worked.since)) / 60e3);
    banner.hidden = false;
  }
  if (one('#break') && chosen.breaks !== 'off') {
    for (const kind of ['keydown', 'pointerdown']) document.addEventListener(kind, work, { passive: true });
    one('#break').addEventListener('click', event => {
      const answer = event.target.closest('[data-break]')?.dataset.break;
      if (!answer) return;
      store(answer === 'done' ? worked.since : worked.later, answer === 'done' ? Date.now() : Date.now() + 10 * 60e3);
      one('#break').hidden = true;
    });
  }

  function enhance(root) {
    printKeys(root);
    restoreRow();
    one('[data-focus]', root)?.focus();
  }
  enhance(document);
  window.addEventListener('pageshow', event => { if (event.persisted) restoreRow(); });
})();
