import { DATA_SETS, type Experiment, FACTORS, FIRST, PICTURES, SIDES, TABS, VIEWS, ZOOMS } from './experiment.ts';

/** How a value stands in an address; `read` gives undefined for what it cannot be. */
interface Field<Value> {
  read(text: string): Value | undefined;
  write(value: Value): string;
}

type Fields<Setup> = { readonly [Name in keyof Setup]-?: Field<Setup[Name]> };

/** One of a list of words or of numbers. */
const oneOf = <Value extends string | number>(values: readonly Value[]): Field<Value> => ({
  read: (text) => values.find((value) => String(value) === text),
  write: String,
});

const number = (lowest: number, highest: number): Field<number> => ({
  read: (text) => inRange(text.trim() === '' ? Number.NaN : Number(text), lowest, highest),
  write: (value) => String(Number(value.toFixed(4))),
});

const seed: Field<number> = {
  read: (text) => (/^\d+$/.test(text) ? inRange(Number(text), 0, 2 ** 31) : undefined),
  write: String,
};

/** A name of a model, a noise or an example: whether there is such a one, its own room knows. */
const name: Field<string> = {
  read: (text) => (/^[a-z0-9-]{1,40}$/.test(text) ? text : undefined),
  write: String,
};

const list = <Value>(field: Field<Value>, most: number): Field<readonly Value[]> => ({
  read(text) {
    const values = text === '' ? [] : text.split(',').slice(0, most).map(field.read);
    return values.includes(undefined) ? undefined : (values as Value[]);
  },
  write: (values) => values.map(field.write).join(','),
});

const inRange = (value: number, lowest: number, highest: number) =>
  value >= lowest && value <= highest ? value : undefined;

const CODE = 4;
const FIELDS: { [Room in 'bench' | 'digits' | 'latent']: Fields<Experiment[Room]> } = {
  bench: {
    picture: oneOf(PICTURES),
    side: oneOf(SIDES),
    noise: name,
    level: number(0, 1e6),
    seed,
    sigma: oneOf(['told', 'estimated']),
    models: list(name, 20),
    view: oneOf(VIEWS),
    x: number(0, 1),
    y: number(0, 1),
    zoom: oneOf(ZOOMS),
  },
  digits: { data: oneOf(DATA_SETS), example: name, factor: oneOf(FACTORS), seed },
  latent: {
    data: oneOf(DATA_SETS),
    x: number(-CODE, CODE),
    y: number(-CODE, CODE),
    base: list(number(-CODE, CODE), 64),
    from: name,
    to: name,
    seed,
  },
};

/** The address's part after `#`: the tab, and all of the tab's experiment, so that other defaults change no link. */
export function toLink(experiment: Experiment): string {
  const { tab } = experiment;
  const parameters = new URLSearchParams({ tab });
  const fields = FIELDS[tab] as Fields<Record<string, unknown>>;
  const setup = experiment[tab] as unknown as Record<string, unknown>;
  for (const [name, field] of Object.entries(fields)) parameters.set(name, field.write(setup[name]));
  return parameters.toString().replaceAll('%2C', ',');
}

/** The experiment of a link: what it leaves out or has wrong stays as in `current`. */
export function fromLink(link: string, current: Experiment = FIRST): Experiment {
  const parameters = new URLSearchParams(link.replace(/^#/, ''));
  const tab = TABS.find((name) => name === parameters.get('tab')) ?? current.tab;
  const fields = Object.entries(FIELDS[tab] as Fields<Record<string, unknown>>);
  const read = fields.map(([name, field]) => [name, field.read(parameters.get(name) ?? '\0')] as const);
  const setup = Object.fromEntries(read.filter(([name, value]) => value !== undefined && parameters.has(name)));
  return { ...current, tab, [tab]: { ...current[tab], ...setup } };
}
