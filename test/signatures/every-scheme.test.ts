import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureSchemes } from '../../src/signatures/index.ts';
import type { SignedRequest, Verdict } from '../../src/signatures/scheme.ts';
import { requestOf, type Sender, senders } from './senders.ts';

const seconds = 1_800_000_000;

const schemeOf = ({ scheme: name }: Sender) => {
  const scheme = signatureSchemes.get(name);
  if (!scheme) throw new Error(`no scheme ${name}`);
  return scheme;
};

interface Asked {
  readonly secrets?: readonly string[];
  readonly options?: object;
}

/** As the gate asks: secrets and options are read as a trigger has them. */
const verdictOf = (
  sender: Sender,
  request: SignedRequest,
  { secrets = [sender.secret], options = {} }: Asked = {},
): Verdict => {
  const scheme = schemeOf(sender);
  const keys = secrets.map((text) => scheme.readSecret(text));
  return scheme.verify(request, keys, scheme.options.parse({ ...sender.options, ...options }));
};

const reasonOf = (verdict: Verdict) => (verdict.ok ? 'ok' : verdict.reason);

const withHeader = (
  request: SignedRequest,
  name: string,
  value: string | string[] | undefined,
) => ({
  ...request,
  headers: { ...request.headers, [name]: value },
});

const flipped = (text: string, at: number, mask: number): string =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ mask) + text.slice(at + 1);

const bits = [1, 2, 4, 8, 16, 32, 64];

const changesOf = (value: string): string[] =>
  [...value.split('').keys()].flatMap((at) => bits.map((mask) => flipped(value, at, mask)));

/** Upper-case digits, where those will do. */
const isAsGood = ({ anyCase }: Sender, value: string, changed: string): boolean =>
  anyCase === true && changed.toLowerCase() === value.toLowerCase();

const noise = ['=', ',', ' ', ';', '\0', 'v1', '💥', '%', '\ud800', 't=1,v1=', 'ts=;h1='];

/** The headers by which one is checked: proofs, and times and ids that are signed. */
const checked = (sender: Sender) =>
  Object.keys(sender.headers(Buffer.from(sender.body), seconds, sender.secret)).filter(
    (name) => name !== 'content-type',
  );

const named = senders.map(
  (sender) => [`${sender.scheme} by ${sender.proofs.join()} (${sender.id})`, sender] as const,
);

it('every scheme is tried', () => {
  expect(new Set(senders.map(({ scheme }) => scheme))).toEqual(new Set(signatureSchemes.keys()));
});

