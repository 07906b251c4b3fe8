// Two charts of a run, one point a second; what only some drivers have reported is no figure of the fleet: a gap.
import { micro, perSecond } from './words.js';

const $ = (id) => document.getElementById(id);
const color = (name) => () => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const seconds = (s) => (s >= 60 ? Math.floor(s / 60) + 'm' + (s % 60 ? (s % 60) + 's' : '') : s + 's');

function make(id, text, lines, marks) {
  const box = $(id);
  const axis = { stroke: color('faint'), grid: { stroke: color('line'), width: 1 }, ticks: { stroke: color('line'), width: 1 }, font: '12px system-ui, sans-serif' };
  const value = (_, v) => (v == null ? '–' : text(v));
  const plot = new uPlot({
    width: box.clientWidth || 300, height: 220,
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    axes: [{ ...axis, values: (_, at) => at.map(seconds) }, { ...axis, size: 64, values: (_, at) => at.map(text) }],
    series: [{ label: 'at', value: (_, v) => (v == null ? '–' : seconds(v)) },
      ...lines.map(([label, tone, more]) => ({ label, class: 'tone-' + tone, stroke: color(tone), width: 2, points: { show: true, size: 5, filter: lonely }, value, ...more }))],
    cursor: { points: { size: 6 } },
    hooks: { drawAxes: [(u) => drawMarks(u, marks())], setData: [latest], setCursor: [(u) => u.cursor.left < 0 && latest(u)] },
  }, [[], ...lines.map(() => [])], box);
  new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: 220 })).observe(box);
  return plot;
}

// lonely are the points that no line leads to: between two gaps.
function lonely(u, i) {
  const v = u.data[i];
  return [...v.keys()].filter((k) => v[k] != null && v[k - 1] == null && v[k + 1] == null);
}

// latest lets the legend say the newest figures while nobody points at others.
function latest(u) {
  const last = u.data.at(-1).findLastIndex((v) => v != null);
  if (last >= 0 && (u.cursor.left == null || u.cursor.left < 0)) u.setLegend({ idx: last }, false);
}

// drawMarks draws a line at each second in which something happened.
function drawMarks(u, marks) {
  const { ctx, bbox } = u;
  ctx.save();
  ctx.strokeStyle = color('warn')();
  ctx.setLineDash([3, 5]);
  for (const at of marks) {
    const x = Math.round(u.valToPos(at, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

// byRequest draws throughput and p99 of the most frequent requests of a run, of which it has intervals with their parts.
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
const now = () => marks;
const rate = make('rate', perSecond, [['asked', 'asked', { dash: [6, 4] }], ['sent', 'sent'], ['failed', 'p99']], now);
const latency = make('latency', micro, [['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99']], now);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => [rate, latency].forEach((u) => u.redraw(false)));

// show draws intervals, and marks at the seconds since the run's start in which something happened.
export function show(intervals, at) {
  marks = at;
  const x = intervals.map((i) => i.at_ms / 1000);
  const of = (value) => intervals.map((i) => (i.coverage < 1 ? null : value(i)));
  rate.setData([x, of((i) => i.asked || null), of((i) => i.partial ? null : i.requests), of((i) => i.failed)]);
  latency.setData([x, ...['p50_us', 'p95_us', 'p99_us'].map((k) => of((i) => i[k] || null))]);
}
