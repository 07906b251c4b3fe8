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

export async function report(id) {
  const text = await (await reportOf(id, 'text')).text();
  shown = id;
  $('h-report').textContent = id;
  $('report').querySelector('pre').textContent = text;
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