describe.each(named)('%s', (_, sender) => {
  const genuine = requestOf(sender, seconds);

  it('accepts what is genuine, and says how it is called', () => {
    const verdict = verdictOf(sender, genuine);
    const deliveryId =
      sender.id === 'fallback'
        ? expect.stringMatching(/^[\w:.-]{10,40}\.[0-9a-f]{64}$/)
        : sender.id;
    expect(verdict).toMatchObject({ ok: true, secret: 0, deliveryId });
  });

  it.runIf(sender.scheme !== 'gitlab-token')('refuses a body with any bit changed', () => {
    for (const at of genuine.rawBody.keys()) {
      for (const mask of [...bits, 128]) {
        const rawBody = Buffer.from(genuine.rawBody);
        rawBody.writeUInt8(rawBody.readUInt8(at) ^ mask, at);
        expect(reasonOf(verdictOf(sender, { ...genuine, rawBody }))).not.toBe('ok');
      }
    }
  });

  it.runIf(sender.scheme !== 'gitlab-token')('refuses a body cut off, grown or gone', () => {
    const { rawBody } = genuine;
    for (const body of [
      rawBody.subarray(1),
      rawBody.subarray(0, -1),
      Buffer.concat([rawBody, Buffer.from(' ')]),
      Buffer.alloc(0),
    ])
      expect(verdictOf(sender, { ...genuine, rawBody: body }).ok).toBe(false);
  });

  it('refuses a header with any bit changed', () => {
    for (const name of checked(sender)) {
      const value = String(genuine.headers[name]);
      const accepted = changesOf(value)
        .filter((changed) => !isAsGood(sender, value, changed))
        .filter((changed) => verdictOf(sender, withHeader(genuine, name, changed)).ok);
      expect(accepted).toEqual([]);
    }
  });

  it('refuses a header that is missing, empty, doubled, too long or noise', () => {
    for (const name of checked(sender)) {
      const value = String(genuine.headers[name]);
      const reason = (changed: string | string[] | undefined) =>
        reasonOf(verdictOf(sender, withHeader(genuine, name, changed)));
      expect([undefined, '', [value], [value, value]].map(reason)).toEqual(
        Array(4).fill('missing-signature'),
      );
      const doubled = sender.isList ? [] : [`${value}, ${value}`];
      const wrong = [...noise, ...doubled, value + value, value.slice(1), value.slice(0, -1)];
      const long = 'a'.repeat(16_384);
      const accepted = [...wrong, long, value + long].filter((each) => reason(each) === 'ok');
      expect(accepted).toEqual([]);
    }
  });

  it('refuses whatever else stands in the place of a header', () => {
    const header = fc.constantFrom(...checked(sender));
    fc.assert(
      fc.property(header, fc.string({ maxLength: 120, unit: 'binary' }), (name, value) => {
        fc.pre(value !== genuine.headers[name]);
        expect(verdictOf(sender, withHeader(genuine, name, value)).ok).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  it('tries every secret and says which one it was, also while they change', () => {
    const { secret, other } = sender;
    const asked = (...secrets: string[]) => verdictOf(sender, genuine, { secrets });
    expect(asked(other, secret)).toMatchObject({ ok: true, secret: 1 });
    expect(asked(secret, other)).toMatchObject({ ok: true, secret: 0 });
    expect(asked(other)).toEqual({ ok: false, reason: 'no-match' });
    expect(asked()).toEqual({ ok: false, reason: 'no-secret' });
    const former = requestOf(sender, seconds, other);
    expect(verdictOf(sender, former, { secrets: [secret, other] })).toMatchObject({ secret: 1 });
    expect(reasonOf(verdictOf(sender, former))).toBe('no-match');
  });

  it('has no empty secret', () => {
    expect(() => schemeOf(sender).readSecret('')).toThrow(
      expect.objectContaining({ code: 'validation-failed' }),
    );
  });

  it('names the headers that are never stored', () => {
    const scheme = schemeOf(sender);
    const options = scheme.options.parse(sender.options ?? {});
    expect(scheme.headers(options)).toEqual(expect.arrayContaining([...sender.proofs]));
  });

  it('knows no other options', () => {
    const { options } = schemeOf(sender);
    expect(options.safeParse({ ...sender.options, colour: 'red' }).success).toBe(false);
  });
});

const timed = named.filter(([, { tolerance }]) => tolerance !== undefined);

describe.each(timed)('the signed time of %s', (_, sender) => {
  const off = (by: number, options: object = {}) =>
    verdictOf(
      sender,
      { ...requestOf(sender, seconds + by), receivedAt: seconds * 1_000 + 999 },
      { options },
    );
  const stale = (skewSeconds: number) => ({ ok: false, reason: 'stale-timestamp', skewSeconds });

  it('may be off by the tolerance, either way, and not by a second more', () => {
    const { tolerance } = sender;
    if (tolerance === undefined || tolerance === null) {
      expect([off(-86_400 * 400).ok, off(86_400 * 400).ok]).toEqual([true, true]);
      return;
    }
    expect([off(-tolerance).ok, off(0).ok, off(tolerance).ok]).toEqual([true, true, true]);
    expect(off(-tolerance - 1)).toEqual(stale(-tolerance - 1));
    expect(off(tolerance + 1)).toEqual(stale(tolerance + 1));
  });

  it('may be off by what the trigger says', () => {
    const options = { toleranceSeconds: 30 };
    expect([off(-30, options).ok, off(30, options).ok]).toEqual([true, true]);
    expect([off(-31, options), off(31, options)]).toEqual([stale(-31), stale(31)]);
  });

  it('is told of nobody whose signature does not fit', () => {
    const request = { ...requestOf(sender, seconds - 90_000), receivedAt: seconds * 1_000 };
    expect(reasonOf(verdictOf(sender, request, { secrets: [sender.other] }))).toBe('no-match');
  });

  it.each([0, -1, 1.5, 86_401, '30'])('has no tolerance of %j', (toleranceSeconds) => {
    const { options } = schemeOf(sender);
    expect(options.safeParse({ ...sender.options, toleranceSeconds }).success).toBe(false);
  });
});

const unnamed = named.filter(([, { id }]) => id === 'fallback');

describe.each(unnamed)('a delivery without an id by %s', (_, sender) => {
  const idOf = (request: SignedRequest) => {
    const verdict = verdictOf(sender, request);
    return verdict.ok ? verdict.deliveryId : verdict.reason;
  };

  it('is known when it comes again, and no other is taken for it', () => {
    const first = requestOf(sender, seconds);
    expect(idOf({ ...first, receivedAt: first.receivedAt + 4_000 })).toBe(idOf(first));
    expect(idOf(requestOf(sender, seconds + 1))).not.toBe(idOf(first));
    if (sender.timed) return;
    const other = requestOf({ ...sender, body: `${sender.body} ` }, seconds);
    expect(idOf(other)).not.toBe(idOf(first));
  });

  it('has none that could be sent as its proof', () => {
    const request = requestOf(sender, seconds);
    const id = String(idOf(request)).split('.').at(-1) ?? '';
    for (const name of sender.proofs) expect(request.headers[name]).not.toContain(id);
  });
});
