import { resolve } from 'node:path';
import pino from 'pino';
import { type App, createApp } from './app.ts';
import { bannerOf } from './banner.ts';
import { type Config, parseConfig } from './config.ts';
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

const stopOnSignal = (app: Promise<App>, { shutdownGraceMs }: Config, log: pino.Logger): void => {
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) process.exit(exitCodes.forced);
    stopping = true;
    log.info({ signal }, 'stopping');
    // Two seconds more than the parts have: whoever ignores the grace period is not waited for.
    setTimeout(() => process.exit(exitCodes.forced), shutdownGraceMs + 2_000).unref();
    try {
      await (await app).stop();
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
  const starting = createApp({ config, keys, log, onFatal: leave });
  stopOnSignal(starting, config, log);
  const url = await (await starting).start();
  process.stdout.write(await bannerOf(url, config, keys));
};

run().catch(leave);
