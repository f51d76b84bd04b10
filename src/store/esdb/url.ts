import { resolve } from 'node:path';
import { TriplineError } from '../../domain/errors.ts';

export interface EsdbCredentials {
  readonly username: string;
  readonly password: string;
}

export interface EsdbEndpoint {
  readonly address: string;
  readonly port: number;
}

export interface EsdbUrl {
  /** For the client, which is only ever given what it understands; to one node where one is named. */
  connectionString(node?: EsdbEndpoint): string;
  /** The hosts it names. */
  readonly nodes: readonly EsdbEndpoint[];
  readonly way: { readonly tls: boolean; readonly caFile: string | undefined };
  /** What makes a single append take the classic path; undefined where nothing can. */
  readonly alone: EsdbCredentials | undefined;
  /** What every single append is sent with; undefined sends them all down one shared stream. */
  readonly classicAppends: EsdbCredentials | undefined;
}

const wholeNumber = /^\d{1,9}$/;
const yesOrNo = /^(true|false)$/;
const anything = /^[^&?#]+$/;
/** Below 10 s the client warns and servers may take it for an attack. */
const keepAlive = /^[1-9]\d{4,8}$/;

/** Options that reach the client, with the values it may be given. */
const forTheClient = new Map([
  ['tls', yesOrNo],
  ['tlsCAFile', anything],
  ['userCertFile', anything],
  ['userKeyFile', anything],
  ['connectionName', anything],
  ['nodePreference', /^(leader|follower|random|read_?only_?replica)$/i],
  ['maxDiscoverAttempts', wholeNumber],
  ['discoveryInterval', wholeNumber],
  ['gossipTimeout', wholeNumber],
  ['defaultDeadline', /^[1-9]\d{0,8}$/],
  ['keepAliveInterval', keepAlive],
  ['keepAliveTimeout', keepAlive],
]);

/** Options that are answered for here; the value is the only one allowed. */
const settled = new Map([
  ['tlsVerifyCert', /^true$/],
  ['throwOnAppendFailure', /^true$/],
  ['appendPath', /^(batch|classic)$/],
]);

const flat = (name: string): string => name.toLowerCase().replace(/[_-]/g, '');
const names = new Map(
  [...forTheClient.keys(), ...settled.keys()].map((name) => [flat(name), name]),
);

/** Never repeats what was given: it may hold a password. */
const refuse = (message: string): never => {
  throw new TriplineError('invalid-configuration', `the store URL is not usable: ${message}`);
};

const shape =
  /^(?:esdb|kurrentdb)(?<discover>\+discover)?:\/\/(?:(?<login>[^/?]*)@)?(?<hosts>[^/?@]+)\/*(?:\?(?<query>.*))?$/;
const login = /^(?<username>[^:@]+):(?<password>[^:@]+)$/;
const host = /^[A-Za-z0-9._-]+(:\d{1,5})?$/;

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('the user name or password has a % that begins no escape');
  }
};

const credentialsOf = (text: string | undefined): EsdbCredentials | undefined => {
  if (text === undefined) return undefined;
  const { username, password } = login.exec(text)?.groups ?? {};
  if (username === undefined || password === undefined) {
    return refuse('credentials are user:password, with : @ / ? inside them percent-encoded');
  }
  return { username: decoded(username), password: decoded(password) };
};

const optionsOf = (query: string | undefined): Map<string, string> => {
  const options = new Map<string, string>();
  for (const part of query ? query.split('&') : []) {
    const [given = '', value = '', ...more] = part.split('=');
    const name = names.get(flat(given)) ?? refuse('it has an option that is not known');
    const allowed = forTheClient.get(name) ?? settled.get(name);
    if (more.length > 0 || !allowed?.test(value)) refuse(`option ${name} has a wrong value`);
    options.set(name, value);
  }
  return options;
};

/** A connection that does not encrypt takes credentials off every call, yet they pick the path. */
const placeholder: EsdbCredentials = { username: 'none', password: 'none' };

const classicAppendsOf = (
  options: ReadonlyMap<string, string>,
  alone: EsdbCredentials | undefined,
): EsdbCredentials | undefined => {
  if (options.get('appendPath') !== 'classic') return undefined;
  return alone ?? refuse('appendPath=classic over TLS needs credentials');
};

const standardPort = 2113;

const endpointOf = (node: string): EsdbEndpoint => {
  const [address = '', port = standardPort] = node.split(':');
  return { address, port: Number(port) };
};

/**
 * Checks a store URL before the client sees it: the client prints what it does not know together
 * with the password, cuts passwords at a colon, and ignores what it cannot do.
 */
export const parseEsdbUrl = (url: string): EsdbUrl => {
  const { discover = '', login, hosts = '', query } = shape.exec(url.trim())?.groups ?? {};
  if (hosts === '') refuse('it should read esdb://host:2113?tls=true');
  const nodes = hosts.split(',');
  if (!nodes.every((node) => host.test(node))) {
    refuse('hosts are names or IPv4 addresses with a port, separated by commas');
  }
  const credentials = credentialsOf(login);
  const options = optionsOf(query);
  const alone = credentials ?? (options.get('tls') === 'false' ? placeholder : undefined);
  const classicAppends = classicAppendsOf(options, alone);
  const search = [...options]
    .filter(([name]) => forTheClient.has(name))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const user =
    credentials === undefined
      ? ''
      : `${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@`;
  // With several hosts each one is asked for the cluster; +discover would make the client ask one.
  const scheme = nodes.length > 1 ? 'esdb' : `esdb${discover}`;
  const tail = search === '' ? '' : `?${search}`;
  const caFile = options.get('tlsCAFile');
  return {
    nodes: nodes.map(endpointOf),
    way: {
      tls: options.get('tls') !== 'false',
      caFile: caFile === undefined ? undefined : resolve(caFile),
    },
    alone,
    classicAppends,
    connectionString: (node) =>
      node === undefined
        ? `${scheme}://${user}${hosts}${tail}`
        : `esdb://${user}${node.address}:${node.port}${tail}`,
  };
};
