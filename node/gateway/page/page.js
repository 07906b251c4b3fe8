'use strict';
// The page shows the newest state that the gateway sent, and sends orders. Text from the fleet is only ever set as text.
const $ = (id) => document.getElementById(id);
const number = (n) => Math.round(n).toLocaleString('en');
let token = sessionStorage.getItem('token') || '';
let state = null;
let stream = '';
let socket = null;
let retry;

function headers() {
  return token ? { Authorization: 'Bearer ' + token } : {};
}

async function ask(method, path, body, more) {
  const sent = { method, headers: { ...headers(), ...more } };
  if (body !== undefined) {
    sent.headers['Content-Type'] = 'application/json';
    sent.body = JSON.stringify(body);
  }
  const answer = await fetch('/api/v1/' + path, sent);
  if (answer.ok) return answer;
  if (answer.status === 401) $('login').hidden = false;
  const p = await answer.json().catch(() => ({ detail: answer.statusText }));
  throw new Error([p.detail, ...(p.errors || []).map((e) => (e.location || '') + ': ' + e.message)].join('\n'));
}

async function tell(method, path, body, more) {
  $('problem').textContent = '';
  try {
    return await ask(method, path, body, more);
  } catch (e) {
    $('problem').textContent = e.message;
    return null;
  }
}

function sure(question) {
  $('question').textContent = question;
  const d = $('confirm');
  d.returnValue = 'no';
  d.showModal();
  return new Promise((done) => d.addEventListener('close', () => done(d.returnValue === 'yes'), { once: true }));
}

function element(tag, text, kind) {
  const e = document.createElement(tag);
  e.textContent = text;
  if (kind) e.className = kind;
  return e;
}

function button(text, act, kind) {
  const b = element('button', text, kind);
  b.addEventListener('click', act);
  return b;
}

// fill makes a list's items, and leaves those alone that are as they were, so that the keyboard's focus stays.
function fill(list, items, key, make) {
  const old = new Map([...list.children].map((li) => [li.dataset.key, li]));
  const fresh = items.map((item) => {
    const text = JSON.stringify(item);
    let li = old.get(key(item));
    if (!li) {
      li = document.createElement('li');
      li.dataset.key = key(item);
    }
    if (li.text !== text) {
      li.text = text;
      make(li, item);
    }
    return li;
  });
  if (fresh.length !== list.children.length || fresh.some((li, i) => list.children[i] !== li)) list.replaceChildren(...fresh);
}

function showDriver(li, d) {
  if (!li.firstChild) {
    const id = encodeURIComponent(d.node_id);
    const end = (verb, question) => async () => (await sure(question)) && tell('POST', 'drivers/' + id + '/' + verb);
    li.append(element('span', ''), element('span', ''), element('span', '', 'faint'),
      button('Drain', end('drain', 'Drain driver ' + d.node_id + '? It ends when its requests have.')),
      button('Kill', end('kill', 'Kill driver ' + d.node_id + '? Its process ends at once.'), 'danger'));
  }
  const [name, liveness, doing] = li.children;
  name.textContent = d.node_id + ' · ' + d.host;
  liveness.textContent = d.liveness;
  liveness.className = d.liveness;
  const silent = d.liveness === 'left' || d.liveness === 'lost';
  doing.textContent = silent ? '' : d.state + ' · ' + number(d.rate_rps) + '/s · CPU ' + d.cpu.toFixed(2);
  for (const b of li.querySelectorAll('button')) b.hidden = silent;
}

function showEvent(li, e) {
  li.replaceChildren(element('span', e.text), element('time', new Date(e.at).toLocaleTimeString(), 'faint'));
}

function showPast(li, r) {
  if (!li.firstChild) li.append(element('span', ''), element('span', ''), button('Report', () => report(r.test_id)));
  li.children[0].textContent = r.test_id + ' · ' + r.target + ' · ' + number(r.requests) + ' requests';
  li.children[1].textContent = r.outcome || r.phase;
  li.children[1].className = r.outcome || '';
}

async function report(id) {
  const answer = await tell('GET', 'runs/' + encodeURIComponent(id) + '/report?format=text');
  if (!answer) return;
  $('report').querySelector('pre').textContent = await answer.text();
  $('report').showModal();
}

function active(r) {
  return r && (r.phase === 'started' || r.phase === 'draining');
}

function showRun(r) {
  $('steer').hidden = !active(r);
  if (!r) return;
  const l = r.latency_us;
  $('run').textContent = [r.test_id, r.paused ? 'paused' : r.outcome || r.phase, number(r.requests) + ' requests', number(r.errors) + ' errors',
    number(r.dropped) + ' dropped', active(r) ? number(r.rate_rps) + '/s' : '', 'p50 ' + l.p50 / 1000 + ' ms', 'p99 ' + l.p99 / 1000 + ' ms',
    active(r) ? 'coverage ' + Math.round(100 * r.coverage) + ' %' : '', 'by ' + r.by].filter(Boolean).join(' · ');
  const off = { pause: r.paused || !r.at_helm, resume: !r.paused || !r.at_helm, adopt: r.at_helm };
  for (const b of document.querySelectorAll('[data-order]')) b.hidden = !!off[b.dataset.order];
  $('adjust').hidden = r.kind !== 'tsunami' || !r.at_helm || r.paused;
}

