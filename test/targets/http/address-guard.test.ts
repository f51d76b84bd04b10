import { describe, expect, it } from 'vitest';
import { createAddressGuard } from '../../../src/targets/http/address-guard.ts';
import { createHttpTarget } from '../../../src/targets/http/http-target.ts';
import { judgeTargetUrl } from '../../../src/targets/http/target-url.ts';
import { httpServer } from './listening.ts';

const open = createAddressGuard({ allowPrivate: true });
const closed = createAddressGuard({ allowPrivate: false });

describe('an address guard', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.1',
    '192.0.1.1',
    '2606:4700:4700::1111',
    '2a00:1450:4001:800::200e',
    '::ffff:8.8.8.8',
  ])('allows %s', (address) => {
    expect(closed.allows(address)).toBe(true);
    expect(open.allows(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '100.127.255.255',
    '::1',
    'fc00::1',
    'fd12:3456::1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:7f00:1',
  ])('allows %s only where private targets are', (address) => {
    expect(closed.allows(address)).toBe(false);
    expect(open.allows(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '169.254.169.254',
    '169.254.170.2',
    '100.100.100.200',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '198.18.0.1',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.250',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::127.0.0.1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    'fd00:ec2::254',
    'fe80::1',
    'fe80::1%eth0',
    'fec0::1',
    'ff02::1',
    '',
    'localhost',
    '127.1',
  ])('never allows %j', (address) => {
    expect(closed.allows(address)).toBe(false);
    expect(open.allows(address)).toBe(false);
  });
});

describe('the URL of a target', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://127.0.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://127.0.0.1:8080/',
    'http://%31%32%37.0.0.1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127。0。0。1/',
    'http://0/',
    'http://0.0.0.0/',
    'http://[::1]/',
    'http://[::]/',
    'http://[0:0:0:0:0:0:0:1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:127.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::127.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[fd00:ec2::254]/latest/meta-data/',
    'http://169.254.169.254/latest/meta-data/',
    'http://0xa9fea9fe/',
    'http://2852039166/',
    'http://10.0.0.1/',
    'http://10.1/',
    'http://192.168.0.1/',
    'http://172.16.0.1/',
    'http://100.64.0.1/',
    'http://100.100.100.200/',
    'http://192.0.0.192/',
    'https://127.0.0.1/',
    'http:\\\\127.0.0.1\\',
    'http:/127.0.0.1/',
    'http:127.0.0.1',
    'HTTP://127.0.0.1/',
    ' http://127.0.0.1/ ',
    'ht\ntp://127.0.0.1/',
  ])('is refused for its address: %j', (url) => {
    expect(judgeTargetUrl(url, closed)).toMatchObject({ ok: false, kind: 'blocked-address' });
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'ws://example.com/',
    'unix:/var/run/docker.sock',
    'http://user@example.com/',
    'http://user:secret@example.com/',
    'http://:secret@example.com/',
    'http://',
    'http://[::1/',
    'http://256.256.256.256/',
    'example.com',
    '//example.com/',
    '',
  ])('is refused as such: %j', (url) => {
    expect(judgeTargetUrl(url, open)).toMatchObject({ ok: false, kind: 'protocol' });
  });

  it('gives what the client needs, less the fragment', () => {
    expect(judgeTargetUrl('https://Example.com:443/a%20b?c=d#e', closed)).toEqual({
      ok: true,
      url: { origin: 'https://example.com', path: '/a%20b?c=d' },
    });
  });
});

describe('a guarded HTTP target', () => {
  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])(
    'sends nothing to %s while private targets are off',
    async (host) => {
      let hits = 0;
      const server = await httpServer((_, response) => {
        hits += 1;
        response.end();
      });
      const target = createHttpTarget({ allowPrivate: false });
      const url = server.url.replace('127.0.0.1', host);
      const outcome = await target.call({
        url,
        body: '{}',
        headers: {},
        timeoutMs: 2_000,
      });
      expect(outcome).toMatchObject({ ok: false, failure: { kind: 'blocked-address' } });
      expect(hits).toBe(0);
      await target.close();
      await server.close();
    },
  );

  it('reaches localhost by name where private targets are on', async () => {
    const server = await httpServer((_, response) => response.end('hello'));
    const target = createHttpTarget({ allowPrivate: true });
    const url = server.url.replace('127.0.0.1', 'localhost');
    const outcome = await target.call({
      url,
      body: '{}',
      headers: {},
      timeoutMs: 2_000,
    });
    expect(outcome).toMatchObject({ ok: true, answer: { body: { content: 'hello' } } });
    await target.close();
    await server.close();
  });
});
