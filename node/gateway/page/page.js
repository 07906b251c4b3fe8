// Shows the newest state that the gateway sent, and sends commands. Text from the fleet is only ever set as text, not as HTML.
import { Refused, ask, keepToken } from './api.js';
import * as charts from './charts.js';
import { blame, number, order } from './compose.js';
import { report, save, sure } from './dialogs.js';
import { follow } from './live.js';
import * as why from './why.js';
import { active, eventOf, micro, outcomeOf, percent, perSecond, phaseOf, plural, sentFor, short, stateOf, whole } from './words.js';

const $ = (id) => document.getElementById(id);
let state = null;
let older = []; // runs before those of the state, as far as they were loaded

function say(text) {
  $('problem').textContent = text;
  $('notice').hidden = !text;
}

// doing executes a command. Meanwhile its button is disabled; errors are shown.
async function doing(button, act) {
  say('');
  if (button) button.disabled = true;
  try {
    await act();
  } catch (e) {
    say(e instanceof Refused ? e.message : 'not done: ' + e.message);
    if (e.errors) blame($('compose'), e.errors);
  } finally {
    if (button) button.disabled = false;
  }
}

const post = (path, body, more) => ask('POST', path, body, more);
const runPath = (verb) => 'runs/' + encodeURIComponent(state.run.test_id) + '/' + verb;

function element(tag, text, kind) {
  const e = document.createElement(tag);
  e.textContent = text;
  if (kind) e.className = kind;
  return e;
}

function button(text, act, kind) {
  const b = element('button', text, kind);
  b.addEventListener('click', () => act(b));
  return b;
}

// look sets an element's text, with a symbol and a tone.
function look(e, [word, shape, tone]) {
  e.textContent = shape + ' ' + word;
  e.className = 'state ' + tone;
}

// fill updates the items of a list. Unchanged items keep their elements, so that the keyboard focus is not lost.
function fill(list, items, none, key, make) {
  const old = new Map([...list.children].map((li) => [li.dataset.key, li]));
  const fresh = items.map((item) => {
    const text = JSON.stringify(item);
    const li = old.get(key(item)) || document.createElement('li');
    li.dataset.key = key(item);
    if (li.text !== text) {
      li.text = text;
      make(li, item);
    }
    return li;
  });
  if (!fresh.length) fresh.push(element('li', none, 'empty'));
  if (fresh.length !== list.children.length || fresh.some((li, i) => list.children[i] !== li)) list.replaceChildren(...fresh);
}

function showDriver(li, d) {
  if (!li.firstChild) {
    const path = 'drivers/' + encodeURIComponent(d.node_id) + '/';
    const end = (verb, title, meaning) => async (b) => {
      if (await sure(title + ' ' + d.node_id + '?', meaning + ' Its share of a run goes to the others.', title)) doing(b, () => post(path + verb));
    };
    li.append(element('span', d.node_id, 'name'), element('span', ''), element('span', '', 'does'),
      button('Drain', end('drain', 'Drain', 'It finishes what is in flight, reports, and exits.'), 'steers'),
      button('Kill', end('kill', 'Kill', 'Its process stops at once.'), 'danger steers'));
  }
  const [, looks, does] = li.children;
  look(looks, stateOf(d));
  const silent = ['left', 'lost', 'killed'].includes(d.liveness);
  const working = d.state === 'running' && !silent;
  does.textContent = [d.host, working && perSecond(d.rate_rps), working && d.p99_us && 'p99 ' + micro(d.p99_us), !silent && 'CPU ' + Math.round(100 * d.cpu) + '%',
    d.failed > 0 && whole(d.failed) + ' failed', Object.entries(d.labels || {}).map((l) => l.join('=')).join(' '), d.note].filter(Boolean).join(' · ');
  for (const b of li.querySelectorAll('button')) b.hidden = silent;
}

