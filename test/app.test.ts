import { describe, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { parseConfig } from '../src/config.ts';
import { silentLogger } from '../src/domain/logger.ts';

describe('the app', () => {
  it('does not begin to listen once it has been told to stop', async () => {
    const config = parseConfig({ TRIPLINE_STORE: 'memory:', TRIPLINE_PORT: '0' });
    const encryptionKeys = [{ version: 1, key: Buffer.alloc(32, 1) }];
    const keys = { tokenSecrets: ['x'], jwks: undefined, ownSecret: undefined, encryptionKeys };
    const onFatal = (error: unknown) => expect.fail(String(error));
    const app = await createApp({ config, keys, log: silentLogger, onFatal });

    const starting = app.start();
    await app.stop();
    expect(await starting).toBeUndefined();
  });
});
