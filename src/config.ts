import { z } from 'zod';
import { TriplineError } from './domain/errors.ts';
import { isMeantForUs, nearestName } from './unknown-settings.ts';

const whole = (least: number, most: number, rule: string) =>
  z.coerce.number(rule).int(rule).min(least, rule).max(most, rule);
const port = (standard: number, meaning: string) =>
  whole(0, 65_535, 'must be a port from 0 to 65535').default(standard).describe(meaning);
const count = (standard: number, least: number, meaning: string) =>
  whole(least, Number.MAX_SAFE_INTEGER, `must be a whole number of at least ${least}`)
    .default(standard)
    .describe(meaning);
const text = (meaning: string) => z.string().min(1).optional().describe(meaning);

const dayMs = 86_400_000;

const storeUrl = /^(sqlite:|memory:|(esdb|esdb\+discover|kurrentdb|kurrentdb\+discover):\/\/.+)/;
const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'] as const;

const EncryptionKey = z.string().transform((part, context) => {
  const [, version = '', encoded = ''] = /^([1-9]\d{0,8}):([A-Za-z0-9+/=_-]+)$/.exec(part) ?? [];
  const key = Buffer.from(encoded, 'base64');
  if (key.length === 32) return { version: Number(version), key };
  context.addIssue({ code: 'custom', message: 'each key is version:base64 of 32 random bytes' });
  return z.NEVER;
});

const commaList = z.string().transform((value) => value.split(',').map((part) => part.trim()));

const shape = {
  TRIPLINE_HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on.'),
  TRIPLINE_PORT: port(8420, 'Port of the HTTP API; 0 takes a free one.'),
  TRIPLINE_DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe('Directory of the embedded log, the views and keys made at first start.'),
  TRIPLINE_STORE: z
    .string()
    .regex(storeUrl, 'must be sqlite:, memory:, esdb://… or esdb+discover://…')
    .default('sqlite:')
    .describe('The log: `sqlite:` in the data directory, `esdb://…`, or `memory:` for tests.'),
  TRIPLINE_ESDB_PREFIX: z
    .string()
    .regex(/^\w{1,64}$/, 'must be a word of letters, digits and underscores')
    .default('tripline')
    .describe(
      'What the names of its streams begin with on EventStoreDB; `none`: nothing, as before there was a prefix.',
    ),
  TRIPLINE_PAYLOADS: z
    .enum(['inline', 'beside'], { error: 'must be inline or beside' })
    .default('inline')
    .describe(
      'Where bodies and long answers up to 64 KiB lie on EventStoreDB: `inline` in their record, or `beside` in streams of their own, an append each. The embedded log keeps all of them beside it. With `beside` answers up to 4 KiB are kept like long ones, on every store, so that they can be forgotten.',
    ),
  TRIPLINE_PAYLOAD_DAYS: whole(1, 36_500, 'must be a whole number of days, at least 1')
    .optional()
    .describe(
      'After so many days bodies and long answers are forgotten, but no body that an invocation which has not ended needs; kept for good where it is not set.',
    ),
  TRIPLINE_JWT_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, 'must have at least 32 bytes')
    .optional()
    .describe('Secret of HS256 tokens, at least 32 bytes.'),
  TRIPLINE_JWT_PREVIOUS_SECRET: z
    .string()
    .refine((secret) => Buffer.byteLength(secret) >= 32, 'must have at least 32 bytes')
    .optional()
    .describe('Still accepted beside the secret while it is being rotated.'),
  TRIPLINE_JWKS_URL: z
    .url({ protocol: /^(https?|file)$/ })
    .optional()
    .describe(
      'JWKS of the token issuer, instead of a secret: its URL, or `file:///…`, read at start.',
    ),
  TRIPLINE_JWT_ALGORITHMS: commaList
    .pipe(z.array(z.enum(algorithms)))
    .default(['RS256', 'ES256', 'EdDSA'])
    .describe('Algorithms accepted with public keys; a secret means HS256 only.'),
  TRIPLINE_JWT_ISSUER: text('Required `iss` of tokens.'),
  TRIPLINE_JWT_AUDIENCE: text('Required `aud` of tokens.'),
  TRIPLINE_ENCRYPTION_KEYS: commaList
    .pipe(z.array(EncryptionKey))
    .optional()
    .describe('Comma list of `version:base64` (32 bytes each); the last one encrypts.'),
  TRIPLINE_ALLOW_PRIVATE_TARGETS: z
    .stringbool()
    .optional()
    .describe('Whether functions may live at private addresses; on by default only on loopback.'),
  TRIPLINE_TRUST_PROXY: commaList
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])))
    .default([])
    .describe('Proxies (addresses or CIDR, comma list) whose forwarded headers count.'),
  TRIPLINE_BODY_LIMIT: count(1_048_576, 1_024, 'Largest request body in bytes.'),
  TRIPLINE_KEEP_ALIVE_MS: whole(1_000, dayMs, `must be a whole number from 1000 to ${dayMs}`)
    .default(72_000)
    .describe('How long an idle connection is kept; longer than a proxy in front keeps it.'),
  TRIPLINE_LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe level that is logged.'),
  TRIPLINE_SHUTDOWN_GRACE_MS: whole(0, dayMs, `must be a whole number from 0 to ${dayMs}`)
    .default(30_000)
    .describe('How long a stop waits for calls under way before it cuts them short.'),
};

