// The confirmation dialog, and the report of a run. Escape closes both.
import { ask } from './api.js';

const $ = (id) => document.getElementById(id);

let answer = null; // resolves the open question

// sure asks for confirmation, with an explanation; the answer is no unless the button yes is chosen.
export function sure(question, meaning, yes) {
  if (answer) answer(false);
  $('question').textContent = question;
  $('meaning').textContent = meaning;
  const d = $('confirm');
  d.querySelector('[value=yes]').textContent = yes;
  d.returnValue = 'no';
  if (!d.open) d.showModal();
  return new Promise((done) => { answer = done; });
}

$('confirm').addEventListener('close', () => {
  if ($('confirm').open || !answer) return; // the event is late: the next question may already be open
  answer($('confirm').returnValue === 'yes');
  answer = null;
});

const reportOf = (id, format) => ask('GET', 'runs/' + encodeURIComponent(id) + '/report?format=' + format);
let shown = '';

// coloured returns the elements of a line of a report: signs, outcomes and bars in colour; a long line, which is no row of a table, is wrapped.
const tones = { '✓': 'good', '✖': 'bad', '▲': 'warn', '●': 'accent', '◆': 'warn', '█': 'answered' };
function coloured(line) {
  const e = document.createElement('span');
  if (line.length > 90) e.className = 'prose';
  for (const part of line.split(/([✓✖▲●◆](?: [A-Z]{6,})?|[█▏▎▍▌▋▊▉]+$)/)) {
    const tone = tones[part[0]] || (/^[▏▎▍▌▋▊▉]/.test(part) ? 'answered' : '');
    const piece = tone ? document.createElement('span') : document.createTextNode('');
    piece.textContent = part;
    if (tone) piece.className = tone;
    e.append(piece);
  }
  return [e, '\n'];
}

export async function report(id) {
  const text = await (await reportOf(id, 'text')).text();
  shown = id;
  $('h-report').textContent = id;
  $('report').querySelector('pre').replaceChildren(...text.trimEnd().split('\n').flatMap(coloured));
  $('report').showModal();
}

// save downloads the shown report: a plain link could not send the token.
export async function save(format) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await (await reportOf(shown, format)).blob());
  link.download = shown + '.' + format;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
