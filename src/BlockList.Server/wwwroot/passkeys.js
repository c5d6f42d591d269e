// Signing in and making passkeys. A form names two addresses: data-begin answers { ceremony, options }, data-finish takes
// the browser's answer and says where to go on. The form's own fields travel with both.
(() => {
  'use strict';

  const toBytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0)).buffer;
  const toText = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const withBytes = list => list?.map(item => ({ ...item, id: toBytes(item.id) }));

  // What browsers of before 2024 lack (WebAuthn level 3, section 5.1).
  const requestOptions = json => PublicKeyCredential.parseRequestOptionsFromJSON?.(json)
    ?? { ...json, challenge: toBytes(json.challenge), allowCredentials: withBytes(json.allowCredentials) };
  const creationOptions = json => PublicKeyCredential.parseCreationOptionsFromJSON?.(json)
    ?? { ...json, challenge: toBytes(json.challenge), user: { ...json.user, id: toBytes(json.user.id) }, excludeCredentials: withBytes(json.excludeCredentials) };
  function toJson(credential) {
    if (credential.toJSON) {
      // Some password managers put an object here whose toJSON throws.
      try { return credential.toJSON(); } catch { /* built by hand below */ }
    }
    const { response } = credential;
    const fields = { clientDataJSON: toText(response.clientDataJSON) };
    for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle'])
      if (response[name]) fields[name] = toText(response[name]);
    if (response.getTransports) fields.transports = response.getTransports();
    return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, authenticatorAttachment: credential.authenticatorAttachment, clientExtensionResults: credential.getClientExtensionResults(), response: fields };
  }

  const sentences = {
    none: 'This browser has no passkeys. Use a current browser, at the address that begins with https.',
    NotAllowedError: 'Nothing was signed: the request was cancelled, or nobody answered in time. Try again; if your device was not offered, use the device on which you made the passkey.',
    AbortError: 'The browser stopped the request. Try again.',
    InvalidStateError: 'This device already holds a passkey of yours. Use it to sign in, or make one on another device.',
    SecurityError: 'The browser does not give passkeys to this address. Open the address that your administrator told you.',
    NotSupportedError: 'This device cannot make the kind of passkey that is asked for. Use another device or security key.',
    ConstraintError: 'This device cannot check that it is you, by PIN, finger or face. Set that up on it, or use another one.',
    network: 'The server could not be reached. Check the network and try again; nothing was lost.',
    strange: 'The server gave an answer that this page does not understand. Reload the page and try again.',
  };

  class Refusal extends Error {}

  async function post(form, address, more) {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.append(name, value);
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    let answer;
    try {
      answer = await fetch(address, { method: 'POST', body: fields, credentials: 'same-origin', headers: { Accept: 'application/json, application/problem+json' }, signal: AbortSignal.timeout?.(20000) });
    } catch {
      throw new Refusal(sentences.network);
    }
    const json = await answer.json().catch(() => null);
    if (!answer.ok) throw new Refusal(json?.title ? [json.title, json.detail].filter(Boolean).map(text => /[.!?]$/.test(text) ? text : text + '.').join(' ') : sentences.strange);
    if (!json) throw new Refusal(sentences.strange);
    return json;
  }

  // Only to a page of this site.
  function goTo(location) {
    const target = new URL(location, window.location.href);
    if (target.origin !== window.location.origin) throw new Refusal(sentences.strange);
    window.location.assign(target);
  }

  function say(form, kind, text) {
    let place = form.querySelector('[data-said]');
    if (!place) {
      place = document.createElement('p');
      place.dataset.said = '';
      place.tabIndex = -1;
      form.prepend(place);
    }
    place.className = text ? `notice ${kind}` : '';
    place.setAttribute('role', kind === 'error' ? 'alert' : 'status');
    place.textContent = text;
  }

  async function run(form) {
    if (!window.PublicKeyCredential || !navigator.credentials) throw new Refusal(sentences.none);
    const { ceremony, options } = await post(form, form.dataset.begin, {});
    say(form, 'info', 'Your browser or device now asks for your passkey.');
    const credential = form.dataset.passkey === 'register'
      ? await navigator.credentials.create({ publicKey: creationOptions(options) })
      : await navigator.credentials.get({ publicKey: requestOptions(options) });
    if (!credential) throw new Refusal(sentences.NotAllowedError);
    say(form, 'info', 'Checking ...');
    const { location } = await post(form, form.dataset.finish, { ceremony, credential: JSON.stringify(toJson(credential)) });
    say(form, 'success', 'Done.');
    goTo(location);
  }

  document.addEventListener('submit', async event => {
    const form = event.target.closest('form[data-passkey]');
    if (!form) return;
    event.preventDefault();
    if (form.getAttribute('aria-busy') === 'true') return;
    form.setAttribute('aria-busy', 'true');
    say(form, 'info', 'One moment ...');
    try {
      await run(form);
    } catch (problem) {
      form.dispatchEvent(new CustomEvent('blocklist:kept', { bubbles: true }));
      say(form, 'error', problem instanceof Refusal ? problem.message : sentences[problem.name] ?? `The passkey could not be used (${problem.name}). Try again, or use another device.`);
    } finally {
      form.removeAttribute('aria-busy');
    }
  });

  // Whoever cannot use a passkey here learns it before filling in anything.
  if (!window.PublicKeyCredential) for (const form of document.querySelectorAll('form[data-passkey]')) say(form, 'error', sentences.none);
})();
