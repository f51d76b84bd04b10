import { z } from 'zod';
import type { SignedRequest } from './scheme.ts';

/**
 * Where the sender was told to send to, letter by letter. What a request says of its host is the word
 * of whoever sent it, and behind a proxy not what was asked for; so it counts for nothing here.
 */
export const PublicUrl = z
  .url({ protocol: /^https?$/, error: 'must be the http or https URL that the sender was given' })
  .max(2_048, 'must be at most 2048 characters long')
  .regex(/^[^?#]*$/, 'must be without query and fragment: what is asked for has it');

/** What a query may have. The beginning of a JSON body is none of it, so that it cannot pass for the end of a URL. */
const legal = /^[\w\-.~%!$&'()*+,;=:@/?]*$/;

/** The URL with the query that was asked for; undefined where no URL has such a query. */
export const signedUrl = (publicUrl: string, { target }: SignedRequest): string | undefined => {
  const mark = target.indexOf('?');
  const query = mark < 0 ? '' : target.slice(mark);
  return legal.test(query) ? publicUrl + query : undefined;
};
