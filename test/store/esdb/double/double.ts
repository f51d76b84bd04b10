import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import cluster from '@eventstore/db-client/generated/gossip_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import supported from '@eventstore/db-client/generated/serverfeatures_pb.js';
import type shared from '@eventstore/db-client/generated/shared_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type handleUnaryCall, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { EventStore } from '../../../../src/store/event-store.ts';
import { lastingPort } from '../../../lasting-port.ts';
import { batchAppend, classicAppend, type DoubleContext, type Seen } from './append-rpc.ts';
import { softDelete, tombstone } from './delete-rpc.ts';
import { type Faults, noFaults } from './faults.ts';
import { read } from './read-rpc.ts';
import { trailers } from './wire-errors.ts';
import { uuidOf } from './wire-names.ts';

export interface EsdbDouble {
  readonly port: number;
  readonly url: string;
  readonly faults: Faults;
  readonly seen: Seen;
  /** Long calls that the server still serves. */
  readonly openCalls: number;
  /** Cuts every connection, as a killed process does; the store and the port stay. */
  crash(): void;
  /** Ends every call in order, as a server that is shut down does. */
  shutDown(): Promise<void>;
  /** Listens again on the same port. */
  restart(): Promise<void>;
}

const capabilities =
  ({ faults }: DoubleContext): handleUnaryCall<shared.Empty, supported.SupportedMethods> =>
  (_call, callback) => {
    const fault = faults.capabilities.shift();
    if (fault === 'hang') return;
    const delayMs = fault === 'late' ? 100 : 0;
    if (fault === 'unavailable') {
      callback(trailers(status.UNAVAILABLE, 'Connection dropped'));
      return;
    }
    const answer = new supported.SupportedMethods().setEventStoreServerVersion('24.10.0');
    const names = ['read', 'append', 'delete', 'tombstone'];
    for (const name of faults.batchAppend ? [...names, 'batchappend'] : names) {
      answer.addMethods(
        new supported.SupportedMethod()
          .setServiceName('event_store.client.streams.streams')
          .setMethodName(name),
      );
    }
    setTimeout(() => callback(null, answer), delayMs);
  };

const members =
  ({ port }: DoubleContext): handleUnaryCall<shared.Empty, cluster.ClusterInfo> =>
  (_call, callback) => {
    const leader = new cluster.MemberInfo()
      .setInstanceId(uuidOf('7a1f2f5e-63ae-4ee0-8a51-61f7b3a8a001'))
      .setTimeStamp('0')
      .setState(cluster.MemberInfo.VNodeState.LEADER)
      .setIsAlive(true)
      .setHttpEndPoint(new cluster.EndPoint().setAddress('127.0.0.1').setPort(port));
    callback(null, new cluster.ClusterInfo().setMembersList([leader]));
  };

const listen = async (context: DoubleContext, port: number): Promise<Server> => {
  const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
  server.addService(features.ServerFeaturesService, { getSupportedMethods: capabilities(context) });
  server.addService(gossip.GossipService, { read: members(context) });
  server.addService(streams.StreamsService, {
    read: read(context),
    append: classicAppend(context),
    batchAppend: batchAppend(context),
    delete: softDelete(context),
    tombstone: tombstone(context),
  });
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return server;
};

/**
 * A server that speaks EventStoreDB's wire protocol, from the service definitions in the client's
 * own package, over one of our stores. It proves the adapter against what we believe of the server;
 * a wrong belief passes.
 */
export const startDouble = async (store: EventStore, given?: number): Promise<EsdbDouble> => {
  const faults = noFaults();
  const seen = { appends: 0, appendsAtOnce: 0, mostAppendsAtOnce: 0, caughtUps: 0 };
  const openCalls = new Set<{ end(): unknown }>();
  const softDeleted = new Set<string>();
  const port = given ?? (await lastingPort());
  const context = { store, faults, seen, openCalls, softDeleted, port };
  let server = await listen(context, port);
  return {
    faults,
    port,
    seen,
    get openCalls() {
      return openCalls.size;
    },
    get url() {
      return `esdb://127.0.0.1:${port}?tls=false`;
    },
    crash: () => server.forceShutdown(),
    shutDown: () => {
      for (const call of openCalls) call.end();
      return new Promise((done) => server.tryShutdown(() => done()));
    },
    restart: async () => {
      server = await listen(context, port);
    },
  };
};
