import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/domain/clock.ts';
import { type Logger, silentLogger } from '../../src/domain/logger.ts';
import { beginning } from '../../src/domain/position.ts';
import type { StoredEvent } from '../../src/domain/recorded.ts';
import type { EventStore } from '../../src/store/event-store.ts';
import { readsFacts } from '../../src/store/fact-store.ts';
import { createMemoryStore } from '../../src/store/memory-store.ts';
import { openViewEngine, type ViewEngineOptions } from '../../src/views/view-engine.ts';

/** A file for views.db in a directory of its own. */
export const viewsFile = async (): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'tripline-views-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'views.db');
};

/** A store that already has these events, in this order; positions come out as in `recorded`. */
export const storeWith = async (events: readonly StoredEvent[]): Promise<EventStore> => {
  const store = readsFacts(createMemoryStore());
  await appendTo(store, events);
  return store;
};

export const appendTo = async (
  store: EventStore,
  events: readonly StoredEvent[],
): Promise<void> => {
  for (const { stream, id, type, data, metadata } of events) {
    await store.append(stream, 'any', [{ id, type, data: data as object, metadata }]);
  }
};

/** The position to wait for. */
export const endOf = (events: readonly StoredEvent[]) => events.at(-1)?.position ?? beginning;

export const openedViews = async (reader: EventStore, options: Partial<ViewEngineOptions> = {}) => {
  const views = await openViewEngine({
    reader,
    file: ':memory:',
    log: silentLogger,
    clock: systemClock,
    random: Math.random,
    ...options,
  });
  onTestFinished(() => views.close());
  return views;
};

export const recordingLogger = () => {
  const lines: { level: string; message: string; fields: object }[] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields });
  };
  const log: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
  return { log, lines, messages: () => lines.map(({ message }) => message) };
};
