// Tables of a run's users: figures by step, scenario, group and check, and why iterations failed.
import { micro, short, whole } from './words.js';

const $ = (id) => document.getElementById(id);

function cell(kind, text, tone) {
  const e = document.createElement(kind);
  e.textContent = text;
  if (tone) e.className = tone;
  return e;
}

const time = (us) => (us > 0 ? micro(us) : '–');
const times = (l) => [time(l.p50), time(l.p95), time(l.p99)];
const bad = (n) => ({ text: whole(n), tone: n > 0 ? 'bad' : '' });

// table returns a heading and a table. The first columns are text (texts is their number), the others are numbers.
function table(title, columns, texts, rows) {
  if (!rows.length) return [];
  const head = document.createElement('tr');
  head.append(...columns.map((name, i) => cell('th', name, i < texts ? '' : 'n')));
  const lines = rows.map((row) => {
    const tr = document.createElement('tr');
    tr.append(...row.map((v, i) => cell('td', v.text ?? v, ((i < texts ? '' : 'n ') + (v.tone || '')).trim())));
    return tr;
  });
  const t = document.createElement('table');
  t.append(head, ...lines);
  const wide = document.createElement('div');
  wide.className = 'scroll';
  wide.tabIndex = 0;
  wide.setAttribute('aria-label', title);
  wide.append(t);
  return [cell('h3', title), wide];
}

// show fills the section with the figures of a run: by request or step, and those of its users, if it has scenarios.
export function show(named, users) {
  const steps = named || [];
  $('by-name').hidden = !users && steps.length < 2;
  if ($('by-name').hidden) return;
  $('h-by-name').textContent = users ? 'Users' : 'Requests';
  const parts = table(users ? 'Steps' : 'By name', [users ? 'step' : 'request', 'requests', 'failed', 'p50', 'p95', 'p99'], 1,
    steps.map((n) => [n.name, whole(n.requests), bad(n.errors + n.unexpected), ...times(n.latency_us)]));
  if (users) {
    const one = (name, s, requests) => [name, whole(s.max_users), s.started === undefined ? '' : whole(s.started), whole(s.iterations), short(s.per_second), bad(s.failed), whole(s.interrupted),
      s.dropped === undefined ? '' : bad(s.dropped), requests, ...times(s.iteration_us)];
    parts.unshift(...table('Iterations', ['scenario', 'most users', 'started', 'iterations', 'per second', 'failed', 'interrupted', 'dropped', 'requests', 'p50', 'p95', 'p99'], 1,
      [one('all', users, ''), ...(users.each || []).map((s) => one(s.name, s, whole(s.requests)))]));
    parts.push(
      ...table('Groups', ['group', 'passes', 'failed', 'p50', 'p95', 'p99'], 1, users.groups.map((g) => [g.name, whole(g.passes), bad(g.failed), ...times(g.time_us)])),
      ...table('Checks', ['check', 'step', 'passed', 'failed'], 2, users.checks.map((c) => [c.check, c.step, whole(c.passed || 0), bad(c.failed || 0)])),
      ...table('Why iterations failed', ['reason', 'step', 'iterations'], 2, users.failures.map((f) => [f.reason, f.step, bad(f.count)])));
  }
  $('tables').replaceChildren(...parts);
}
