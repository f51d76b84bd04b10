import { escaped, page } from './html.ts';

const what =
  'A trigger backend whose only truth is a log: webhooks in, functions called, everything recorded.';

/** Where to go from here; the same for every installation. */
const places = [
  ['docs', '/docs', 'the API, for people'],
  ['openapi', '/openapi.json', 'the API, for machines (OpenAPI 3.1)'],
  ['machines', '/machines', 'the state machines that decide what may happen'],
  ['health', '/health', 'how the server is'],
  ['ready', '/health/ready', 'whether to send work here'],
  ['metrics', '/metrics', 'for Prometheus, with a token'],
] as const;

export const welcome = {
  name: 'tripline',
  description: what,
  api: '/workspace/{slug}/api/v1',
  ...Object.fromEntries(places.map(([name, path]) => [name, path])),
};

export const welcomePage = (): string => {
  const items = places.map(
    ([, path, meaning]) => `<li><a href="${path}">${escaped(path)}</a> ${escaped(meaning)}</li>`,
  );
  return page(
    'Tripline',
    `<main><h1>Tripline</h1><p>${escaped(what)}</p><ul>${items.join('')}</ul>
<p>The API of a workspace is below <code>${escaped(welcome.api)}</code>.</p></main>`,
  );
};
