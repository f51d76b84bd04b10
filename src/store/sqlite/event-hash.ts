import { hash } from 'node:crypto';

/** The hash before the first event. */
export const noHash = '';

/**
 * Binds an event to all that came before it: whoever alters a byte, removes an event or changes the
 * order has to recompute every later hash. Data comes last and nothing before it can hold a line
 * break, so that two different events never give the same text.
 */
export const eventHash = (
  previous: string,
  position: number,
  stream: string,
  revision: number,
  id: string,
  type: string,
  data: string,
  metadata: string,
  recordedAt: number,
): string =>
  hash(
    'sha256',
    `${previous}\n${position}\n${stream}\n${revision}\n${id}\n${type}\n${recordedAt}\n${metadata}\n${data}`,
    'base64',
  );
