import { z } from 'zod';
import { invalidField } from '../../domain/invalid.ts';
import { asPosition } from '../../domain/position.ts';
import type { Moment } from '../../operations/time-travel.ts';
import { Instant, instantOf } from './instant.ts';
import type { RouteDeps } from './route.ts';

export const MomentText = z
  .string()
  .min(1)
  .max(64)
  .describe('A position in the log, or a time with its zone.');

export const positionForm = /^[0-9/]+(\.[0-9]{5})?$/;

/** A position in the log. */
export const PositionText = z.string().max(64).regex(positionForm, 'must be a position in the log');

const momentIn = (text: string, field: string): Moment => {
  if (positionForm.test(text)) return { position: asPosition(text) };
  if (Instant.safeParse(text).success) return { time: instantOf(text) };
  throw invalidField(field, 'must be a position in the log or a time with its zone');
};

/** Refuses a beginning that lies behind the end. */
export const mustFollow = (from: Moment, to: Moment, field = 'from'): void => {
  const isBehind =
    ('time' in from && 'time' in to && from.time > to.time) ||
    ('position' in from && 'position' in to && from.position > to.position);
  if (isBehind) throw invalidField(field, 'lies behind to');
};

/** Refuses what has not been yet: an answer about it would be another one tomorrow. */
export const pastMoment = async (
  { views, clock }: Pick<RouteDeps, 'views' | 'clock'>,
  text: string,
  field: string,
): Promise<Moment> => {
  const moment = momentIn(text, field);
  const isAhead =
    'time' in moment
      ? Date.parse(moment.time) > clock.now()
      : (await views.stats()).every((view) => view.position < moment.position);
  if (isAhead) throw invalidField(field, 'lies in the future');
  return moment;
};
