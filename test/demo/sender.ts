import { setTimeout as wait } from 'node:timers/promises';
import { type GithubDelivery, post } from '../process/github-deliveries.ts';
import { githubSecret } from '../process/github-setup.ts';

/** Like a sender that wants to be sure: it sends a delivery again until there is an answer. */
export interface CarefulSender {
  /** Event ids by delivery id. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly tally: { posts: number; cutOff: number; duplicates: number; refused: number };
  send(deliveries: readonly GithubDelivery[]): Promise<void>;
  /** With a signature that does not fit. */
  forge(deliveries: readonly GithubDelivery[]): Promise<void>;
}

export const createSender = (url: string): CarefulSender => {
  const accepted = new Map<string, string>();
  const tally = { posts: 0, cutOff: 0, duplicates: 0, refused: 0 };

  const deliver = async (delivery: GithubDelivery): Promise<void> => {
    for (;;) {
      const { eventId } = await post(url, delivery, githubSecret);
      tally.posts += 1;
      if (eventId !== null) {
        if (accepted.get(delivery.id) === eventId) tally.duplicates += 1;
        accepted.set(delivery.id, eventId);
        return;
      }
      tally.cutOff += 1;
      await wait(50);
    }
  };
  return {
    accepted,
    tally,
    async send(deliveries) {
      for (const delivery of deliveries) await deliver(delivery);
    },
    async forge(deliveries) {
      for (const delivery of deliveries) {
        const { status } = await post(url, delivery, 'a guess');
        if (status === 401) tally.refused += 1;
      }
    },
  };
};
