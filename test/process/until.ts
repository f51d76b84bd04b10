import { setTimeout as wait } from 'node:timers/promises';
import type { Api } from './api.ts';

/** Asks again and again until the answer is yes; rejects at the deadline. */
export const until = async (
  what: string,
  question: () => boolean | Promise<boolean>,
  deadlineMs = 30_000,
): Promise<void> => {
  const deadline = Date.now() + deadlineMs;
  while (!(await question())) {
    if (Date.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await wait(25);
  }
};

const open = ['queued', 'running', 'waiting'];

/** Whether no invocation is without an outcome. */
export const allEnded = async (api: Api): Promise<boolean> => {
  for (const status of open) {
    const { invocations } = await api.ask('GET', `invocations?status=${status}&limit=1`);
    if ((invocations as unknown[]).length > 0) return false;
  }
  return true;
};
