import { setTimeout as wait } from 'node:timers/promises';
import type { Api } from './api.ts';

/** Asks again and again until the answer is yes; rejects at the deadline. */
export const until = async (
  what: string,
  question: () => boolean | Promise<boolean>,
  deadlineMs = 60_000,
): Promise<void> => {
  const deadline = Date.now() + deadlineMs;
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await wait(25);
  }
};

const ended = new Set<unknown>(['succeeded', 'dead', 'cancelled']);

/**
 * Whether every invocation has its outcome. All are listed, because an outcome is for good, while
 * one that is neither running now nor waiting a moment later may have changed places.
 */
export const allEnded = async (api: Api): Promise<boolean> => {
  const invocations = await api.list('invocations?limit=500', 'invocations');
  return invocations.every(({ status }) => ended.has(status));
};
