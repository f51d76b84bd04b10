/** Of routes that are no rows yet, by method and what comes below the workspace. */
const elsewhere: Readonly<Record<string, string>> = {
  'POST /function-triggers/:id/execute': 'executeTrigger',
  'GET /invocations': 'listInvocations',
  'GET /invocations/:id': 'getInvocation',
  'POST /invocations/:id/cancel': 'cancelInvocation',
  'POST /invocations/:id/retry': 'retryInvocation',
  'GET /jobs/:id': 'getJob',
};

/** Undefined where nothing is known of such a route. */
export const operationIdOf = (method: string, url: string, base: string): string | undefined =>
  elsewhere[`${method} ${url.replace(base, '')}`];
