import { describe, expect, it } from 'vitest';
import { BlockedAddressError } from '../../../src/targets/http/address-guard.ts';
import {
  failureKindOf,
  isLengthMismatch,
  isOwnShortage,
} from '../../../src/targets/http/failure-kind.ts';

const coded = (code: string): Error => Object.assign(new Error('as told'), { code });
const parser = Object.assign(new Error('as told'), { name: 'HTTPParserError' });

describe('an error of a call is', () => {
  it.each([
    ['blocked-address', new BlockedAddressError()],
    ['timeout', coded('UND_ERR_CONNECT_TIMEOUT')],
    ['timeout', coded('ETIMEDOUT')],
    ['dns', coded('ENOTFOUND')],
    ['dns', coded('ENODATA')],
    ['dns', coded('ESERVFAIL')],
    ['dns', coded('EAI_AGAIN')],
    ['tls', coded('EPROTO')],
    ['tls', coded('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['tls', coded('ERR_SSL_WRONG_VERSION_NUMBER')],
    ['tls', coded('CERT_HAS_EXPIRED')],
    ['tls', coded('UNABLE_TO_VERIFY_LEAF_SIGNATURE')],
    ['tls', coded('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['tls', coded('SELF_SIGNED_CERT_IN_CHAIN')],
    ['tls', coded('HOSTNAME_MISMATCH')],
    ['tls', coded('INVALID_CA')],
    ['protocol', coded('UND_ERR_HEADERS_OVERFLOW')],
    ['protocol', coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH')],
    ['protocol', coded('UND_ERR_INVALID_ARG')],
    ['protocol', coded('HPE_INVALID_VERSION')],
    ['protocol', parser],
    ['connection', coded('ECONNREFUSED')],
    ['connection', coded('ECONNRESET')],
    ['connection', coded('XEAI_HPE_CERT_')],
    ['connection', new Error('unknown')],
    ['connection', { code: 'ENOTFOUND' }],
    ['connection', undefined],
  ])('%s: %s', (kind, error) => {
    expect(failureKindOf(error)).toBe(kind);
  });

  it('this machine’s own where it has nothing left to open a connection with', () => {
    for (const code of ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']) {
      expect(isOwnShortage(coded(code))).toBe(true);
    }
    expect(isOwnShortage(coded('ECONNREFUSED'))).toBe(false);
  });

  it('one of length only where the client says so', () => {
    expect(isLengthMismatch(coded('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'))).toBe(true);
    expect(isLengthMismatch(coded('UND_ERR_HEADERS_OVERFLOW'))).toBe(false);
  });
});
