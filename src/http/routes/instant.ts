import { z } from 'zod';

/** A point in time as people write it: with or without zone offset. */
export const Instant = z.iso.datetime({ offset: true });

/** In the one spelling facts are recorded in, so that comparing text compares time. */
export const instantOf = (text: string): string => new Date(text).toISOString();
