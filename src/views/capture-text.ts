import type { Capture, Changes } from './hot-views.ts';
import type { HotName } from './snapshot-pages.ts';

/** A capture on its way to another thread: as text it goes there at a third of the cost. */
export interface CaptureText extends Omit<Capture, 'changed'> {
  /** `Changes` as JSON, a view's in their order. */
  readonly parts: readonly (readonly [view: HotName, changes: string])[];
}

const names: readonly HotName[] = ['registry', 'queue', 'schedules', 'openReplays'];
/** A millisecond's worth; a queue of a hundred thousand must not hold up whoever sends an event. */
const atOnce = 512;

/** `pause` comes between the parts. What is captured stays as it is meanwhile. */
export const textOfCapture = async (
  { since, position, eventId, changed }: Capture,
  pause: () => Promise<void>,
): Promise<CaptureText> => {
  const parts: [HotName, string][] = [];
  for (const name of names) {
    const changes: Changes<object> = changed[name];
    for (let from = 0; from < changes.length; from += atOnce) {
      if (parts.length > 0) await pause();
      parts.push([name, JSON.stringify(changes.slice(from, from + atOnce))]);
    }
  }
  return { since, position, eventId, parts };
};

export const captureOfText = ({ since, position, eventId, parts }: CaptureText): Capture => {
  const changesOf = (name: HotName) =>
    parts.flatMap(([view, text]) => (view === name ? JSON.parse(text) : []));
  return {
    since,
    position,
    eventId,
    changed: {
      registry: changesOf('registry'),
      queue: changesOf('queue'),
      schedules: changesOf('schedules'),
      openReplays: changesOf('openReplays'),
    },
  };
};
