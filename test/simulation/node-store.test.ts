import { createMemoryStore } from '../../src/store/memory-store.ts';
import { itIsAnEventStore } from '../store/event-store-contract.ts';
import { createNodeStore } from './node-store.ts';
import { createOpenLot } from './parking-lot.ts';
import { kindFates } from './store-fates.ts';

const simulated = (exclusive: boolean) => async () => ({
  store: createNodeStore({
    disk: createMemoryStore(),
    lot: createOpenLot(),
    owner: 'node',
    fates: kindFates,
    note: () => {},
    exclusive,
  }),
});

itIsAnEventStore('simulated, for one process', simulated(true));
itIsAnEventStore('simulated, for several processes', simulated(false));
