import { KEY_KINDS } from '../../worker/usage/keys.ts';
import { DONE, numberOption, UsageError, wordOption } from '../command.ts';
import { type Admin, askAdmin } from './admin.ts';
import { adminOf, HELP, readArguments, settingsOf, type Values } from './options.ts';
import { listed, type Site, shown } from './show.ts';

const COMMANDS = ['create', 'list', 'show', 'change', 'rotate', 'revoke', 'delete'] as const;
type Command = (typeof COMMANDS)[number];

const print = (text: string) => process.stdout.write(`${text}\n`);

/** The command line of `npm run sites`. @throws UsageError for a wrong one. */
export async function sitesTool(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args);
  if (values.help) {
    process.stdout.write(HELP);
    return DONE;
  }
  const [given = 'nothing', ...rest] = positionals;
  const command = COMMANDS.find((name) => name === given);
  if (!command) throw new UsageError(`one of ${COMMANDS.join(', ')}`, given);
  const names = { create: 0, list: 0, revoke: 2 } as Partial<Record<Command, number>>;
  const wanted = names[command] ?? 1;
  if (rest.length !== wanted) throw new UsageError(`${wanted} names after ${command}`, `${rest.length}`);
  const [site = '', key = ''] = rest.map(encodeURIComponent);
  await carryOut[command](adminOf(values, process.env), values, site, key);
  return DONE;
}

const carryOut: Record<Command, (admin: Admin, values: Values, site: string, key: string) => Promise<void>> = {
  async create(admin, values) {
    if (values.name === undefined) throw new UsageError('--name', 'none');
    const made = await askAdmin<Site & { pageKey: string; secretKey: string }>(admin, 'POST', '', settingsOf(values));
    print(shown(made));
    print(`\npage key    ${made.pageKey}\nsecret key  ${made.secretKey}\n\nThe secret key is not shown again.`);
  },
  async list(admin) {
    const { sites } = await askAdmin<{ sites: Pick<Site, 'id' | 'name' | 'createdAt'>[] }>(admin, 'GET', '');
    print(sites.length === 0 ? 'No sites yet: see --help for create.' : sites.map(listed).join('\n'));
  },
  async show(admin, _values, site) {
    print(shown(await askAdmin<Site>(admin, 'GET', `/${site}`)));
  },
  async change(admin, values, site) {
    const settings = settingsOf(values);
    if (Object.keys(settings).length === 0) throw new UsageError('something to change', 'nothing');
    print(shown(await askAdmin<Site>(admin, 'PATCH', `/${site}`, settings)));
  },
  async rotate(admin, { kind = 'secret', overlap = '24' }, site) {
    const overlapHours = numberOption('overlap', overlap, 0, 31 * 24);
    const body = { kind: wordOption('kind', kind, KEY_KINDS), overlapHours };
    const { key } = await askAdmin<{ key: string }>(admin, 'POST', `/${site}/keys`, body);
    print(`${kind} key  ${key}\n\nThe old one is good for ${overlapHours} hours more.`);
    if (kind === 'secret') print('The new one is not shown again.');
  },
  async revoke(admin, _values, site, key) {
    await askAdmin(admin, 'DELETE', `/${site}/keys/${key}`);
    print('Revoked.');
  },
  async delete(admin, _values, site) {
    await askAdmin(admin, 'DELETE', `/${site}`);
    print('Deleted, with its keys and its usage.');
  },
};
