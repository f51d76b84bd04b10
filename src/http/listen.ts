import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { TriplineError } from '../domain/errors.ts';

export interface Place {
  readonly host: string;
  readonly port: number;
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'no network of this machine has that address',
  EACCES: 'this user may not use that port',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name of the host cannot be looked up',
};

const cannotListen = ({ host, port }: Place, cause: unknown): TriplineError => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const sentence = `cannot listen on ${host} port ${port}: ${reason}`;
  return new TriplineError('cannot-listen', sentence, { cause });
};

/**
 * Throws `cannot-listen` where nobody could. To be asked before anything is begun that would have
 * to be broken off again.
 */
export const checkPlace = async (place: Place): Promise<void> => {
  const probe = createServer();
  try {
    probe.listen(place.port, place.host);
    await once(probe, 'listening');
  } catch (error) {
    throw cannotListen(place, error);
  }
  probe.close();
  await once(probe, 'close');
};

/** Answers where, as a URL. Throws `cannot-listen`. */
export const listen = async (http: FastifyInstance, place: Place): Promise<string> => {
  try {
    await http.listen({ host: place.host, port: place.port });
  } catch (error) {
    throw cannotListen(place, error);
  }
  const { address, port, family } = http.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
};
