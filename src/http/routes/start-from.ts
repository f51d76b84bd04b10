import { z } from 'zod';
import type { StartFrom } from '../../operations/late-start.ts';
import { Instant } from './instant.ts';
import { PositionText, pastMoment } from './moment.ts';
import type { RouteDeps } from './route.ts';

export const StartFromForm = z
  .union(
    [
      z.literal('now'),
      z.strictObject({ position: PositionText }),
      z.strictObject({ time: Instant }),
    ],
    {
      error:
        'must be "now", {"position": <position in the log>} or {"time": <instant with its zone>}',
    },
  )
  .describe(
    'What had arrived since then is delivered first, in order, by a replay; then what arrives.',
  );
type StartFromForm = z.infer<typeof StartFromForm>;

/** Refuses what has not been yet. */
export const startFromOf = async (
  deps: RouteDeps,
  form: StartFromForm | undefined,
): Promise<StartFrom | undefined> => {
  if (form === undefined || form === 'now') return form;
  if ('time' in form) return pastMoment(deps, form.time, 'startFrom.time');
  return pastMoment(deps, form.position, 'startFrom.position');
};
