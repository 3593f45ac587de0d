import * as z from 'zod/mini';

// Short forms of what answers are made of. They describe; nothing of ours is checked against them but in tests.

export const px = z.int().check(z.nonnegative(), z.describe('px'));
export const count = z.int().check(z.nonnegative());
export const bytes = z.int().check(z.nonnegative(), z.describe('bytes'));
export const address = z.url().check(z.describe('absolute address'));
export const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/), z.describe('SHA-256, hex'));

/** What a schema describes, for code that only makes it. */
export type Made<Schema extends z.core.$ZodType> = Frozen<z.output<Schema>>;

type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;
