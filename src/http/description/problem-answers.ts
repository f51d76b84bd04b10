import type { ErrorCode } from '../../domain/errors.ts';
import { problemOf, problems } from '../problems.ts';
import type { About } from './about.ts';
import type { Operation, Response, Schema } from './document.ts';
import { refTo } from './references.ts';

const text = { type: 'string' } as const;

const codes = Object.keys(problems) as ErrorCode[];
const wireCode = (code: ErrorCode): string => code.replaceAll('-', '_');

/** The document of every refusal. */
export const Problem: Schema = {
  type: 'object',
  description: 'RFC 9457. `error` and `message` repeat `title` and `detail` for older clients.',
  properties: {
    type: { ...text, description: '`urn:tripline:problem:` and the code.' },
    title: text,
    status: { type: 'integer' },
    detail: { ...text, description: 'Why, in a sentence.' },
    instance: { ...text, description: 'The path that was asked for.' },
    error: text,
    message: text,
    code: { ...text, enum: codes.map(wireCode) },
    details: {
      type: 'array',
      description: 'With 400: which members are wrong.',
      items: {
        type: 'object',
        properties: { field: text, message: text },
        required: ['field', 'message'],
        additionalProperties: false,
      },
    },
    requestId: { ...text, description: 'The server log has more by it.' },
  },
  required: [
    ...['type', 'title', 'status', 'detail', 'instance', 'error', 'message', 'code', 'requestId'],
  ],
  additionalProperties: false,
};

/** How a webhook refuses, in the form that senders know. */
export const WebhookRefusal: Schema = {
  type: 'object',
  properties: { status: { type: 'string', const: 'error' }, message: text },
  required: ['status', 'message'],
  additionalProperties: false,
};

/** What ends the process or its start, and reaches nobody over HTTP. */
const neverAnswered: ReadonlySet<ErrorCode> = new Set([
  'data-directory-in-use',
  'data-directory-unusable',
  'cannot-listen',
  'invalid-configuration',
]);

const nameOf = (status: number): string => `Refused${status}`;

const codesOf = (status: number): readonly ErrorCode[] =>
  codes.filter((code) => problems[code].status === status && !neverAnswered.has(code));

const header = (description: string, schema: Schema, example: unknown) => ({
  description,
  schema,
  example,
});

const headersOf = (status: number): Response['headers'] => ({
  ...(status === 401 && {
    'WWW-Authenticate': header('How to authenticate.', text, 'Bearer'),
  }),
  ...([409, 429, 503, 507].includes(status) && {
    'Retry-After': header(
      'Seconds after which another try makes sense, where one does.',
      { type: 'integer' },
      5,
    ),
  }),
});

const exampleOf = (code: ErrorCode) => ({
  summary: problems[code].meaning,
  value: problemOf(
    { code, detail: problems[code].meaning, details: [{ field: 'name', message: 'is required' }] },
    '/workspace/demo/api/v1/function-triggers',
    '3f1c9a52-7d0e-4b8e-9a3b-5d7f2c1e0a44',
  ),
});

const answerOf = (status: number): Response => ({
  description: codesOf(status)
    .map((code) => `\`${wireCode(code)}\`: ${problems[code].meaning}`)
    .join(' '),
  headers: headersOf(status) ?? {},
  content: {
    'application/problem+json': {
      schema: refTo('Problem'),
      examples: Object.fromEntries(
        codesOf(status).map((code) => [wireCode(code), exampleOf(code)]),
      ),
    },
  },
});

const statuses = [...new Set(codes.map((code) => problems[code].status))].filter(
  (status) => status !== 405 && codesOf(status).length > 0,
);

/** Each refusal once, by its status. */
export const refusals: Readonly<Record<string, Response>> = Object.fromEntries(
  statuses.map((status) => [nameOf(status), answerOf(status)]),
);

const refused = (status: number): readonly [string, Response] => [
  String(status),
  { $ref: `#/components/responses/${nameOf(status)}` },
];

/** Which refusals an operation can end in. */
export const refusalsOf = (
  { operationId, security, requestBody, parameters = [] }: Operation,
  method: string,
  about: About,
): Readonly<Record<string, Response>> => {
  const writes = method !== 'get' && operationId !== 'previewTicks';
  const named = parameters.some(({ in: place, name }) => place === 'path' && name !== 'slug');
  const applies: Readonly<Record<number, boolean>> = {
    400: true,
    401: security !== undefined,
    403: security !== undefined,
    404: named,
    409: writes,
    412: about.ifMatch === true,
    413: requestBody !== undefined,
    415: requestBody !== undefined,
    422: about.idempotent === true,
    429: about.resumes === true,
    500: true,
    503: true,
    507: writes,
  };
  return Object.fromEntries(statuses.filter((status) => applies[status]).map(refused));
};

const inOwnForm = (description: string, later: boolean): Response => ({
  description,
  ...(later && {
    headers: { 'Retry-After': header('Seconds until another try.', { type: 'integer' }, 30) },
  }),
  content: { 'application/json': { schema: refTo('WebhookRefusal') } },
});

/** In the order in which they are checked. */
export const webhookRefusals: Readonly<Record<string, Response>> = Object.fromEntries([
  refused(400),
  refused(404),
  refused(409),
  refused(413),
  refused(415),
  refused(500),
  ['401', inOwnForm('The signature is missing or does not fit.', false)],
  ['503', inOwnForm('Stopped, no room, or the log cannot be written; try again.', true)],
  ['507', inOwnForm('The disk is full; try again.', true)],
]);
