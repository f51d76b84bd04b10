import type { Content, Operation, Response } from '../description/document.ts';
import { code, escaped, pretty, prose, table } from './html.ts';
import { schemaHtml, typeOf } from './schema-html.ts';

const section = (title: string, content: string): string =>
  content === '' ? '' : `<p><strong>${escaped(title)}</strong></p>${content}`;

const parametersHtml = ({ parameters = [] }: Operation): string =>
  table(
    ['parameter (* required)', 'in', 'type', ''],
    parameters.map(({ name, in: place, required, schema = {}, description = '' }) => [
      code(name) + (required ? ' <b title="required">*</b>' : ''),
      escaped(place),
      typeOf(schema),
      prose(description || String(schema['description'] ?? '')),
    ]),
  );

const contentHtml = (content: Content = {}): string =>
  Object.entries(content)
    .map(([type, { schema = {}, example }]) => {
      const shown = example === undefined ? '' : pretty(example);
      return `<p class="quiet">${escaped(type)}</p>${schemaHtml(schema)}${shown}`;
    })
    .join('');

type Refusals = Readonly<Record<string, Response>>;

const resolved = (response: Response, named: Refusals): Response =>
  (response.$ref === undefined ? undefined : named[response.$ref.split('/').at(-1) ?? '']) ??
  response;

const isSuccess = (status: string): boolean => status.startsWith('2');

const successHtml = ({ responses }: Operation): string =>
  Object.entries(responses)
    .filter(([status]) => isSuccess(status))
    .map(([status, { description = '', headers = {}, content }]) => {
      const names = Object.keys(headers).map(code).join(', ');
      const line = `<p>${code(status)} ${prose(description)}${names && ` Headers: ${names}.`}</p>`;
      return line + contentHtml(content);
    })
    .join('');

const refusalsHtml = ({ responses }: Operation, named: Refusals): string =>
  table(
    ['status', ''],
    Object.entries(responses)
      .filter(([status]) => !isSuccess(status) && status !== 'default')
      .map(([status, response]) => [
        code(status),
        prose(resolved(response, named).description ?? ''),
      ]),
  );

const curlOf = (
  method: string,
  path: string,
  { requestBody, security = [] }: Operation,
): string => {
  const example = requestBody?.content['application/json']?.example;
  const lines = [
    `curl -sS -X ${method.toUpperCase()} "http://127.0.0.1:8420${path.replace('{slug}', 'demo')}"`,
    ...(security.length > 0 ? [`-H "Authorization: Bearer $TOKEN"`] : []),
    ...(example === undefined
      ? []
      : [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example)}'`]),
  ];
  return `<pre>${escaped(lines.join(' \\\n  '))}</pre>`;
};

/** One request: what it does, what it takes, what comes back, and how it is refused. */
export const operationHtml = (
  path: string,
  method: string,
  operation: Operation,
  named: Refusals,
): string => {
  const { operationId, summary, description = '', requestBody } = operation;
  const head = `<span class="method">${method.toUpperCase()}</span>${code(path)} <span class="quiet">${escaped(summary)}</span>`;
  return `<details id="${escaped(operationId)}"><summary>${head}</summary>
<p>${prose(description)}</p>
${curlOf(method, path, operation)}
${section('Parameters', parametersHtml(operation))}
${section('Body', contentHtml(requestBody?.content))}
${section('Answer', successHtml(operation))}
${section('Refused', refusalsHtml(operation, named))}</details>`;
};