function showEvent(li, e) {
  const [shape, tone] = eventOf(e);
  const text = e.shown ? e.text.replace(e.test_id, 'the run') : e.text; // the shown run needs no name
  li.replaceChildren(element('time', new Date(e.at).toLocaleTimeString('en-GB'), 'faint'), element('span', shape, tone), element('span', text, 'name'));
}

function showPast(li, r) {
  if (!li.firstChild) {
    li.append(element('span', '', 'name'), element('span', ''), element('span', '', 'does'), button('Report', (b) => doing(b, () => report(r.test_id))));
  }
  li.children[0].textContent = r.name ? r.name + ' · ' + r.test_id : r.test_id;
  look(li.children[1], outcomeOf(r.outcome || r.phase));
  li.children[2].textContent = [r.target, whole(r.requests) + ' requests', r.failed > 0 && whole(r.failed) + ' failed', r.latency_us.p99 > 0 && 'p99 ' + micro(r.latency_us.p99),
    new Date(r.configured_at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })].filter(Boolean).join(' · ');
}

// rateText formats the rate beside the one that was asked for: of the newest complete second or, once the run is over, of the whole run.
function rateText(r) {
  const [rate, asked] = active(r) ? [r.rate_rps, r.asked_rps] : [r.mean_rps, r.mean_asked_rps];
  if (!active(r) && !r.mean_rps) return '–';
  return perSecond(rate) + (asked ? ' of ' + short(asked) : '');
}

// behind tells whether much less is sent than asked for.
const behind = (r) => (active(r) ? !r.paused && r.coverage >= 1 && r.rate_rps < 0.95 * (r.asked_rps || 0) : r.mean_rps < 0.95 * (r.mean_asked_rps || 0));

function showFigures(r) {
  const l = r.latency_us;
  $('statuses').textContent = Object.entries({ ...r.statuses, ...r.errors_by_class }).map(([name, n]) => name + ' × ' + whole(n)).join(', ');
  $('statuses').title = $('statuses').textContent;
  const figures = [
    ['rate', rateText(r), behind(r) && 'warn'],
    ['requests', whole(r.requests)],
    ...(r.users !== undefined || r.iterations !== undefined ? [['users', whole(r.users || 0)], ['iterations', whole(r.iterations || 0)], ['iterations failed', percent(r.iterations_failed || 0, r.iterations || 0), r.iterations_failed > 0 && 'bad']] : []),
    active(r) && ['failed now', r.rate_rps > 0 ? percent(r.failed_rps || 0, r.rate_rps) : '–', r.failed_rps > 0 && 'bad'],
    ['failed', percent(r.failed, r.requests), r.failed > 0 && 'bad'], ['errors', percent(r.errors, r.requests), r.errors > 0 && 'bad'],
    ['p50', micro(l.p50)], ['p95', micro(l.p95)], ['p99', micro(l.p99)],
    ['dropped', whole(r.dropped), r.dropped > 0 && 'warn'], ['unexpected', whole(r.unexpected), r.unexpected > 0 && 'bad'],
    r.kind === 'tsunami' && ['schedule lag p99', micro(r.lag_p99_us)], // a closed loop has no schedule
    ...(r.thresholds || []).map((t) => [t.expr, t.judged ? (t.passed ? '✓ ' : '✖ ') + t.text : t.text, t.judged && (t.passed ? 'good' : 'bad')]),
    active(r) && ['coverage', percent(r.coverage, 1), r.coverage < 1 && 'warn'],
  ].filter(Boolean);
  const list = $('figures');
  if (list.children.length !== figures.length) list.replaceChildren(...figures.map(() => { const d = document.createElement('div'); d.append(element('dt', ''), element('dd', '')); return d; }));
  figures.forEach(([name, value, tone], i) => {
    const [dt, dd] = list.children[i].children;
    dt.textContent = name;
    dd.textContent = value;
    dd.className = tone || '';
    list.children[i].classList.toggle('long', i === 0 || value.length > 12);
  });
}

