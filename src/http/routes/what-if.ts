import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { complaintOf } from '../../domain/complaints.ts';
import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import { invalid, invalidFields } from '../../domain/invalid.ts';
import type { Moment } from '../../operations/time-travel.ts';
import { triggerFormsOf } from '../../operations/trigger-form.ts';
import type { Definition, WhatIf } from '../../operations/what-if.ts';
import type { WhatIfLine } from '../../operations/what-if-lines.ts';
import { principalOn } from '../access.ts';
import { grants } from '../principal.ts';
import { Instant } from './instant.ts';
import { mustFollow, PositionText, pastMoment } from './moment.ts';
import { base, type RouteDeps } from './route.ts';
import { resource, row } from './rows.ts';
import { TriggerChanges } from './trigger-wire.ts';

const End = z.union(
  [z.strictObject({ time: Instant }), z.strictObject({ position: PositionText })],
  { error: 'must be {"time": <instant with its zone>} or {"position": <position in the log>}' },
);

const Question = z.strictObject({
  trigger: z
    .string()
    .min(1)
    .max(64)
    .nullable()
    .describe('The trigger that is changed; null for one that there is not.'),
  definition: z
    .record(z.string(), z.unknown(), 'must be an object')
    .describe('As a trigger is created, or changed by PATCH.'),
  range: z
    .strictObject({ from: End.optional(), to: End.optional() })
    .default({})
    .describe('Both ends included. Left out, they are the beginning and now.'),
  limit: z
    .int()
    .min(0)
    .max(200)
    .default(20)
    .describe('Arrivals that are told one by one, at most: the first that anything changes for.'),
});
type Question = z.infer<typeof Question>;

const lines = `One JSON document per line, each with its \`line\`:
\`begun\` (\`upTo\`, position of the last arrival there was, or null; \`warnings\`);
\`arrival\` (\`id\`, \`position\`, \`receivedAt\`, \`source\`, \`verdict\`, \`sentVersion\`, \`differences\`);
\`progress\` (\`position\`, and the counts so far); and last \`sum\` with the counts of arrivals:
\`scanned\`, which is the sum of \`wouldFire\`, \`noLongerFires\`, \`otherPayload\`, \`unchanged\` and \`notConcerned\`.
\`verdict\` is \`would-fire\`, \`no-longer-fires\` or \`other-payload\`; \`differences\` are those between what the function
was sent and what it would be sent (\`path\`, a JSON pointer into it; \`before\`, \`after\`), \`sentVersion\` is the version
of the trigger that it was sent. An answer that ends with \`error\` (\`code\`, \`detail\`), or without \`sum\`, is not whole.

The trigger counts as active. Where an event came in decides, as it would if it were sent now; whether a signature
would fit, and which ticks another schedule would have, is not tried. Nothing is recorded.
At most two are worked on at once (429). Needs \`function-triggers:read\` as well.`;

const textOf = (end: z.infer<typeof End>): string => ('time' in end ? end.time : end.position);

const rangeOf = async (deps: RouteDeps, { from, to }: Question['range']) => {
  const momentOf = async (end: typeof from, field: string): Promise<Moment | undefined> =>
    end && (await pastMoment(deps, textOf(end), field));
  const range = {
    from: await momentOf(from, 'range.from'),
    to: await momentOf(to, 'range.to'),
  };
  if (range.from !== undefined && range.to !== undefined)
    mustFollow(range.from, range.to, 'range.from');
  return range;
};

const checked = <Form>(form: z.ZodType<Form>, value: unknown): Form => {
  const { data, error } = form.safeParse(value, { error: complaintOf });
  if (error) throw invalid(error, '');
  return data as Form;
};

const definitionOf = ({ kinds }: Pick<RouteDeps, 'kinds'>, question: Question): Definition =>
  question.trigger === null
    ? { trigger: null, form: checked(triggerFormsOf(kinds).NewTrigger, question.definition) }
    : { trigger: question.trigger, changes: checked(TriggerChanges, question.definition) };

/** What is wrong with a definition is told as creating or changing would, by where it stands here. */
const ofDefinition = async <Value>(task: () => Promise<Value>): Promise<Value> => {
  try {
    return await task();
  } catch (error) {
    if (!isTriplineError(error, 'validation-failed')) throw error;
    const within = (field: string) => (field === '' ? 'definition' : `definition.${field}`);
    throw invalidFields(
      error.details.map(({ field, message }) => ({ field: within(field), message })),
    );
  }
};

const toWire = (line: WhatIfLine): object => {
  if (line.line !== 'arrival') return line;
  const { arrival, verdict, differences } = line;
  return {
    line: 'arrival',
    id: arrival.arrivalId,
    position: arrival.position,
    receivedAt: arrival.receivedAt,
    source: { kind: arrival.sourceKind, key: arrival.sourceKey },
    verdict,
    sentVersion: arrival.sent?.version ?? null,
    differences,
  };
};

const lastWords = (error: unknown): object =>
  isTriplineError(error)
    ? { line: 'error', code: error.code.replaceAll('-', '_'), detail: error.message }
    : { line: 'error', code: 'internal', detail: 'something went wrong on our side' };

/** As fast as its reader takes it; what breaks off says why. */
async function* textsOf({ log }: Pick<RouteDeps, 'log'>, asked: WhatIf) {
  try {
    for await (const line of asked.lines) yield `${JSON.stringify(toWire(line))}\n`;
  } catch (error) {
    if (!isTriplineError(error)) log.error({ err: error }, 'what-if failed');
    yield `${JSON.stringify(lastWords(error))}\n`;
  } finally {
    await asked.close();
  }
}

const mayReadTriggers = async (request: FastifyRequest): Promise<void> => {
  if (!grants(principalOn(request), 'function-triggers:read'))
    throw new TriplineError('forbidden', 'the token does not grant function-triggers:read');
};

const answer = (deps: RouteDeps, reply: FastifyReply, asked: WhatIf): FastifyReply => {
  // Also where nobody came to read the first line.
  reply.raw.once('close', () => void asked.close());
  if (reply.raw.destroyed) void asked.close();
  return reply
    .type('application/x-ndjson')
    .send(Readable.from(textsOf(deps, asked), { highWaterMark: 1 }));
};

/** What a trigger would have made of what has arrived. */
export const whatIf = resource(
  { tag: 'function-triggers', at: `${base}/what-if`, right: 'events' },
  (deps) => [
    row({
      operationId: 'askWhatIf',
      method: 'POST',
      path: '',
      right: 'read',
      summary: 'Tell what a trigger that is created or changed would have made of what arrived',
      description: lines,
      body: Question,
      before: [mayReadTriggers],
      handle: async ({ params, body }, reply) => {
        const range = await rangeOf(deps, body.range);
        const question = { workspace: params.slug, limit: body.limit, ...range };
        const asked = await ofDefinition(() =>
          deps.operations.whatIf.ask(question, definitionOf(deps, body)),
        );
        return answer(deps, reply, asked);
      },
    }),
  ],
);
