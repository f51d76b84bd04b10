import type { BareHandlers } from './bare-process.ts';
import type { BullmqHandlers } from './bullmq-process.ts';
import { startChild } from './child.ts';
import type { LoadHandlers } from './load-process.ts';
import type { SketchHandlers } from './sketch-process.ts';
import type { TargetHandlers } from './target-process.ts';

/** Each in a process of its own, so that none of them slows the event loop of another. */
export const startLoad = () =>
  startChild<LoadHandlers>(new URL('load-process.ts', import.meta.url));
export const startTarget = () =>
  startChild<TargetHandlers>(new URL('target-process.ts', import.meta.url));
export const startBare = () =>
  startChild<BareHandlers>(new URL('bare-process.ts', import.meta.url));
export const startSketch = () =>
  startChild<SketchHandlers>(new URL('sketch-process.ts', import.meta.url));
export const startBullmq = () =>
  startChild<BullmqHandlers>(new URL('bullmq-process.ts', import.meta.url));
