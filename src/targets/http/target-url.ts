import { isIP } from 'node:net';
import type { AddressGuard } from './address-guard.ts';

/** Where a call goes, in the parts the client wants. */
export interface TargetUrl {
  readonly origin: string;
  readonly path: string;
}

export type TargetUrlVerdict =
  | { readonly ok: true; readonly url: TargetUrl }
  | { readonly ok: false; readonly kind: 'blocked-address' | 'protocol'; readonly reason: string };

const refuse = (kind: 'blocked-address' | 'protocol', reason: string): TargetUrlVerdict => ({
  ok: false,
  kind,
  reason,
});

/**
 * Judges a target before any packet leaves. `URL` has brought every spelling of an IP literal
 * (octal, hexadecimal, one number, full-width digits) into its one canonical form by then; names
 * are judged by what they resolve to, when the connection is made.
 */
export const judgeTargetUrl = (text: string, guard: AddressGuard): TargetUrlVerdict => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) return refuse('protocol', 'the URL of the target is malformed');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return refuse('protocol', 'only http and https targets are called');
  }
  if (url.username !== '' || url.password !== '') {
    return refuse('protocol', 'the URL of the target carries credentials');
  }
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
  if (isIP(host) !== 0 && !guard.allows(host)) {
    return refuse('blocked-address', 'the address of the target is not allowed');
  }
  return { ok: true, url: { origin: url.origin, path: `${url.pathname}${url.search}` } };
};
