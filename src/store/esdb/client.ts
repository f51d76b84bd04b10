import { EventStoreDBClient } from '@eventstore/db-client';
import { TriplineError } from '../../domain/errors.ts';

export interface EsdbClient {
  readonly client: EventStoreDBClient;
  /** Resolves once the server has answered; until then nothing was sent that could be stored. */
  readonly ready: Promise<void>;
  /** Cancels everything under way; whatever is still to be sent is refused. */
  retire(): Promise<void>;
}

interface WritableCall {
  write(message: unknown): boolean;
}
type Creator = (grpc: unknown) => WritableCall | Promise<WritableCall>;
type StreamCreator = (type: unknown, name: string, creator: Creator, cache: unknown) => unknown;

/** The members of the client that its types hide; they hold for the one version we pin. */
interface Internals {
  readonly capabilities: Promise<unknown>;
  getGRPCClient: unknown;
  GRPCStreamCreator: StreamCreator;
  createChannel: () => Promise<{ close(): void }>;
}

/**
 * When the shared append stream dies while writes wait for it to drain, the client rejects promises
 * that nobody holds. So its writes never wait; how much is in flight is limited before the call.
 */
const neverWaitToWrite = (internals: Internals): void => {
  const create = internals.GRPCStreamCreator;
  internals.GRPCStreamCreator = (type, name, creator, cache) => {
    if (name !== 'appendToStream') return create(type, name, creator, cache);
    const unpaced: Creator = async (grpc) => {
      const call = await creator(grpc);
      const write = call.write.bind(call);
      call.write = (message) => {
        write(message);
        return true;
      };
      return call;
    };
    return create(type, name, unpaced, cache);
  };
};

let namesMayBeAddresses = false;

/** The client names the server by its address where the URL does; Node warns of that, and nobody can help it. */
const allowAddressAsName = (): void => {
  if (namesMayBeAddresses) return;
  namesMayBeAddresses = true;
  const emit = process.emitWarning.bind(process) as (...warning: unknown[]) => void;
  process.emitWarning = (...warning: unknown[]) => {
    if (!warning.includes('DEP0123')) emit(...warning);
  };
};

const construct = (connectionString: string): EventStoreDBClient => {
  try {
    return EventStoreDBClient.connectionString(connectionString);
  } catch {
    // Its own error may quote the connection string.
    throw new TriplineError(
      'invalid-configuration',
      'the store URL is not usable: a certificate or key file cannot be read',
    );
  }
};

/**
 * A client with the guards that need its inside. A retired one must not be able to send: it shares
 * the table of pending appends with its successor, and a late reply would find its entry gone.
 */
export const createEsdbClient = (connectionString: string): EsdbClient => {
  allowAddressAsName();
  const client = construct(connectionString);
  const internals = client as unknown as Internals;
  neverWaitToWrite(internals);
  let channel: { close(): void } | undefined;
  const createChannel = internals.createChannel;
  internals.createChannel = async () => {
    channel = await createChannel();
    return channel;
  };
  return {
    client,
    ready: internals.capabilities.then(() => {}),
    retire: async () => {
      internals.getGRPCClient = async () => {
        throw new TriplineError('store-unavailable', 'this connection was given up');
      };
      await client.dispose();
      channel?.close();
    },
  };
};
