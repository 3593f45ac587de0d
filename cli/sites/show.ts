/** A site as the edge tells of it. */
export interface Site {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly origins: readonly string[];
  readonly monthlyMegapixels: number | null;
  readonly monthlyDenoises: number | null;
  readonly requestsPerMinute: number | null;
  readonly month: { readonly megapixels: number; readonly denoises: number };
  readonly keys: readonly {
    readonly id: string;
    readonly kind: string;
    readonly shown: string;
    readonly goodUntil: string | null;
  }[];
}

export const listed = ({ id, name, createdAt }: Pick<Site, 'id' | 'name' | 'createdAt'>) =>
  `${id}  ${createdAt.slice(0, 10)}  ${name}`;

export function shown(site: Site): string {
  const { month, keys, origins } = site;
  const limit = (value: number | null) => value ?? 'no limit';
  const lines = [
    ['site', site.id],
    ['name', site.name],
    ['origins', origins.length > 0 ? origins.join(' ') : 'none: the secret key alone is good'],
    ['megapixels', `${month.megapixels} this month of ${limit(site.monthlyMegapixels)}`],
    ['denoises', `${month.denoises} this month of ${limit(site.monthlyDenoises)}`],
    ['requests', `${limit(site.requestsPerMinute)} per minute`],
    ...keys.map(({ id, kind, shown, goodUntil }) => [
      'key',
      `${id}  ${kind}  ${shown}${goodUntil ? `  until ${goodUntil}` : ''}`,
    ]),
  ];
  return lines.map(([name = '', value]) => `${name.padEnd(10)}  ${value}`).join('\n');
}
