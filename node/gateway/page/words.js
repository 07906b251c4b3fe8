// Formats figures and states with the words and symbols of the console.

const trimmed = (v, digits) => String(Number(v.toPrecision(digits)));

// whole formats a count with thousands separators.
export const whole = (n) => Math.round(n).toLocaleString('en');

export const plural = (n, what) => whole(n) + ' ' + what + (n === 1 ? '' : 's');

// short formats a number in at most five columns: 950, 1.25k, 48k, 3.1M.
export function short(v) {
  for (const [from, by, unit] of [[999.5e6, 1e9, 'G'], [999.5e3, 1e6, 'M'], [999.5, 1e3, 'k']]) {
    if (Math.abs(v) >= from) return trimmed(v / by, 3) + unit;
  }
  return Number.isInteger(v) || Math.abs(v) >= 99.5 ? v.toFixed(0) : trimmed(v, 3);
}

export const perSecond = (v) => short(v) + '/s';

// micro formats microseconds: 850µs, 3.8ms, 31ms, 1.25s.
export function micro(us) {
  if (us < 999.5) return Math.round(us) + 'µs';
  if (us < 999.5e3) return trimmed(us / 1e3, 3) + 'ms';
  return us < 999.5e6 ? trimmed(us / 1e6, 3) + 's' : Math.round(us / 1e6) + 's';
}

export function percent(part, all) {
  const p = all > 0 ? (100 * part) / all : 0;
  if (p > 0 && p < 0.01) return '<0.01%';
  if (p < 100 && p > 99.99) return '>99.99%';
  if (p < 100 && p >= 99.95) return p.toFixed(2) + '%'; // three digits would be 100
  return trimmed(p, p < 10 ? 2 : 3) + '%';
}

// clock formats milliseconds as 00:42, or 1:02:03.
export function clock(ms) {
  const s = Math.floor(Math.max(ms, 0) / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const rest = two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
  return s < 3600 ? two(Math.floor(s / 60)) + ':' + two(s % 60) : Math.floor(s / 3600) + ':' + rest;
}

// moment formats milliseconds since a run's start, with tenths of a second: 00:42.3.
export const moment = (ms) => clock(ms) + '.' + (Math.floor(Math.max(ms, 0) / 100) % 10);

const states = { running: ['●', 'good'], armed: ['◆', 'accent'], paused: ['‖', 'warn'], draining: ['▽', 'warn'], late: ['▲', 'warn'],
  lost: ['✖', 'bad'], killed: ['✖', 'warn'], left: ['○', 'faint'] };

// stateOf returns a driver's liveness or, if it is alive, the state it reports, as word, symbol and tone.
export function stateOf(driver) {
  const word = driver.liveness === 'alive' ? driver.state : driver.liveness;
  return [word, ...(states[word] || ['○', 'faint'])];
}

const outcomes = { passed: ['✓', 'good'], finished: ['●', 'accent'], running: ['●', 'accent'], failed: ['✖', 'bad'], aborted: ['✖', 'bad'],
  started: ['●', 'accent'], draining: ['●', 'accent'] };

// outcomeOf returns an outcome, or the phase of a run without one, as word, symbol and tone.
export const outcomeOf = (word) => [word === 'started' || word === 'draining' ? 'running' : word, ...(outcomes[word] || ['◆', 'warn'])];

const severities = { bad: ['✖', 'bad'], warning: ['▲', 'warn'], change: ['◆', 'accent'], good: ['●', 'good'] };

// eventOf returns the symbol and tone of an event, by its severity.
export const eventOf = (event) => severities[event.severity] || ['○', 'faint'];

export const active = (run) => !!run && (run.phase === 'started' || run.phase === 'draining');

// sentFor returns for how long a run has sent requests until a time, in milliseconds: as its report says or, before there is one, at most
// until its planned end, after which it waits for responses.
export const sentFor = (run, at) => run.duration_ms || Math.min(new Date(run.ended_at || at) - new Date(run.started_at), run.until_us ? run.until_us / 1000 : Infinity);

// phaseOf returns the phase of a run at a given time, as words and tone.
export function phaseOf(run, at) {
  if (run.phase === 'refused') return ['REFUSED', 'bad'];
  if (!run.started_at) return ['ARMING', 'warn'];
  const elapsed = new Date(run.ended_at || at) - new Date(run.started_at);
  if (elapsed < 0) return ['STARTS', 'warn'];
  const end = run.until_us ? run.until_us / 1000 : 0;
  const time = end ? clock(sentFor(run, at)) + '/' + clock(end) : clock(elapsed);
  if (run.phase === 'draining') return ['DRAINING ' + clock(elapsed), 'warn'];
  if (active(run) && !run.paused && elapsed < (run.warmup_us || 0) / 1000) return ['WARM-UP ' + clock(elapsed) + '/' + clock(run.warmup_us / 1000), 'warn'];
  if (active(run)) return run.paused ? ['PAUSED ' + time, 'warn'] : ['RUN ' + time, 'good'];
  if (run.outcome) return [outcomeOf(run.outcome)[1] + ' ' + run.outcome.toUpperCase() + ' ' + clock(sentFor(run, at)), outcomeOf(run.outcome)[2]];
  return ['ENDED ' + clock(sentFor(run, at)), 'faint'];
}
