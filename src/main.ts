import { resolve } from 'node:path';
import pino from 'pino';
import { type App, createApp } from './app.ts';
import { bannerOf } from './banner.ts';
import { type Config, parseConfig } from './config.ts';
import { systemClock } from './domain/clock.ts';
import { isTriplineError } from './domain/errors.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { openKeys } from './keys.ts';

/** What is refused is explained in a sentence; only a bug shows its stack. */
const leave = (error: unknown): never => {
  const bug = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`tripline: ${isTriplineError(error) ? error.message : bug}\n`);
  process.exit(exitCodeOf(error));
};

process.on('uncaughtException', leave);
process.on('unhandledRejection', leave);

const configure = (): Config => {
  const config = parseConfig(process.env);
  return { ...config, dataDir: resolve(config.dataDir) };
};

/** What is left to do after the grace period, so that whoever ignores it is not waited for. */
const closingMs = 5_000;

/** Calls `stop` once; there is none while the log is being opened, when nothing has begun yet. */
const stopOnSignal = (
  stopApp: () => App['stop'] | undefined,
  graceMs: number,
  log: pino.Logger,
) => {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(exitCodes.forced);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(exitCodes.forced), graceMs + closingMs).unref();
    try {
      await stopApp()?.();
      process.exit(exitCodes.ok);
    } catch (error) {
      log.error({ err: error }, 'stopped out of order');
      process.exit(exitCodes.forced);
    }
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
};

const run = async (): Promise<void> => {
  const config = configure();
  // Structured lines go to standard error, so that standard output has what people read.
  const log = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: false }));
  const keys = openKeys(config);
  let app: App | undefined;
  stopOnSignal(() => app?.stop, config.shutdownGraceMs, log);
  app = await createApp({ config, keys, log, onFatal: leave });
  const url = await app.start();
  if (url !== undefined) process.stdout.write(await bannerOf(url, config, keys, systemClock));
};

run().catch(leave);
