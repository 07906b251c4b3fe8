// Explains the course of the run: findings, the first request of each failure, the slowest requests, and figures by request. It
// is loaded every few seconds while the page is visible, and once more when the run has ended.
import { ask } from './api.js';
import * as charts from './charts.js';
import * as users from './users.js';
import { active, micro, moment, percent, plural, whole } from './words.js';

const $ = (id) => document.getElementById(id);
const every = 3000; // ms
const opened = new Set(); // failures whose details are shown, by key
let shown = ''; // the run and the state that is shown
let asked = 0;

function element(tag, text, kind) {
  const e = document.createElement(tag);
  e.textContent = text;
  if (kind) e.className = kind;
  return e;
}

function finding(f) {
  const li = document.createElement('li');
  li.append(element('strong', f.what, f.severity === 'info' ? '' : f.severity === 'warning' ? 'warn' : 'bad'), element('span', f.evidence), element('span', 'look at: ' + f.next, 'faint'));
  return li;
}

function exchange(e) {
  const li = document.createElement('li');
  const details = document.createElement('details');
  const key = [e.request, e.cause, e.why, e.driver, e.at_ms].join('\n');
  details.open = opened.has(key);
  details.addEventListener('toggle', () => (details.open ? opened.add(key) : opened.delete(key)));
  const where = [e.request, (e.sent || [''])[0].replace(/ HTTP\/[\d.]+$/, ''), e.driver, 'after ' + micro(e.latency_us)].filter(Boolean).join(' · ');
  details.append(element('summary', (e.cause === 'check' ? 'check ' : '') + e.why + ' · ' + where));
  for (const lines of [e.sent, e.head, e.body]) if (lines && lines.length) details.append(element('pre', lines.join('\n')));
  li.append(details);
  return li;
}

function slow(s) {
  return element('li', [micro(s.latency_us), s.request, 'status ' + s.status, s.driver, 'at ' + moment(s.at_ms)].filter(Boolean).join(' · '));
}

function put(id, items, make) {
  $(id).hidden = !items.length;
  $(id).querySelector('ul').replaceChildren(...items.map(make));
}

async function update(run) {
  const path = 'runs/' + encodeURIComponent(run.test_id) + '/';
  const d = await (await ask('GET', path + 'diagnosis')).json();
  put('findings', d.findings || [], finding);
  put('failures', d.exchanges || [], exchange);
  put('slowest', d.slowest || [], slow);
  users.show(d.named, d.scenarios);
  const causes = Object.entries(d.unexpected_by || {}).map(([cause, n]) => whole(n) + ' by ' + cause).join(', ');
  const errors = (d.failures || []).slice(0, 5).map((f) => (f.count ? whole(f.count) + ' × ' : '') + f.class + ': ' + f.why);
  $('causes').textContent = [causes && 'unexpected: ' + causes, ...errors].filter(Boolean).join(' · ');
  const page = await (await ask('GET', path + 'intervals?limit=500&offset=' + Math.max(0, run.intervals - 300))).json();
  charts.byRequest(run.test_id, page.intervals || []);
}

// show updates the panel, at most every few seconds.
export async function show(run) {
  $('why').hidden = !run || !run.started_at;
  if ($('why').hidden || !shown.startsWith(run.test_id + ' ')) $('by-name').hidden = true; // until the figures of this run are loaded
  if ($('why').hidden) return;
  const state = run.test_id + ' ' + (active(run) ? run.intervals : 'over ' + run.outcome);
  const fresh = !shown.startsWith(run.test_id + ' ');
  if (state === shown || document.hidden || (!fresh && active(run) && Date.now() - asked < every)) return;
  shown = state;
  asked = Date.now();
  $('why-of').textContent = run.failed ? plural(run.failed, 'request') + ' failed (' + percent(run.failed, run.requests) + ')' : 'no request failed';
  try {
    await update(run);
  } catch {
    shown = ''; // retried with the next state
  }
}
