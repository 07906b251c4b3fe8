// Receives the state from the gateway: over a WebSocket or, if a proxy blocks it, as Server-Sent Events. After a disconnection
// the gateway sends the missed changes.
import { ask, bearer } from './api.js';

let state = null;
let stream = '';
let opened = false; // whether a WebSocket ever was
let retry;

// merge applies a change to a state: its entries replace those with the same key.
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
    events: (c.events_anew ? [] : s.events).concat(c.events || []).slice(-100),
  };
}

function subprotocols() {
  const bytes = String.fromCharCode(...new TextEncoder().encode(bearer()));
  const mark = btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  return mark ? ['landfall', 'token.' + mark] : ['landfall'];
}

const since = () => (state ? '?since=' + stream + '.' + state.seq : '');

function socket(heard) {
  return new Promise((over) => {
    const s = new WebSocket(location.origin.replace(/^http/, 'ws') + '/api/v1/live' + since(), subprotocols());
    s.onopen = () => { opened = true; };
    s.onmessage = (m) => heard(m.data);
    s.onclose = over;
  });
}

async function events(heard) {
  const answer = await ask('GET', 'live/events' + since());
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (text + value).split('\n\n');
    text = parts.pop();
    for (const part of parts) {
      const data = part.split('\n').find((line) => line.startsWith('data: '));
      if (data) heard(data.slice(6));
    }
  }
}

// follow calls show with every newer state, forever. It calls tell with the reason why there is none, and whether a token is missing.
export async function follow(show, tell) {
  clearTimeout(retry);
  const heard = (text) => {
    const said = JSON.parse(text);
    if (said.stream) stream = said.stream;
    state = said.change ? merge(state, said.change) : said.state;
    show(state);
  };
  let wait = 1000;
  try {
    const answer = await ask('GET', 'drivers?limit=1');
    tell('', false, answer.headers.get('Landfall-Role') || '');
    if (state) show(state);
    await socket(heard);
    if (!opened) await events(heard);
    tell('disconnected; reconnecting …', false);
  } catch (e) {
    const locked = e.status === 401;
    tell(e.status ? e.message : 'disconnected; reconnecting …', locked);
    if (locked) return;
    wait = 2000;
  }
  retry = setTimeout(() => follow(show, tell), wait);
}
