import { isTriplineError, TriplineError } from '../../domain/errors.ts';
import type { EsdbConnection } from './connection.ts';
import { diagnose } from './diagnosis.ts';
import { persist, unavailable } from './persistence.ts';
import type { EsdbReads } from './read.ts';
import type { EsdbTuning } from './tuning.ts';
import type { EsdbUrl } from './url.ts';

interface Parts {
  readonly url: EsdbUrl;
  readonly connection: EsdbConnection;
  readonly reads: EsdbReads;
  readonly tuning: EsdbTuning;
  readonly onWaiting: ((reason: string) => void) | undefined;
}

/**
 * Waits until the log can be read, so that both may be started together. Where waiting cannot help
 * it rejects with `invalid-configuration` and what is to be done.
 */
export const awaitServer = async (parts: Parts): Promise<void> => {
  const { url, connection, reads, tuning, onWaiting } = parts;
  const told = new Set<string>();
  await persist<true>(connection, tuning, {
    subject: '$all',
    run: async ({ client }) => {
      await reads.tryOut(client);
      return true;
    },
    rejected: async (_, cause) => {
      if (connection.closed) return undefined;
      if (isTriplineError(cause, 'invalid-configuration')) throw cause;
      const { sentence, hopeless } = await diagnose(url, cause);
      if (hopeless) {
        const message = `the event store cannot be used: ${sentence}`;
        throw new TriplineError('invalid-configuration', message, { cause });
      }
      if (!told.has(sentence)) onWaiting?.(sentence);
      told.add(sentence);
      return undefined;
    },
    exhausted: unavailable,
  });
};
