// Requests to the gateway. The token is kept in this tab's session storage only.

let token = sessionStorage.getItem('token') || '';

export const bearer = () => token;

export function keepToken(text) {
  token = text;
  sessionStorage.setItem('token', text);
}

// Refused is a response with an error status; errors has the problems by field.
export class Refused extends Error {
  constructor(status, problem) {
    const errors = problem.errors || [];
    const detail = problem.detail || '';
    const more = errors.filter((e) => !detail.includes(e.message)).map((e) => (e.location || '').replace(/^body\.(spec\.)?/, '') + ': ' + e.message);
    super([detail, ...more].filter(Boolean).join('\n'));
    this.status = status;
    this.errors = errors;
  }
}

export async function ask(method, path, body, more) {
  const headers = { ...(token && { Authorization: 'Bearer ' + token }), ...more };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  const answer = await fetch('/api/v1/' + path, { method, headers, body: body && JSON.stringify(body) });
  if (answer.ok) return answer;
  throw new Refused(answer.status, await answer.json().catch(() => ({ detail: answer.statusText })));
}
