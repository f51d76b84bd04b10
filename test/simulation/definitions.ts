import { Send } from '../../src/domain/facts/function-facts.ts';
import type { FunctionChanges, NewFunction } from '../../src/operations/function-form.ts';
import type { NewTrigger } from '../../src/operations/trigger-form.ts';
import type { Dice } from './dice.ts';
import * as scene from './scene.ts';

type Kind = 'webhook' | 'on-demand' | 'event-driven' | 'event' | 'message' | 'scheduled';

const maybe = <T extends object>(dice: Dice, probability: number, members: () => T): T | object =>
  dice.happens(probability) ? members() : {};

const retry = (dice: Dice) => ({
  retry: {
    maxAttempts: dice.between(1, 4),
    initialDelayMs: dice.between(100, 2_000),
    maxDelayMs: 20_000,
    multiplier: 3,
  },
});

const ordered = (dice: Dice) => maybe(dice, 0.4, () => ({ orderingKey: { pointer: '/k' } }));

const orderedByData = (dice: Dice, member: string) =>
  maybe(dice, 0.4, () => ({ orderingKey: { pointer: `/${member}/k` } }));

const signed = (dice: Dice) => {
  const how = dice.weighted({ none: 3, hmac: 2, several: 1 });
  if (how === 'none') return {};
  if (how === 'hmac') return { hmac: { secret: dice.pick(scene.webhookSecrets) } };
  const [first, second] = scene.webhookSecrets;
  const secrets = [dice.pick(scene.webhookSecrets), dice.happens(0.5) ? first : second];
  const header = 'X-Webhook-Signature';
  return { signature: { scheme: 'hmac', secrets, header, prefix: 'sha256=' } };
};

/** What bodies have as `k` below `place`, in each language in its own words. */
const filtered = (dice: Dice, ...place: readonly string[]) =>
  maybe(dice, 0.3, () => {
    const k = dice.pick(scene.orderingKeys);
    const pattern = ['payload', ...place].reduceRight<object>(
      (inner, name) => ({ [name]: inner }),
      { k: [k] },
    );
    const path = ['$', 'payload', ...place].join('.');
    return {
      filter: dice.pick([
        { eventfilter: pattern },
        { eventbridge: pattern },
        { jsonpath: `${path}[?@ == '${k}']` },
      ]),
    };
  });

const deduplicated = (dice: Dice) =>
  maybe(dice, 0.6, () => ({
    deduplication: dice.pick([{ header: 'x-delivery' }, { body: true }, { pointer: '/k' }]),
  }));

const subscriber = (dice: Dice) => ({
  ...maybe(dice, 0.5, () => ({ queueCapacity: dice.between(1, 3) })),
  ...maybe(dice, 0.5, () => ({ overflow: dice.pick(['keep', 'drop']) })),
  ...maybe(dice, 0.5, () => ({ concurrency: dice.between(1, 3) })),
});

const timing = (dice: Dice, zone: string, now: number) => {
  const rhythm = dice.weighted({ interval: 4, cron: 3, at: 1 });
  if (rhythm === 'interval') return { interval: dice.pick([5, 20, 60]) };
  if (rhythm === 'at') return { at: new Date(now + dice.between(1_000, 120_000)).toISOString() };
  const cron = dice.pick(['* * * * *', '*/20 * * * * *', '30 2 * * *', '15 1,2,3 * * *']);
  return { cron, timezone: zone };
};

const schedule = (dice: Dice, zone: string, now: number) => ({
  ...timing(dice, zone, now),
  ...maybe(dice, 0.5, () => ({ overlap: dice.pick(['queue', 'skip', 'cancel-previous']) })),
  ...maybe(dice, 0.5, () => ({ misfire: dice.pick(['skip', 'one', 'all']) })),
  ...maybe(dice, 0.3, () => ({ jitterSeconds: 3 })),
});

/** What somebody may write as the configuration of a trigger of that kind. */
export const metadataFor = (
  dice: Dice,
  kind: string,
  zone: string,
  now: number,
): Record<string, unknown> => {
  const common = {
    ...maybe(dice, 0.7, () => retry(dice)),
    ...maybe(dice, 0.3, () => ({ timeoutMs: dice.between(500, 5_000) })),
  };
  switch (kind) {
    case 'webhook':
      return {
        ...common,
        path: dice.pick(scene.paths),
        ...signed(dice),
        ...deduplicated(dice),
        ...ordered(dice),
        ...filtered(dice),
        ...maybe(dice, 0.5, () => ({ queueCapacity: dice.between(1, 3) })),
        ...maybe(dice, 0.5, () => ({ concurrency: dice.between(1, 3) })),
      };
    case 'event':
      return {
        ...common,
        eventType: dice.pick(scene.eventTypes),
        ...maybe(dice, 0.5, () => ({ eventSource: dice.pick(scene.eventSources) })),
        ...subscriber(dice),
        ...orderedByData(dice, 'data'),
        ...filtered(dice, 'data'),
      };
    case 'message':
      return {
        ...common,
        topic: dice.pick(scene.patterns),
        ...subscriber(dice),
        ...orderedByData(dice, 'content'),
        ...filtered(dice, 'content'),
      };
    case 'event-driven':
      return {
        ...common,
        event: dice.pick(scene.recordEvents),
        recordSlug: dice.pick(scene.recordSlugs),
        ...orderedByData(dice, 'data'),
        ...filtered(dice, 'data'),
      };
    case 'scheduled':
      return { ...common, ...schedule(dice, zone, now) };
    default:
      return { ...common, ...ordered(dice) };
  }
};

const kinds: Readonly<Record<Kind, number>> = {
  webhook: 5,
  'on-demand': 1,
  'event-driven': 1,
  event: 2,
  message: 2,
  scheduled: 2,
};

/** Mostly those for which something may have arrived before they are there. */
export const kindsWithPast = {
  message: 5,
  event: 5,
  'event-driven': 3,
  webhook: 3,
  scheduled: 0.3,
};

export const newTrigger = (
  dice: Dice,
  functionId: string,
  zone: string,
  now: number,
  weights: Readonly<Record<string, number>> = kinds,
): NewTrigger => {
  const executionType = dice.weighted(weights);
  return {
    name: scene.aName(dice, 't'),
    description: null,
    functionId,
    executionType,
    triggerMetadata: metadataFor(dice, executionType, zone, now),
  };
};

const settings = (dice: Dice) => ({
  timeoutMs: dice.between(500, 8_000),
  concurrency: dice.pick([1, 2, 10]),
  send: dice.pick(Send.options),
  ...retry(dice),
});

export const newFunction = (dice: Dice): NewFunction => ({
  name: scene.aName(dice, 'f'),
  type: 'http',
  url: `http://127.0.0.1:1/${dice.below(4)}`,
  description: null,
  ...settings(dice),
});

export const changedFunction = (dice: Dice): FunctionChanges => ({
  ...settings(dice),
  ...maybe(dice, 0.3, () => ({ name: scene.aName(dice, 'f') })),
});
