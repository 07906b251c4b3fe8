// The charts of a run, with one point per second, from its start to its planned end. A second that only some drivers have reported
// is a lower bound of the fleet's figure, and is drawn dotted, without an area.
import { clock, micro, perSecond, short } from './words.js';

const $ = (id) => document.getElementById(id);
const color = (name) => () => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const seconds = (s) => clock(s * 1000);
const rows = 2, row = 15; // of labels above a chart, and their height in pixels

// make draws a chart; all returns the figures of the whole run for its legend, by the names of its lines, or null.
function make(id, text, lines, marks, planned = () => 0, all = () => null) {
  const box = $(id);
  const axis = { stroke: color('faint'), grid: { stroke: color('line'), width: 1 }, ticks: { stroke: color('line'), width: 1 }, font: '12px system-ui, sans-serif' };
  const value = (u, v, i, at) => { const shown = at == null && all() ? all()[lines[i - 1][0]] : v; return shown == null ? '–' : text(shown); };
  const plot = new uPlot({
    width: box.clientWidth || 300, height: 220 + rows * row, padding: [rows * row + 4, null, null, null],
    scales: { x: { time: false, range: (u, low, high) => (zoomed(u, low, high) ? [low, high] : [0, Math.max(planned(), high || 0, 10)]) }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [{ ...axis, values: (_, at) => at.map(seconds) }, { ...axis, size: 64, values: (_, at) => at.map(text) }],
    series: [{ label: 'time', value: (_, v) => (v != null ? seconds(v) : all() ? 'whole run' : '–') },
      ...lines.map(([label, tone, more]) => ({ label, class: 'tone-' + tone, stroke: color(tone), width: 2, points: { show: true, size: 5, filter: lonely }, value, ...more }))],
    cursor: { points: { size: 6 } },
    hooks: { drawAxes: [shadeWarmup], draw: [(u) => drawMarks(u, marks())], setData: [(u) => latest(u, all())], setCursor: [(u) => u.cursor.left < 0 && latest(u, all())] },
  }, [[], ...lines.map(() => [])], box);
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 220 + rows * row })).observe(box);
  return plot;
}

// zoomed tells whether a part of the time axis was selected with the mouse.
const zoomed = (u, low, high) => low != null && (low > u.data[0][0] || high < u.data[0].at(-1));

// lonely returns the points between two gaps, which no line connects.
function lonely(u, i) {
  const v = u.data[i];
  return [...v.keys()].filter((k) => v[k] != null && v[k - 1] == null && v[k + 1] == null);
}

// latest shows the figures of the newest complete second in the legend or, once the run is over, of the whole run, unless the cursor is on
// others.
function latest(u, all) {
  if (u.cursor.left != null && u.cursor.left >= 0) return;
  const idx = all ? null : u.data[0].findLastIndex((at) => at <= newest);
  u.setLegend({ idx: idx === -1 ? null : idx }, false);
}

// shadeWarmup shades the warm-up, which latencies and thresholds leave out.
function shadeWarmup(u) {
  const { ctx, bbox } = u;
  const at = (s) => Math.min(Math.max(u.valToPos(s, 'x', true), bbox.left), bbox.left + bbox.width);
  if (!warmup || at(warmup) <= at(0)) return;
  ctx.save();
  ctx.fillStyle = color('line')();
  ctx.globalAlpha = 0.45;
  ctx.fillRect(at(0), bbox.top, at(warmup) - at(0), bbox.height);
  ctx.restore();
}