const names = Object.keys(shape);
const notKnown = (name: string): string =>
  `${name} is not a setting; the nearest is ${nearestName(name, names)}`;
const Environment = z.strictObject(shape, {
  error: ({ code, keys }) =>
    code === 'unrecognized_keys' && Array.isArray(keys)
      ? keys.map(notKnown).join('\n✖ ')
      : undefined,
});

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/i;

export const isLoopback = (host: string): boolean => loopback.test(host);

const Consistent = Environment.superRefine((env, context) => {
  const refuse = (name: keyof z.infer<typeof Environment>, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  if (env.TRIPLINE_JWT_SECRET && env.TRIPLINE_JWKS_URL)
    refuse('TRIPLINE_JWKS_URL', 'cannot be combined with TRIPLINE_JWT_SECRET');
  if (isLoopback(env.TRIPLINE_HOST)) return;
  if (!env.TRIPLINE_JWT_SECRET && !env.TRIPLINE_JWKS_URL)
    refuse('TRIPLINE_JWT_SECRET', 'this or TRIPLINE_JWKS_URL is required beyond loopback');
  if (!env.TRIPLINE_ENCRYPTION_KEYS)
    refuse('TRIPLINE_ENCRYPTION_KEYS', 'is required when TRIPLINE_HOST is not loopback');
});

const settle = (env: z.infer<typeof Environment>) => ({
  host: env.TRIPLINE_HOST,
  port: env.TRIPLINE_PORT,
  dataDir: env.TRIPLINE_DATA_DIR,
  store: env.TRIPLINE_STORE,
  esdbPrefix: env.TRIPLINE_ESDB_PREFIX,
  payloadsBeside: env.TRIPLINE_PAYLOADS === 'beside',
  payloadDays: env.TRIPLINE_PAYLOAD_DAYS,
  tokens: {
    /** Undefined with `jwksUrl`, and where the server makes its own. */
    secret: env.TRIPLINE_JWT_SECRET,
    previousSecret: env.TRIPLINE_JWT_PREVIOUS_SECRET,
    jwksUrl: env.TRIPLINE_JWKS_URL,
    algorithms: env.TRIPLINE_JWT_ALGORITHMS,
    issuer: env.TRIPLINE_JWT_ISSUER,
    audience: env.TRIPLINE_JWT_AUDIENCE,
  },
  encryptionKeys: env.TRIPLINE_ENCRYPTION_KEYS,
  allowPrivateTargets: env.TRIPLINE_ALLOW_PRIVATE_TARGETS ?? isLoopback(env.TRIPLINE_HOST),
  trustProxy: env.TRIPLINE_TRUST_PROXY,
  bodyLimit: env.TRIPLINE_BODY_LIMIT,
  keepAliveMs: env.TRIPLINE_KEEP_ALIVE_MS,
  logLevel: env.TRIPLINE_LOG_LEVEL,
  shutdownGraceMs: env.TRIPLINE_SHUTDOWN_GRACE_MS,
});

type DeepReadonly<T> = T extends Buffer | string | number | boolean | undefined
  ? T
  : { readonly [K in keyof T]: DeepReadonly<T[K]> };
export type Config = DeepReadonly<ReturnType<typeof settle>>;

const freeze = (config: ReturnType<typeof settle>): Config => {
  Object.freeze(config.tokens);
  return Object.freeze(config);
};

/**
 * The only reader of the environment. An empty value counts as not set. Throws
 * `invalid-configuration` with every fault at once, names that are none of ours included; no
 * message repeats a value.
 */
export const parseConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.entries(env).filter(
    ([name, value = '']) => value && isMeantForUs(name, value),
  );
  const result = Consistent.safeParse(Object.fromEntries(given));
  if (result.success) return freeze(settle(result.data));
  throw new TriplineError('invalid-configuration', z.prettifyError(result.error));
};

/** A connection string as it may be shown: without its password. */
export const redactUrl = (url: string): string =>
  url.replace(/^([a-z+]+:\/\/[^:/@\s]*):[^@\s]*@/i, '$1:***@');

export interface Setting {
  readonly name: string;
  readonly standard: string;
  readonly meaning: string;
}

const shown = (value: unknown): string => {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return '';
  return Array.isArray(value) ? value.join(',') : String(value);
};

/** What the README's table says, row by row. */
export const settings: readonly Setting[] = Object.entries(shape).map(([name, schema]) => ({
  name,
  standard: shown(schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined),
  meaning: schema.description ?? '',
}));