function showRun(r) {
  const started = !!r && !!r.started_at;
  $('steer').hidden = !active(r);
  $('charts').hidden = $('figures').hidden = !started;
  $('limited').hidden = !r || !r.limited;
  if (!r) return;
  const [words, tone] = phaseOf(r, state.at);
  $('run').replaceChildren(element('strong', r.name || r.test_id), ' ', element('span', words, tone), ' ',
    element('span', [r.kind[0].toUpperCase() + r.kind.slice(1), 'on', r.target, '· started by', r.by].join(' '), 'faint'), ' ',
    element('span', active(r) && !r.at_helm ? 'helm: ' + (r.helm_by || 'another orchestrator') : '', 'warn'));
  $('limited').textContent = '▲ the drivers are the limit: ' + (r.limited || []).map((why) => why.replace(/^its /, 'their ')).join('; ');
  showFigures(r);
  const off = { pause: r.paused || !r.at_helm, resume: !r.paused || !r.at_helm, adopt: r.at_helm, stop: r.phase === 'draining' };
  for (const b of document.querySelectorAll('[data-order]')) b.hidden = !!off[b.dataset.order];
  $('adjust').hidden = r.kind !== 'tsunami' || !r.at_helm || r.paused || r.phase === 'draining';
}

// plannedEnd returns when an active run ends by itself, in seconds since its start; 0: never, or after more than 15 minutes.
const plannedEnd = (r) => (active(r) && r.until_us > 0 && r.until_us <= 900e6 ? r.until_us / 1e6 : 0);

// marks returns the events of a run that the charts mark, with their seconds, labelled as in the console.
const signs = { adjusted: '◆ plan changed', paused: '‖ paused', resumed: '▶ resumed', stopped: '■ stopped' }; // explained below the charts
const labels = { lost: '✖', killed: '✖', threshold: '✖threshold', target_down: '✖target fails', target_up: 'answers again', adjusted: '◆', paused: '‖', resumed: '▶', stopped: '■', adopted: 'helm' };
function marks(s) {
  if (!s.run || !s.run.started_at) return [];
  const groups = {}; // drivers that are lost or killed within 3 s share a label if they are at least 3
  const list = s.events.filter((e) => e.test_id === s.run.test_id && e.kind in labels).map((e) => {
    const at = (new Date(e.at) - new Date(s.run.started_at)) / 1000, label = labels[e.kind];
    if (label !== '✖') return { at, text: label, bad: label.startsWith('✖') };
    let group = groups[e.kind];
    if (!group || at - group.at >= 3) group = groups[e.kind] = { at, drivers: 0 };
    return { at, text: label + e.node_id, bad: true, group, first: group.drivers++ === 0 };
  });
  for (const m of list) if (m.group && m.group.drivers >= 3) m.text = m.first ? `✖${m.group.drivers} drivers` : '';
  return list;
}

// wholeOf returns the figures of a finished run for the legends of its charts; null: it is not over.
function wholeOf(r) {
  if (!r || active(r) || !r.mean_rps) return null;
  const share = (n) => (r.requests ? (r.mean_rps * n) / r.requests : 0), l = r.latency_us;
  return { answered: share(r.responses), failed: share(r.failed), asked: r.mean_asked_rps || null, sent: r.mean_rps, p50: l.p50 || null, p95: l.p95 || null, p99: l.p99 || null };
}

function showStatus(s) {
  const count = (word) => s.drivers.filter((d) => d.liveness === word).length;
  const alive = count('alive');
  $('live').textContent = s.trouble ? '✖ DISCONNECTED' : '● LIVE';
  $('live').className = s.trouble ? 'bad' : 'good';
  $('trouble').hidden = !s.trouble;
  $('trouble').textContent = '✖ Kafka is unreachable; drivers keep running: ' + (s.trouble || '');
  $('status').textContent = [alive ? plural(alive, 'driver') + ' alive' : 'no driver is alive', count('late') && '▲ ' + count('late') + ' late', count('lost') && '✖ ' + count('lost') + ' lost'].filter(Boolean).join('  ');
}

