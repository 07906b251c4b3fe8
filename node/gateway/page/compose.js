// Converts the form to a request of the API.

// number parses 950, 1,200, 50k and 1.5M; other text is passed on, for the gateway to refuse.
export function number(text) {
  const m = /^([\d.,]+)([kM]?)(\/s)?$/.exec(text.trim());
  return m ? Number(m[1].replace(/,/g, '')) * { '': 1, k: 1e3, M: 1e6 }[m[2]] : text.trim();
}

// micros parses 30s, 250ms, 1h30m, or a number of seconds.
export function micros(text) {
  const units = { us: 1, µs: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 };
  const parts = text.trim().match(/^\d+(\.\d+)?$/) ? [[0, text, 's']] : [...text.trim().matchAll(/(\d+(?:\.\d+)?)(us|µs|ms|s|m|h)/g)];
  if (!parts.length || parts.map((p) => p[0]).join('') !== text.trim() && parts[0][0]) return text.trim();
  return Math.round(parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit], 0));
}

const words = (text) => text.split(/[\s,]+/).filter(Boolean);
const numbers = (text) => words(text).map(Number);

function headers(text) {
  const lines = text.split('\n').filter((line) => line.trim());
  return Object.fromEntries(lines.map((line) => line.split(/:(.*)/s)).map(([name, value]) => [name.trim(), (value || '').trim()]));
}

const stages = (text) => text.split(',').map((part) => part.trim().split(/\s+/)).map(([time, rate]) => ({ duration_us: micros(time), to_rps: number(rate || '') }));
const thresholds = (text) => words(text).map((word) => ({ expr: word.replace(/^!/, ''), ...(word.startsWith('!') && { abort: true }) }));

const fields = {
  target: ['target', (t) => t.trim()], connections: ['connections', number], duration: ['duration_us', micros], requests: ['message_count', number],
  each: ['message_count_per_driver', number], method: ['method', (t) => t.trim()], headers: ['headers', headers], body: ['body', (t) => t],
  timeout: ['timeout_us', micros], thresholds: ['thresholds', thresholds], expect: ['expect', (t) => ({ statuses: numbers(t) })],
  no_keepalive: ['no_keepalive', () => true], http2: ['http2', () => true], insecure: ['tls', () => ({ insecure: true })],
};
const ofKind = {
  tsunami: { rate: ['rate_rps', number], delay: ['test_message_delay_us', micros], stages: ['stages', stages], poisson: ['arrivals', () => 'poisson'] },
  avalanche: { burst: ['burst', () => true] },
};

function chosen(text) {
  const waited = { wait_for_us: 30e6 };
  if (!text.trim() || text.trim() === 'all') return {};
  if (/^\d+$/.test(text.trim())) return { count: Number(text), ...waited };
  const parts = text.split(',').map((part) => part.trim()).filter(Boolean);
  const labels = parts.filter((part) => part.includes('=')).map((part) => part.split(/=(.*)/s).slice(0, 2));
  const drivers = parts.filter((part) => !part.includes('='));
  return { ...waited, ...(drivers.length && { drivers }), ...(labels.length && { labels: Object.fromEntries(labels) }) };
}

// order returns the request for the run that a form describes; empty fields are omitted.
export function order(form) {
  const f = Object.fromEntries(new FormData(form));
  const spec = { test_type: f.kind };
  for (const [name, [to, as]] of Object.entries({ ...fields, ...ofKind[f.kind] })) {
    if (f[name]) spec[to] = as(f[name]);
  }
  if (spec.test_message_delay_us || spec.stages) delete spec.rate_rps; // these replace the rate
  return { spec, ...chosen(f.drivers) };
}

// blame marks the fields with errors, and moves the focus to the first of them.
export function blame(form, errors) {
  for (const field of form.querySelectorAll('[data-field]')) {
    const wrong = errors.some(({ location = '' }) => ('body.spec.' + field.dataset.field === location.replace(/\[.*/, '')) || 'body.' + field.dataset.field === location);
    field.toggleAttribute('aria-invalid', wrong);
    if (wrong) field.setAttribute('aria-invalid', 'true');
  }
  const first = form.querySelector('[aria-invalid]');
  if (!first) return;
  const more = first.closest('details');
  if (more) more.open = true;
  first.focus();
}
