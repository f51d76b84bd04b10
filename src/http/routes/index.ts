import { apiDescription } from './api-description.ts';
import { audit } from './audit.ts';
import { computeFunctions } from './compute-functions.ts';
import { events } from './events.ts';
import { health } from './health.ts';
import { invocations } from './invocations.ts';
import { jobs } from './jobs.ts';
import { metrics } from './metrics.ts';
import type { Resource } from './route.ts';

/** Every resource but the webhooks, which read bodies in their own way. */
export const resources: readonly Resource[] = [
  computeFunctions,
  invocations,
  jobs,
  events,
  audit,
  health,
  metrics,
  apiDescription,
];
