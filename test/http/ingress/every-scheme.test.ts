import { describe, expect, it } from 'vitest';
import { isFact } from '../../../src/domain/events.ts';
import type { SignedRequest } from '../../../src/signatures/scheme.ts';
import { requestOf, type Sender, senders } from '../../signatures/senders.ts';
import { type ServerUnderTest, startServer } from '../server-under-test.ts';

const named = senders.map(
  (sender) => [`${sender.scheme} by ${sender.proofs.join()} (${sender.id})`, sender] as const,
);

const listen = (server: ServerUnderTest, { scheme, options, secret, other }: Sender) =>
  server.createTrigger({
    executionType: 'webhook',
    triggerMetadata: { path: '/in', signature: { scheme, secrets: [other, secret], ...options } },
  });

const send = (server: ServerUnderTest, { rawBody, target, headers }: SignedRequest) => {
  const query = target.split('?')[1];
  return server.deliver(query === undefined ? 'in' : `in?${query}`, {
    payload: rawBody,
    headers: headers as Record<string, string>,
  });
};

describe.each(named)('a delivery by %s', (_, sender) => {
  it('comes in once, and leaves on record who sent it and no proof', async () => {
    await using server = await startServer();
    await listen(server, sender);
    const request = requestOf(sender, Math.floor(Date.now() / 1_000));
    const first = await send(server, request);
    expect([first.statusCode, first.json().status]).toEqual([202, 'accepted']);
    const events = await server.events();
    const [arrival] = events.filter((event) => isFact(event, 'EventArrived'));
    const keyId = expect.stringMatching(/^[0-9a-f]{64}$/);
    const hasKey = /discord|sendgrid/.test(sender.scheme) || sender.secret.startsWith('whpk_');
    expect(arrival?.data.verification).toEqual({
      scheme: sender.scheme,
      secret: 1,
      ...(hasKey && { keyId }),
    });
    const record = JSON.stringify(events);
    const proofs = sender.proofs.map((name) => request.headers[name]);
    for (const proof of [sender.secret, ...proofs]) expect(record).not.toContain(proof);
    const again = await send(server, request);
    expect(again.json().duplicate ?? false).toBe(sender.id !== null);
  });
});
