import type { Scope } from '../principal.ts';
import { type About, abouts } from './about.ts';
import type { Content, Operation, Parameter, Response } from './document.ts';
import { type Example, examples } from './examples.ts';
import { answerHeadersOf, requestHeadersOf } from './headers.ts';
import { refusalsOf, webhookRefusals } from './problem-answers.ts';
import { refTo } from './references.ts';

const text = { type: 'string' } as const;

const pathParameters: Readonly<Record<string, string>> = {
  slug: 'The workspace.',
  id: 'Of the thing.',
  name: 'Of the thing.',
  path: 'Where the trigger listens; slashes belong to it.',
};

const named = (parameter: Parameter): Parameter => {
  const description = parameter.in === 'path' ? pathParameters[parameter.name] : undefined;
  return description === undefined ? parameter : { ...parameter, description };
};

/** Path first, then what may be left out. */
const byPlace = (left: Parameter, right: Parameter): number =>
  Number(left.in !== 'path') - Number(right.in !== 'path');

const meanings: Readonly<Record<string, string>> = {
  200: 'As it stands now.',
  201: 'Made.',
  202: 'On disk.',
  503: 'Not well; the status says how.',
};

const withExample = (content: Content, example: unknown): Content =>
  example === undefined
    ? content
    : Object.fromEntries(
        Object.entries(content).map(([type, media]) => [type, { ...media, example }]),
      );

const success = (
  [status, answer]: readonly [string, Response],
  about: About,
  example: Example,
): readonly [string, Response] => {
  const isSuccess = status.startsWith('2');
  const headers = isSuccess ? answerHeadersOf(about) : {};
  const content = about.media ? { [about.media]: { schema: text } } : answer.content;
  return [
    status,
    {
      description: meanings[status] ?? 'Done.',
      ...(headers && Object.keys(headers).length > 0 && { headers }),
      ...(content && { content: isSuccess ? withExample(content, example.answer) : content }),
    },
  ];
};

const sentences = ({ description, operationId }: Operation, scope: Scope | undefined): string => {
  const own = description?.replaceAll(/\s+/g, ' ') ?? '';
  const right = scope === undefined ? 'Needs no token.' : `Needs the permission \`${scope}\`.`;
  return operationId === '' ? own : `${own} ${right}`.trim();
};

const bodyOf = ({ requestBody }: Operation, about: About, example: Example) => {
  if (requestBody === undefined) return {};
  const content = withExample(requestBody.content, example.body);
  return { requestBody: { ...requestBody, required: about.bodyOptional !== true, content } };
};

/** The success of a delivery, which no schema is compiled for, and its body: any bytes. */
const deliver = (operation: Operation, example: Example): Operation => {
  const answer = {
    type: 'object',
    properties: {
      status: { type: 'string', const: 'accepted' },
      event_id: { ...text, description: 'Of the event in the log.' },
      duplicate: {
        type: 'boolean',
        const: true,
        description: 'The delivery was known: nothing is called for it.',
      },
    },
    required: ['status', 'event_id'],
  };
  return {
    ...operation,
    security: [],
    description: sentences(operation, undefined),
    parameters: (operation.parameters ?? []).map(named),
    requestBody: {
      required: false,
      description: 'Any bytes of any type; most senders send JSON.',
      content: {
        'application/json': { schema: {}, example: example.body },
        'application/octet-stream': { schema: text },
      },
    },
    responses: {
      202: {
        description: 'The event is on disk.',
        content: { 'application/json': { schema: answer, example: example.answer } },
      },
      ...webhookRefusals,
      ...(operation.responses['default'] && { default: operation.responses['default'] }),
    },
  };
};

/** Everything that a client has to know about a request and its answers. */
export const described = (
  operation: Operation,
  method: string,
  scope: Scope | undefined,
): Operation => {
  const about = abouts[operation.operationId] ?? {};
  const example = examples[operation.operationId] ?? {};
  if (operation.operationId === 'deliverWebhook') return deliver(operation, example);
  const { default: otherwise, ...answers } = operation.responses;
  const successes = Object.entries(answers).map((entry) => success(entry, about, example));
  const responses = {
    ...refusalsOf(operation, method, about),
    ...Object.fromEntries(successes),
    ...(otherwise && { default: otherwise }),
  };
  return {
    ...operation,
    description: sentences(operation, scope),
    security: scope === undefined ? [] : (operation.security ?? []),
    parameters: [...(operation.parameters ?? []).map(named), ...requestHeadersOf(about)].sort(
      byPlace,
    ),
    ...bodyOf(operation, about, example),
    responses,
  };
};

/** Any refusal that was not thought of, so that a client has a type for it. */
export const otherwise: Response = {
  description: 'Refused; `code` says why.',
  content: { 'application/problem+json': { schema: refTo('Problem') } },
};
