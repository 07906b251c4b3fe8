// What is asked before harm is done, and the report of a run. Both close with Escape.
import { ask } from './api.js';

const $ = (id) => document.getElementById(id);

let answer = null; // of the question that is open

// sure asks a question, whose meaning is told besides; the answer is no unless yes is chosen.
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
  if ($('confirm').open || !answer) return; // that it was closed comes late: the next question may be open by then
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

// save lets the browser keep the shown report as a file: a link could not show a token.
export async function save(format) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await (await reportOf(shown, format)).blob());
  link.download = shown + '.' + format;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
