import type { IncomingMessage } from 'node:http';
import type { Chance } from '../domain/chance.ts';

const acceptable = /^[A-Za-z0-9-]{1,64}$/;

/** The caller's own id where it is harmless in a log, else a fresh one. */
export const createRequestIds =
  ({ newId }: Pick<Chance, 'newId'>) =>
  (request: Pick<IncomingMessage, 'headers'>): string => {
    const given = request.headers['x-request-id'];
    return typeof given === 'string' && acceptable.test(given) ? given : newId();
  };