// merge is a state after a change: entries that are in it take the place of those of the same key.
function merge(s, c) {
  const put = (list, more, key) => {
    const all = new Map(list.map((x) => [x[key], x]));
    for (const x of more || []) all.set(x[key], x);
    return [...all.values()];
  };
  const gone = new Set(c.gone);
  const fresh = c.intervals_of !== s.intervals_of;
  return {
    seq: c.seq, at: c.at, trouble: c.trouble, run: c.run || s.run, intervals_of: c.intervals_of,
    drivers: put(s.drivers, c.drivers, 'node_id').filter((d) => !gone.has(d.node_id)).sort((a, b) => (a.node_id < b.node_id ? -1 : 1)),
    runs: put(s.runs, c.runs, 'test_id').sort((a, b) => (a.configured_at < b.configured_at ? 1 : -1)).slice(0, 20),
    intervals: put(fresh ? [] : s.intervals, c.intervals, 'at_ms').sort((a, b) => a.at_ms - b.at_ms).slice(-300),
    events: s.events.concat(c.events || []).slice(-100),
  };
}

function show(s) {
  state = s;
  const alive = s.drivers.filter((d) => d.liveness === 'alive').length;
  $('status').textContent = s.trouble ? 'the broker cannot be read: ' + s.trouble : alive + (alive === 1 ? ' driver' : ' drivers') + ' alive';
  showRun(s.run);
  charts.show(s.intervals);
  fill($('drivers'), s.drivers, (d) => d.node_id, showDriver);
  fill($('events'), [...s.events].reverse(), (e) => e.at + e.text, showEvent);
  fill($('history'), s.runs, (r) => r.test_id, showPast);
}

async function connect() {
  clearTimeout(retry);
  try {
    await ask('GET', 'drivers?limit=1');
  } catch (e) {
    $('status').textContent = e.message;
    retry = setTimeout(connect, token || $('login').hidden ? 2000 : 60000);
    return;
  }
  $('login').hidden = true;
  const bytes = String.fromCharCode(...new TextEncoder().encode(token));
  const mark = btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  const since = state ? '?since=' + stream + '.' + state.seq : '';
  if (socket) socket.onclose = null;
  socket = new WebSocket(location.origin.replace(/^http/, 'ws') + '/api/v1/live' + since, token ? ['landfall', 'token.' + mark] : ['landfall']);
  socket.onopen = () => state && show(state);
  socket.onmessage = (m) => {
    const said = JSON.parse(m.data);
    if (said.stream) stream = said.stream;
    show(said.change ? merge(state, said.change) : said.state);
  };
  socket.onclose = () => {
    $('status').textContent = 'cut off; connecting again …';
    retry = setTimeout(connect, 1000);
  };
}

$('login').querySelector('form').addEventListener('submit', (e) => {
  e.preventDefault();
  token = new FormData(e.target).get('token').trim();
  sessionStorage.setItem('token', token);
  connect();
});

$('compose').addEventListener('submit', async (e) => {
  e.preventDefault();
  const f = Object.fromEntries(new FormData(e.target));
  const spec = { test_type: f.kind, target: f.target.trim(), connections: Number(f.connections) };
  if (f.kind === 'tsunami') spec.rate_rps = Number(f.rate);
  if (f.requests) spec.message_count = Number(f.requests);
  if (f.duration) spec.duration_us = Math.round(Number(f.duration) * 1e6);
  spec.thresholds = f.thresholds.split(',').map((x) => x.trim()).filter(Boolean).map((expr) => ({ expr }));
  const trigger = e.submitter || e.target.querySelector('button');
  trigger.disabled = true;
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16)).join('');
  await tell('POST', 'runs', { spec }, { 'Idempotency-Key': key });
  trigger.disabled = false;
});

for (const b of document.querySelectorAll('[data-order]')) {
  b.addEventListener('click', async () => {
    const id = state.run.test_id;
    if (b.dataset.order === 'stop' && !(await sure('Stop ' + id + '?'))) return;
    tell('POST', 'runs/' + encodeURIComponent(id) + '/' + b.dataset.order);
  });
}

$('adjust').addEventListener('submit', (e) => {
  e.preventDefault();
  tell('POST', 'runs/' + encodeURIComponent(state.run.test_id) + '/adjust', { rate_rps: Number(new FormData(e.target).get('rate')) });
});

connect();
