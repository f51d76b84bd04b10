import { expect, it } from 'vitest';
import { createAddressGuard } from '../../../src/targets/http/address-guard.ts';
import { judgeTargetUrl } from '../../../src/targets/http/target-url.ts';

const guard = createAddressGuard({ allowPrivate: false });

it.each([
  ['http://a.example/b?c=d#e', { ok: true, url: { origin: 'http://a.example', path: '/b?c=d' } }],
  ['https://a.example:8443', { ok: true, url: { origin: 'https://a.example:8443', path: '/' } }],
  ['nowhere', 'protocol', 'the URL of the target is malformed'],
  ['ftp://a.example/', 'protocol', 'only http and https targets are called'],
  ['http://me@a.example/', 'protocol', 'the URL of the target carries credentials'],
  ['http://:secret@a.example/', 'protocol', 'the URL of the target carries credentials'],
  ['http://0x7f.1/', 'blocked-address', 'the address of the target is not allowed'],
  ['http://[::1]/', 'blocked-address', 'the address of the target is not allowed'],
  ['http://[2606:4700::1]/', { ok: true, url: { origin: 'http://[2606:4700::1]', path: '/' } }],
] as const)('a target at %s', (url, verdict, reason?: string) => {
  const expected = typeof verdict === 'string' ? { ok: false, kind: verdict, reason } : verdict;
  expect(judgeTargetUrl(url, guard)).toEqual(expected);
});
