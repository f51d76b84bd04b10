import { fnv1a } from '../domain/fnv.ts';

/** 32 bits of an id: equal ids agree, so what is found by it has to be looked at. */
export const idHash = (id: string): number => fnv1a(id) >>> 0;
