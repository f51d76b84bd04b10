import { versionOf } from '../domain/events.ts';
import type { StoredEvent } from '../domain/recorded.ts';

/** Brings the data of one version to the next. Pure and total: no clock, no look-up, no exception. */
export type Upcaster = (data: unknown) => object;

/** By fact and by the version it starts from. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;

const firstVersion = 1;

/**
 * Events of older releases become what this release reads. An event that is current, of an unknown
 * type, of a later version or not what its version says comes back as it is. The log itself never changes.
 */
export const createUpcast =
  (upcasters: Upcasters, versionOf: (type: string) => number | undefined) =>
  (event: StoredEvent): StoredEvent => {
    const current = versionOf(event.type);
    // Nothing is older than the first version; metadata may be parsed on first use.
    if (current === undefined || current === firstVersion) return event;
    let version = event.metadata.schemaVersion;
    if (version >= current) return event;
    const steps = Object.hasOwn(upcasters, event.type) ? upcasters[event.type] : undefined;
    let data = event.data;
    try {
      for (let step = steps?.[version]; step !== undefined && version < current; ) {
        data = step(data);
        version += 1;
        step = steps?.[version];
      }
    } catch {
      return event;
    }
    return { ...event, data, metadata: { ...event.metadata, schemaVersion: version } };
  };

/** What is found in the log, not what is written. */
const asItIs: Upcaster = (data) => data as object;

// Bodies and answers lay in the fact, which is one of the two places where they may lie now.
const upcasters: Upcasters = {
  EventArrived: { 1: asItIs },
  InvocationSucceeded: { 1: asItIs },
  InvocationFailed: { 1: asItIs },
  InvocationDeadLettered: { 1: asItIs },
};

export const upcast = createUpcast(upcasters, versionOf);
