import { join } from 'node:path';

/** The log of the embedded store. Anyone may look into it with the `sqlite3` program. */
export const logFile = (dataDir: string): string => join(dataDir, 'events.db');