// drawMarks draws a line at each second with an event, and what it is above the chart as far as there is room: faults first.
function drawMarks(u, marks) {
  const { ctx, bbox } = u;
  const right = bbox.left + bbox.width, high = row * uPlot.pxRatio, gap = 3 * uPlot.pxRatio;
  const taken = Array.from({ length: rows }, () => []); // from and to where the labels of each row are
  ctx.save();
  ctx.lineWidth = uPlot.pxRatio;
  ctx.font = 11 * uPlot.pxRatio + 'px system-ui, sans-serif';
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  for (const { at, text, bad } of [...marks.filter((m) => m.bad), ...marks.filter((m) => !m.bad)]) {
    const x = Math.round(u.valToPos(at, 'x', true));
    if (x < bbox.left || x > right) continue;
    ctx.strokeStyle = color(bad ? 'bad' : 'faint')();
    ctx.setLineDash([3, 5]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (!text) continue;
    const wide = ctx.measureText(text).width + gap, from = Math.min(x, right - wide);
    const y = taken.findIndex((labels) => labels.every(([a, b]) => from >= b || from + wide <= a));
    if (y < 0) continue;
    ctx.fillStyle = color(bad ? 'bad' : 'faint')();
    ctx.fillText(text, from, bbox.top - (y + 1) * high);
    taken[y].push([from, from + wide + gap]);
  }
  ctx.restore();
}

// byRequest draws throughput and p99 of the most frequent requests of a run, from intervals with parts.
const tones = ['sent', 'p99', 'p95', 'asked', 'p50', 'faint'];
let requests = null; // { run, names, rate, latency }
export function byRequest(run, intervals) {
  const counts = new Map();
  for (const i of intervals) for (const p of i.parts || []) if (p.label.startsWith('request=')) counts.set(p.label, (counts.get(p.label) || 0) + p.requests);
  const names = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a)).slice(0, tones.length).sort();
  $('by-request').hidden = names.length < 2;
  if (names.length < 2) return;
  const key = JSON.stringify([run, names]);
  if (!requests || requests.key !== key) {
    for (const id of ['rate-by', 'latency-by']) $(id).replaceChildren();
    const lines = names.map((label, i) => [label.slice('request='.length), tones[i]]);
    requests = { key, rate: make('rate-by', perSecond, lines, now), latency: make('latency-by', micro, lines, now) };
  }
  const x = intervals.map((i) => i.at_ms / 1000);
  const of = (label, value) => intervals.map((i) => {
    const part = (i.parts || []).find((p) => p.label === label);
    return i.coverage < 1 || i.rate_rps == null || !part ? null : value(part);
  });
  requests.rate.setData([x, ...names.map((n) => of(n, (p) => p.requests))]);
  requests.latency.setData([x, ...names.map((n) => of(n, (p) => p.p99_us || null))]);
}

let marks = [];
let warmup = 0; // its length, in seconds
let whole = null; // figures of the whole run for the legends, by the names of lines; null: it is not over
let newest = 0; // the newest complete second
let until = 0; // planned end, in seconds since the run's start; 0: none, or not soon
const now = () => marks;
const end = () => until;
const all = () => whole;
const faded = (name, share) => () => color(name)() + Math.round(255 * share).toString(16).padStart(2, '0');
const dotted = (tone) => ['at least', tone, { dash: [2, 4], class: 'bound-' + tone }];
const rate = make('rate', perSecond, [['answered', 'answered', { fill: faded('answered', 0.3) }], ['failed', 'bad', { fill: faded('bad', 0.5) }], ['asked', 'asked', { dash: [6, 4] }], ['sent', 'sent'], dotted('sent')], now, end, all);
const latency = make('latency', micro, [['p50', 'p50'], ['p95', 'p95', { fill: faded('p95', 0.1) }], ['p99', 'p99', { fill: faded('p99', 0.12) }], dotted('p99')], now, end, all);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => [rate, latency].forEach((u) => u.redraw(false)));

let people = null; // the chart of users, created when a run has any

// ofUsers draws the number of users and of iterations that end in each second, if the run has scenarios.
function ofUsers(x, intervals, of) {
  const any = intervals.some((i) => i.users || i.iterations);
  $('of-users').hidden = !any;
  if (!any) return;
  people = people || make('users-by', short, [['users', 'sent'], ['iterations per second', 'p50']], now, end);
  people.setData([x, of((i) => i.users || 0), of((i) => (i.partial ? null : i.iterations || 0))]);
}

// partly returns the values of seconds that only some drivers have reported, and of the complete ones next to them, so that the lines join.
function partly(intervals, value) {
  const part = (i) => i && i.coverage > 0 && i.coverage < 1;
  return intervals.map((i, k) => (part(i) || part(intervals[k - 1]) || part(intervals[k + 1]) ? value(i) : null));
}

// show draws intervals up to the planned end of the run, in seconds since its start (0: none, or not soon), shades its warm-up, and
// marks events: { at (seconds), text, bad }. figures has the figures of the whole run, by the names of the lines; null: it is not over.
export function show(intervals, at, planned, warm, figures) {
  marks = at;
  warmup = warm;
  until = planned;
  whole = figures;
  const x = intervals.map((i) => i.at_ms / 1000);
  newest = x[intervals.findLastIndex((i) => !i.partial && i.coverage >= 1)] ?? x.at(-1) ?? 0;
  for (const u of [rate, latency]) u.root.classList.toggle('complete', !intervals.some((i) => i.coverage > 0 && i.coverage < 1));
  const of = (value) => intervals.map((i) => (i.coverage < 1 ? null : value(i)));
  const load = (value) => of((i) => (i.partial ? null : value(i)));
  const any = intervals.some((i) => i.failed > 0);
  rate.setData([x, load((i) => i.responses), load((i) => (any ? i.failed : null)), intervals.map((i) => i.asked || null), load((i) => i.requests), partly(intervals, (i) => (i.partial ? null : i.requests))]);
  ofUsers(x, intervals, of);
  latency.setData([x, ...['p50_us', 'p95_us', 'p99_us'].map((k) => of((i) => i[k] || null)), partly(intervals, (i) => i.p99_us || null)]);
}
