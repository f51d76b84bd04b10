import { createMemoryStore } from '../../src/store/memory-store.ts';
import { itIsAnEventStore } from './event-store-contract.ts';

itIsAnEventStore('memory', async () => ({ store: createMemoryStore() }));
