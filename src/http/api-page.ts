import { createHash } from 'node:crypto';

interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly responses?: object;
  readonly requestBody?: unknown;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

export interface ApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths?: Readonly<Record<string, object | undefined>>;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
code,pre{font:14px/1.4 ui-monospace,monospace}pre{background:#f5f5f5;padding:.75rem;overflow:auto}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}details{margin:.5rem 0}summary{cursor:pointer}
b{display:inline-block;min-width:4.5rem}@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}pre{background:#222}}`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing is loaded, nothing runs; the one style sheet is allowed by its hash. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

const json = (value: unknown): string => `<pre>${escaped(JSON.stringify(value, null, 2))}</pre>`;

const section = (title: string, content: string): string =>
  content === '' ? '' : `<p><strong>${title}</strong></p>${content}`;

const operationHtml = (path: string, method: string, operation: Operation): string => {
  const parameters = (operation.parameters ?? [])
    .map((parameter) => `<code>${escaped(parameter.name)}</code> (${escaped(parameter.in)})`)
    .join(', ');
  const head = `<b>${method.toUpperCase()}</b><code>${escaped(path)}</code> – ${escaped(operation.summary ?? '')}`;
  return `<details><summary>${head}</summary>
<p>${escaped(operation.description ?? '')}${operation.security ? ' Needs a token.' : ''}</p>
${section('Parameters', parameters)}
${section('Body', operation.requestBody === undefined ? '' : json(operation.requestBody))}
${section('Answers', json(operation.responses ?? {}))}</details>`;
};

const operationsOf = (document: ApiDocument) =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item ?? {}).map(([method, operation]) => ({
      path,
      method,
      operation: operation as Operation,
    })),
  );

/** The API description for people, from the same document as for machines. */
export const apiPage = (document: ApiDocument): string => {
  const operations = operationsOf(document);
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'other'))];
  const sections = tags.map((tag) => {
    const own = operations.filter(({ operation }) => (operation.tags?.[0] ?? 'other') === tag);
    const list = own.map(({ path, method, operation }) => operationHtml(path, method, operation));
    return `<h2>${escaped(tag)}</h2>${list.join('')}`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(document.info.title)} API</title><style>${style}</style></head><body>
<h1>${escaped(document.info.title)} API</h1><p>${escaped(document.info.description ?? '')}</p>
<p>For machines: <a href="/openapi.json">openapi.json</a></p>${sections.join('')}</body></html>`;
};
