import { z } from 'zod';

/** A name that an HTTP header can have. */
export const HeaderName = z
  .string('must be a header name')
  .max(128, 'must be at most 128 characters long')
  .regex(/^[!#$%&'*+.^_`|~\w-]+$/, 'must be a header name');
