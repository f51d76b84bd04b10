import type { Source } from '../domain/facts/arrival-facts.ts';
import type { Register, Trigger } from './register.ts';

/** As the log has the members that say what a trigger listens to; others are none of ours. */
interface Listens {
  readonly path?: unknown;
  readonly event?: unknown;
  readonly recordSlug?: unknown;
  readonly eventType?: unknown;
  readonly eventSource?: unknown;
  readonly topic?: unknown;
}

const withoutSlash = (path: string): string => path.replace(/^\//, '');

const upTo = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Where one segment of a pattern may lead to: `*` stands for one of the topic's, `**` for any number. */
const endsOf = (segment: string, topic: readonly string[], at: number): readonly number[] => {
  if (segment === '**') return upTo(at, topic.length);
  return at < topic.length && (segment === '*' || segment === topic[at]) ? [at + 1] : [];
};

const fits = (pattern: readonly string[], topic: readonly string[]): boolean => {
  let ends: ReadonlySet<number> = new Set([0]);
  for (const segment of pattern) {
    ends = new Set([...ends].flatMap((at) => endsOf(segment, topic, at)));
  }
  return ends.has(topic.length);
};

/** Type and source of an event on the bus, as its key names them. */
const busEvent = (key: string): readonly unknown[] => {
  try {
    const parts: unknown = JSON.parse(key);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
};

const wild = '*';

/** Where a trigger is looked for. */
export const bucketOf = ({ kind, triggerId, metadata }: Trigger): string => {
  const { path, event, recordSlug, eventType, topic } = metadata as Listens;
  switch (kind) {
    case 'webhook':
      return withoutSlash(String(path));
    case 'event-driven':
      return `${event}/${recordSlug}`;
    case 'event':
      return String(eventType);
    case 'message':
      return String(topic).includes(wild) ? wild : String(topic);
    default:
      return triggerId;
  }
};

const bucketsFor = ({ kind, key }: Source): readonly string[] => {
  if (kind === 'event') return [String(busEvent(key)[0])];
  return kind === 'message' ? [key, wild] : [key];
};

const listensTo = ({ triggerId, metadata }: Trigger, { kind, key }: Source): boolean => {
  const { path, event, recordSlug, eventType, eventSource, topic } = metadata as Listens;
  switch (kind) {
    case 'webhook':
      return withoutSlash(String(path)) === key;
    case 'event-driven':
      return `${event}/${recordSlug}` === key;
    case 'event': {
      const [type, source] = busEvent(key);
      const anySource = eventSource === undefined || eventSource === '';
      return eventType === type && (anySource || eventSource === source);
    }
    case 'message':
      return fits(String(topic).split('.'), key.split('.'));
    case 'on-demand':
    case 'scheduled':
      return triggerId === key;
    default:
      return false;
  }
};

const builtIn: ReadonlySet<string> = new Set([
  'webhook',
  'event-driven',
  'event',
  'message',
  'on-demand',
  'scheduled',
]);

/** Of kinds that were added while a server ran, nobody can tell afterwards to what they listened. */
export const isJudged = ({ kind }: Pick<Trigger, 'kind'>): boolean => builtIn.has(kind);

/** The triggers that an arrival from there concerns, whatever their status, by README's words. */
export const listenersOf = (
  register: Register,
  workspace: string,
  source: Source,
): readonly Trigger[] =>
  bucketsFor(source).flatMap((bucket) =>
    [...register.near(workspace, source.kind, bucket)].filter((trigger) =>
      listensTo(trigger, source),
    ),
  );