function showHistory() {
  const all = new Map([...state.runs, ...older].map((r) => [r.test_id, r]));
  for (const r of state.runs) all.set(r.test_id, r);
  fill($('history'), [...all.values()], 'no run yet', (r) => r.test_id, showPast);
  $('older').hidden = state.runs.length < 20 || older.complete;
}

function show(s) {
  state = s;
  showStatus(s);
  showRun(s.run);
  const end = s.run && s.run.until_us ? s.run.until_us / 1000 : Infinity; // responses after the end are not a second of load
  charts.show(s.intervals.filter((i) => i.at_ms < end), marks(s), plannedEnd(s.run), s.run && s.run.warmup_us ? s.run.warmup_us / 1e6 : 0, wholeOf(s.run));
  $('signs').textContent = Object.keys(signs).filter((kind) => s.events.some((e) => s.run && e.test_id === s.run.test_id && e.kind === kind)).map((kind) => signs[kind]).join('  ');
  why.show(s.run);
  fill($('drivers'), s.drivers, 'none yet: landfall driver starts one', (d) => d.node_id, showDriver);
  const shown = (e) => !!s.run && e.test_id === s.run.test_id;
  fill($('events'), s.events.map((e) => ({ ...e, shown: shown(e) })).reverse(), 'none yet', (e) => e.at + e.kind + e.text, showEvent);
  showHistory();
}

// tell shows the state of the connection to the gateway.
function tell(text, locked, role) {
  $('login').hidden = !locked;
  if (role !== undefined) document.body.dataset.role = role;
  if (!text) return;
  $('live').textContent = (locked ? '○ ' : '✖ ') + text;
  $('live').className = locked ? 'faint' : 'bad';
}

$('login').querySelector('form').addEventListener('submit', (e) => {
  e.preventDefault();
  keepToken(new FormData(e.target).get('token').trim());
  follow(show, tell);
});

const form = $('compose');
const kind = () => { form.dataset.kind = new FormData(form).get('kind'); };
form.addEventListener('change', kind);
kind();
form.addEventListener('submit', (e) => {
  e.preventDefault();
  blame(form, []);
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16)).join('');
  doing(form.querySelector('button.main'), () => post('runs', order(form), { 'Idempotency-Key': key }));
});

const questions = {
  stop: () => ['Stop the run?', state.run.test_id + ': drivers send no new requests, finish those in flight and report.', 'Stop it'],
  adopt: () => ['Take the helm?', state.run.test_id + ': the helm is now with ' + (state.run.helm_by || 'another orchestrator') + '. This service then watches over the run; the other one steps down.', 'Take it'],
};
for (const b of document.querySelectorAll('[data-order]')) {
  b.addEventListener('click', async () => {
    const verb = b.dataset.order;
    const path = runPath(verb);
    if (!questions[verb] || (await sure(...questions[verb]()))) doing(b, () => post(path));
  });
}

$('adjust').addEventListener('submit', (e) => {
  e.preventDefault();
  doing(e.target.querySelector('button'), () => post(runPath('adjust'), { rate_rps: number(new FormData(e.target).get('rate')) }));
});

$('older').addEventListener('click', (e) => doing(e.target, async () => {
  const page = await (await ask('GET', 'runs?limit=100&offset=' + (20 + older.length))).json();
  older = older.concat(page.runs);
  older.complete = 20 + older.length >= page.total;
  showHistory();
}));

for (const b of document.querySelectorAll('[data-format]')) b.addEventListener('click', () => doing(b, () => save(b.dataset.format)));
$('dismiss').addEventListener('click', () => say(''));
follow(show, tell);
