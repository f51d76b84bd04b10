import { statSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ballast, ballastFile, openBallast } from '../../../src/store/sqlite/ballast.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../temporary-directory.ts';

const whole = 33_554_432;

describe('the reserve', () => {
  let directory: TemporaryDirectory;
  let ballast: Ballast;
  beforeEach(async () => {
    directory = await temporaryDirectory();
    ballast = openBallast(directory.path);
  });
  afterEach(() => directory[Symbol.asyncDispose]());
  const bytes = (): number => statSync(ballastFile(directory.path)).size;

  it('is set aside when there is time for it, once', () => {
    expect([bytes(), ballast.spent]).toEqual([0, false]);
    ballast.whenIdle();
    const { mtimeMs } = statSync(ballastFile(directory.path));
    ballast.whenIdle();

    expect([bytes(), ballast.spent]).toEqual([whole, false]);
    expect(statSync(ballastFile(directory.path)).mtimeMs).toBe(mtimeMs);
  });

  it('is let go at once, and not set aside again just because there is time', () => {
    ballast.whenIdle();
    ballast.release();
    ballast.whenIdle();

    expect([bytes(), ballast.spent]).toEqual([0, true]);
  });

  it('is put back a second after the last try, not before', () => {
    ballast.release();
    ballast.restore(10_000);
    expect([bytes(), ballast.spent]).toEqual([whole, false]);
    ballast.release();
    ballast.restore(10_999);
    expect([bytes(), ballast.spent]).toEqual([0, true]);
    ballast.restore(11_000);

    expect([bytes(), ballast.spent]).toEqual([whole, false]);
  });

  it('needs no putting back while it is there', () => {
    ballast.restore(10_000);

    expect(bytes()).toBe(0);
  });

  it('is known again after a restart, and a part of it is none', () => {
    ballast.whenIdle();
    openBallast(directory.path);
    expect(bytes()).toBe(whole);
    writeFileSync(ballastFile(directory.path), 'part of it');
    openBallast(directory.path);

    expect(bytes()).toBe(0);
  });
});
