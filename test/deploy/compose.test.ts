import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseConfig, settings } from '../../src/config.ts';
import { parseEsdbUrl } from '../../src/store/esdb/url.ts';

interface Service {
  readonly image?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly stop_grace_period?: string;
}

interface Compose {
  readonly services: { readonly tripline: Service; readonly eventstore: Service };
  readonly volumes: Readonly<Record<string, unknown>>;
}

const text = (name: string): Promise<string> =>
  readFile(join(import.meta.dirname, '..', '..', name), 'utf8');
const compose: Compose = parse(await text('docker-compose.yml'));
const dockerfile = await text('Dockerfile');
const { tripline, eventstore } = compose.services;

/** What the shell of compose makes of `${NAME:-default}` and `${NAME:?message}`. */
const substituted = (value: string, given: Readonly<Record<string, string>>): string =>
  value.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest = '') => {
    if (given[name]) return given[name];
    if (kind === '-') return rest;
    throw new Error(`${name} is required: ${rest}`);
  });
const environmentOf = (service: Service, given: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(service.environment).map(([name, value]) => [name, substituted(value, given)]),
  );

const secrets = {
  TRIPLINE_JWT_SECRET: 'a'.repeat(64),
  TRIPLINE_ENCRYPTION_KEYS: `1:${Buffer.alloc(32, 1).toString('base64')}`,
};

describe('docker-compose.yml', () => {
  it('gives Tripline only variables it reads', () => {
    const known = settings.map(({ name }) => name);

    expect(Object.keys(tripline.environment).filter((name) => !known.includes(name))).toEqual([]);
  });

  it('is a configuration that Tripline accepts once the secrets are set', () => {
    const config = parseConfig(environmentOf(tripline, secrets));
    const { KURRENTDB_NODE_PORT: port } = eventstore.environment;

    expect(config).toMatchObject({ host: '0.0.0.0', port: 8420, allowPrivateTargets: false });
    expect(parseEsdbUrl(config.store).connectionString()).toBe(
      `esdb://eventstore:${port}?tls=false`,
    );
  });

  it.each(Object.keys(secrets))('has no value of its own for %s', (name) => {
    expect(() => environmentOf(tripline, { ...secrets, [name]: '' })).toThrow(name);
  });

  it('starts Tripline when the database is healthy, and asks both how they are', () => {
    expect(tripline.depends_on).toEqual({ eventstore: { condition: 'service_healthy' } });
    expect(tripline.healthcheck.test.at(-1)).toContain('/health/ready');
    expect(eventstore.healthcheck.test.at(-1)).toContain('/health/live');
  });

  it('keeps everything that is written in named volumes', () => {
    const { TRIPLINE_DATA_DIR: dataDir } = tripline.environment;
    const mounted = [...tripline.volumes, ...eventstore.volumes].map((mount) => mount.split(':'));

    expect(mounted.map(([name]) => name).sort()).toEqual(Object.keys(compose.volumes).sort());
    expect(mounted.map(([, path]) => path)).toContain(dataDir);
  });

  it('publishes nothing beyond this machine', () => {
    for (const port of [...tripline.ports, ...eventstore.ports]) {
      expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    }
  });

  it('lets a stop take longer than Tripline does', () => {
    const { shutdownGraceMs } = parseConfig(environmentOf(tripline, secrets));

    expect(Number.parseInt(tripline.stop_grace_period ?? '', 10) * 1_000).toBeGreaterThan(
      shutdownGraceMs,
    );
  });
});

describe('the Dockerfile', () => {
  const lines = dockerfile.split('\n');

  it('runs what npm start runs, as another user than root', async () => {
    const { scripts } = JSON.parse(await text('package.json'));
    const command = JSON.parse(lines.find((line) => line.startsWith('CMD '))?.slice(4) ?? '[]');

    expect(command.join(' ')).toBe(scripts.start);
    expect(lines).toContain('USER node');
  });

  it('copies only what it is allowed to see', async () => {
    const allowed = (await text('.dockerignore'))
      .split('\n')
      .filter((line) => line.startsWith('!'));
    const copied = lines
      .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
      .flatMap((line) => line.split(' ').slice(1, -1));

    expect(copied.map((name) => `!${name}`).sort()).toEqual(allowed.sort());
  });

  it('sets only variables that Tripline reads', () => {
    const known = settings.map(({ name }) => name);
    const used = dockerfile.match(/TRIPLINE_[A-Z_]+/g) ?? [];

    expect(used.filter((name) => !known.includes(name))).toEqual([]);
    expect(used).toContain('TRIPLINE_HOST');
  });
});
