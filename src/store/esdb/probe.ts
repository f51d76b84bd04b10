import { readFileSync } from 'node:fs';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { EsdbEndpoint } from './url.ts';

/** How a node is to be reached. */
export interface Way {
  readonly tls: boolean;
  readonly caFile: string | undefined;
}

export interface Finding {
  /** What is the matter and what to do about it, for whoever set the URL. */
  readonly sentence: string;
  /** Waiting changes nothing: the configuration is wrong. */
  readonly hopeless: boolean;
}

const probeTimeoutMs = 2_000;

/** The code of what went wrong; undefined where the connection stands. */
const outcomeOf = (socket: Socket, ready: 'connect' | 'secureConnect') =>
  new Promise<{ readonly code: string; readonly message: string } | undefined>((resolve) => {
    const settle = (error?: NodeJS.ErrnoException): void => {
      socket.destroy();
      resolve(error && { code: error.code ?? '', message: error.message });
    };
    socket.setTimeout(probeTimeoutMs, () =>
      settle(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', settle);
    socket.once('close', () => settle(new Error('the connection was closed')));
    socket.once(ready, () => settle());
  });

const handshake = ({ address, port }: EsdbEndpoint, caFile: string | undefined, trusting = false) =>
  outcomeOf(
    connectTls({
      host: address,
      port,
      ...(isIP(address) === 0 && { servername: address }),
      ...(caFile !== undefined && { ca: readFileSync(caFile) }),
      rejectUnauthorized: !trusting,
    }),
    'secureConnect',
  );

const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the name cannot be looked up',
  EHOSTUNREACH: 'there is no way to that host',
  ENETUNREACH: 'there is no way to that network',
  ETIMEDOUT: 'it does not answer',
};

const overTls = async (node: EsdbEndpoint, caFile: string | undefined) => {
  const failure = await handshake(node, caFile);
  if (failure === undefined) return undefined;
  if (failure.code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return 'it speaks no TLS there: set tls=false in TRIPLINE_STORE, or TLS on the server';
  }
  const trusted = (await handshake(node, caFile, true)) !== undefined;
  if (trusted) return undefined;
  return `its certificate is not accepted (${failure.message}): name the file of its authority as tlsCAFile in TRIPLINE_STORE, and the host as the certificate does`;
};

const overPlain = async (node: EsdbEndpoint) =>
  (await handshake(node, undefined, true)) === undefined
    ? 'it speaks TLS there: take tls=false out of TRIPLINE_STORE'
    : undefined;

/** Why a node cannot be used, seen from below the client, which says the same of all that goes wrong. */
export const probe = async (node: EsdbEndpoint, { tls, caFile }: Way): Promise<Finding> => {
  const where = `${node.address}:${node.port}`;
  const failure = await outcomeOf(connectPlain(node.port, node.address), 'connect');
  if (failure !== undefined) {
    const reason = unreachable[failure.code] ?? failure.message;
    return { sentence: `${where}: ${reason}`, hopeless: false };
  }
  const mistake = await (tls ? overTls(node, caFile) : overPlain(node));
  return mistake === undefined
    ? { sentence: `${where}: it is there, but does not answer as an event store`, hopeless: false }
    : { sentence: `${where}: ${mistake}`, hopeless: true };
};
