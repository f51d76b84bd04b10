import { openStore } from '../../../../src/store/index.ts';
import { startDouble } from './double.ts';

/** The double as a process of its own, which can be killed and stopped like a server. */
const [storeUrl = 'memory:', dataDir = '', port] = process.argv.slice(2);
const store = await openStore(storeUrl, { dataDir });
const double = await startDouble(store, port === undefined ? undefined : Number(port));
process.send?.({ port: double.port });
process.once('disconnect', () => process.exit(0));
