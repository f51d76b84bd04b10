import type { FastifyInstance } from 'fastify';
import type { HttpDeps } from '../deps.ts';
import type { Measures } from './measures.ts';

/** A subscription that was dropped is replaced after so long; what happened meanwhile is not measured. */
const pauseMs = 1_000;

/** Measures what is recorded while the server runs, whoever records it. */
export const followMeasures = (
  app: FastifyInstance,
  { store, clock }: Pick<HttpDeps, 'store' | 'clock'>,
  measures: Measures,
): void => {
  let over = false;
  let cancel = (): void => {};
  let unsubscribe = async (): Promise<void> => {};

  const subscribe = (): void => {
    if (over) return;
    const subscription = store.subscribeAll(
      { from: 'end' },
      {
        onEvents: (events) => measures.take(events),
        onDropped: () => {
          cancel = clock.after(pauseMs, subscribe);
        },
      },
    );
    unsubscribe = () => subscription.unsubscribe();
  };

  app.addHook('onReady', async () => subscribe());
  app.addHook('onClose', async () => {
    over = true;
    cancel();
    await unsubscribe();
  });
};
