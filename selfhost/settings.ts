import { resolve } from 'node:path';
import * as z from 'zod/mini';

/** A whole number in a range, from text; the default where it is not set. */
const whole = (preset: number, least: number, most: number) => {
  const expected = `a whole number from ${least} to ${most}`;
  const number = z.pipe(z.string().check(z.regex(/^\d{1,15}$/, expected)), z.transform(Number));
  return z._default(z.pipe(number, z.int().check(z.gte(least, expected), z.lte(most, expected))), preset);
};

const originRule = 'an origin as https://denoise.example, without a path';
const origin = z
  .string()
  .check(z.refine((text) => /^https?:/.test(text) && URL.parse(text)?.origin === text, originRule));

const DAYS_OF_A_CENTURY = 36_500;

/** Environment variables. Those that wrangler.toml has too are named and preset as there: a test compares them. */
const Environment = z.object({
  HOST: z._default(z.string(), '127.0.0.1'),
  /** 0: any free one. */
  PORT: whole(8787, 0, 65_535),
  /** The folder of everything that is kept. */
  DATA: z._default(z.string(), 'data'),
  /** What links begin with. Without it: http, and the Host that each request names. */
  PUBLIC_ORIGIN: z.exactOptional(origin),
  ADMIN_TOKEN: z.exactOptional(z.string()),
  EDGE_MAX_PIXELS: whole(65_536, 1, 2 ** 30),
  EDGE_MAX_BYTES: whole(1_048_576, 1, 2 ** 30),
  RETENTION_DAYS: whole(90, 15, DAYS_OF_A_CENTURY),
  ROLLUP_SECONDS: whole(3600, 1, 7 * 24 * 3600),
  LOCAL_KEYS: z.exactOptional(z.enum(['0', '1'], "'1', or '0'")),
});

export type Settings = z.output<typeof Environment>;

/** What is set to nothing is not set. @throws Error with a line for each setting that is wrong. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const set = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const parsed = z.safeParse(Environment, Object.fromEntries(set));
  if (parsed.success) return { ...parsed.data, DATA: resolve(parsed.data.DATA) };
  const lines = parsed.error.issues.map(({ path: [name = ''], message }) => {
    return `${String(name)}: expected ${message} but received ${JSON.stringify(environment[String(name)])}`;
  });
  throw new Error(lines.join('\n'));
}
