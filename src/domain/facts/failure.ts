import { z } from 'zod';
import { Payload } from '../payload.ts';
import { KeptBody } from './answer.ts';

/** Why an attempt did not succeed. */
export const Failure = z.object({
  kind: z.enum([
    'status',
    'redirect',
    'gone',
    'timeout',
    'connection',
    'dns',
    'tls',
    'blocked-address',
    'protocol',
    'response-too-large',
    'shutdown',
    'lost',
    'function-not-found',
    'secret-unreadable',
    'payload-forgotten',
    'internal',
  ]),
  message: z.string(),
  status: z.int().nullable(),
  /** The beginning of the answer, at most 256 KiB. */
  body: Payload.nullable(),
});
export type Failure = z.infer<typeof Failure>;
export const KeptFailure = Failure.extend({ body: KeptBody.nullable() });
export type KeptFailure = z.infer<typeof KeptFailure>;
