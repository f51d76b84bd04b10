import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseConfig } from '../config.ts';
import { systemClock } from '../domain/clock.ts';
import { TriplineError } from '../domain/errors.ts';
import { exitCodes } from '../exit-codes.ts';
import { mintDevToken } from '../http/dev-token.ts';
import { type Scope, scopes } from '../http/principal.ts';
import { ownKeys, readKeyFile } from '../key-file.ts';
import { misused, runProgram } from './program.ts';

const usage = `usage: npm run token -- WORKSPACE [--days N] [--sub NAME] [--scopes LIST]

Prints a token for the workspace, signed with TRIPLINE_JWT_SECRET, or with the secret in the data
directory that the server made for itself. --days: how long it is good (1). --sub: whose it is, as
the audit shows it (developer). --scopes: what it may, with commas between (everything):
  ${scopes.join(', ')}
`;

const options = {
  days: { type: 'string', default: '1' },
  sub: { type: 'string', default: 'developer' },
  scopes: { type: 'string' },
} as const;

const isScope = (word: string): word is Scope => (scopes as readonly string[]).includes(word);

const scopesIn = (list: string | undefined): readonly Scope[] | undefined => {
  const words = list?.split(',').map((word) => word.trim());
  const wrong = words?.find((word) => !isScope(word));
  if (wrong !== undefined) throw new Error(`there is no scope ${wrong}`);
  return words?.filter(isScope);
};

const daysIn = (text: string): number => {
  const days = Number(text);
  if (days > 0 && days <= 3_650) return days;
  throw new Error('--days must be a number up to 3650');
};

const asked = () => {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options });
    const [workspace] = positionals;
    if (workspace === undefined || positionals.length > 1) throw new Error('name one workspace');
    if (!/^[\w.-]{1,128}$/.test(workspace)) throw new Error('a workspace is a word');
    if (values.sub.length < 1 || values.sub.length > 256) throw new Error('--sub must be a name');
    return {
      workspace,
      subject: values.sub,
      days: daysIn(values.days),
      granted: scopesIn(values.scopes),
    };
  } catch (error) {
    throw misused(error, usage);
  }
};

await runProgram(async () => {
  const { workspace, subject, days, granted } = asked();
  const { tokens, dataDir } = parseConfig(process.env);
  if (tokens.jwksUrl !== undefined) {
    const sentence =
      'with TRIPLINE_JWKS_URL tokens come from your issuer; for machines there are API keys';
    throw new TriplineError('invalid-configuration', sentence);
  }
  const token = await mintDevToken({
    secret: tokens.secret ?? readKeyFile(resolve(dataDir), ownKeys.token),
    workspace,
    subject,
    issuer: tokens.issuer,
    audience: tokens.audience,
    expiresAt: Math.floor(systemClock.now() / 1_000) + Math.round(days * 86_400),
    ...(granted && { scopes: granted }),
  });
  process.stdout.write(`${token}\n`);
  return exitCodes.ok;
});
