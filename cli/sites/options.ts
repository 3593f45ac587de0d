import { parseArgs } from 'node:util';
import { numberOption, UsageError } from '../command.ts';
import type { Admin } from './admin.ts';

export const HELP = `Creates and ends the sites of an edge, and their keys.

  npm run sites -- create --name Shop --origin https://shop.example --origin 'https://*.shop.example'
  npm run sites -- list
  npm run sites -- show <site>
  npm run sites -- change <site> --megapixels 500
  npm run sites -- rotate <site> --kind secret [--overlap 24]    a new key; the old one stays good for so many hours
  npm run sites -- revoke <site> <key>                           ends a key at once; show names the keys
  npm run sites -- delete <site>

  --name            of the site, for people
  --origin          whose pages may use the page's key; as often as there are any. With change: the whole list
  --megapixels      a month's quota: 1e6 pixels planned or denoised; none for no limit
  --denoises        a month's quota: images that the edge denoises; none for no limit
  --rate            requests per minute; none for no limit
  --endpoint        the edge, http://localhost:8787 unless told; also DEGRAIN_ENDPOINT
  --token           its ADMIN_TOKEN; better in the environment, as DEGRAIN_ADMIN_TOKEN: other users see command lines
  --help

New keys are shown once. Exit codes: 0 done, 1 the edge refused, 2 the command line was wrong.
`;

const OPTIONS = {
  name: { type: 'string' },
  origin: { type: 'string', multiple: true },
  megapixels: { type: 'string' },
  denoises: { type: 'string' },
  rate: { type: 'string' },
  kind: { type: 'string' },
  overlap: { type: 'string' },
  endpoint: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export function readArguments(args: string[]) {
  return parseArgs({ args, allowPositionals: true, options: OPTIONS });
}
export type Values = ReturnType<typeof readArguments>['values'];

/** @throws UsageError without a token. */
export function adminOf({ endpoint, token }: Values, environment: NodeJS.ProcessEnv): Admin {
  const found = token ?? environment.DEGRAIN_ADMIN_TOKEN;
  if (!found) throw new UsageError('the ADMIN_TOKEN of the edge', 'none', 'Set DEGRAIN_ADMIN_TOKEN, or give --token.');
  return { endpoint: endpoint ?? environment.DEGRAIN_ENDPOINT ?? 'http://localhost:8787', token: found };
}

/** Settings as the edge wants them: those that were given. */
export function settingsOf({ name, origin, megapixels, denoises, rate }: Values): object {
  return {
    ...(name !== undefined && { name }),
    ...(origin && { origins: origin }),
    ...(megapixels !== undefined && { monthlyMegapixels: limitOf('megapixels', megapixels) }),
    ...(denoises !== undefined && { monthlyDenoises: limitOf('denoises', denoises) }),
    ...(rate !== undefined && { requestsPerMinute: limitOf('rate', rate) }),
  };
}

/** null: none. */
const limitOf = (option: string, text: string) => (text === 'none' ? null : numberOption(option, text, 0, 1e12));
