import { type Catalogue, createCatalogue } from '../domain/catalogue.ts';
import { http } from './http/remote-target.ts';
import type { TargetType } from './target.ts';

/** Every way to call a function that is built in. */
const builtIn: readonly TargetType[] = [http];

export const createTargetTypes = (): Catalogue<TargetType> =>
  createCatalogue(({ type }) => type, builtIn);
