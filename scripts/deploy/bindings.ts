/** What a binding gives the worker, by the type that the code declares for it. */
export type BindingType =
  | 'Fetcher'
  | 'DurableObjectNamespace'
  | 'D1Database'
  | 'R2Bucket'
  | 'Queue'
  | 'KVNamespace'
  | 'AnalyticsEngineDataset'
  | 'RateLimit'
  | 'number'
  | 'string';

export interface Declared {
  readonly type: string;
  /** The code does without it: an optional binding, or a secret. */
  readonly optional: boolean;
}

/** The parts of wrangler's configuration that bind something. */
export interface Bindings {
  readonly assets?: { readonly binding?: string } | undefined;
  readonly vars?: Record<string, unknown>;
  readonly durable_objects?: { readonly bindings?: readonly { readonly name: string }[] };
  readonly queues?: { readonly producers?: readonly { readonly binding: string }[] };
  readonly d1_databases?: readonly { readonly binding: string }[];
  readonly r2_buckets?: readonly { readonly binding: string }[];
  readonly kv_namespaces?: readonly { readonly binding: string }[];
  readonly analytics_engine_datasets?: readonly { readonly binding: string }[];
  readonly ratelimits?: readonly { readonly name: string }[];
}

/** The members of the interface `Env`, from its source. A type's parameters are left out. */
export function declaredBindings(source: string): Map<string, Declared> {
  const body = /export interface Env \{\n([\s\S]*?)\n\}/.exec(source)?.[1];
  if (body === undefined) throw new Error('Expected `export interface Env` in worker/env.ts but found none');
  const members = body.matchAll(/^ {2}(?:readonly )?(\w+)(\?)?: (\w+)/gm);
  return new Map(
    [...members].map(([, name = '', optional, type = '']) => [name, { type, optional: optional === '?' }]),
  );
}

/** What the configuration binds, by name. */
export function boundBindings(config: Bindings): Map<string, BindingType> {
  const bound = new Map<string, BindingType>();
  const add = (type: BindingType, names: readonly (string | undefined)[] = []) => {
    for (const name of names) if (name) bound.set(name, type);
  };
  add('Fetcher', [config.assets?.binding]);
  add(
    'DurableObjectNamespace',
    config.durable_objects?.bindings?.map(({ name }) => name),
  );
  add(
    'Queue',
    config.queues?.producers?.map(({ binding }) => binding),
  );
  add(
    'D1Database',
    config.d1_databases?.map(({ binding }) => binding),
  );
  add(
    'R2Bucket',
    config.r2_buckets?.map(({ binding }) => binding),
  );
  add(
    'KVNamespace',
    config.kv_namespaces?.map(({ binding }) => binding),
  );
  add(
    'AnalyticsEngineDataset',
    config.analytics_engine_datasets?.map(({ binding }) => binding),
  );
  add(
    'RateLimit',
    config.ratelimits?.map(({ name }) => name),
  );
  for (const [name, value] of Object.entries(config.vars ?? {})) {
    bound.set(name, typeof value === 'number' ? 'number' : 'string');
  }
  return bound;
}

/** What is wrong, one sentence each; nothing where code and configuration agree. */
export function disagreements(declared: Map<string, Declared>, bound: Map<string, BindingType>): string[] {
  const missing = [...declared]
    .filter(([name, { optional }]) => !optional && !bound.has(name))
    .map(([name, { type }]) => `worker/env.ts declares ${name}: ${type}, and wrangler.toml binds nothing to it.`);
  const unknown = [...bound]
    .filter(([name]) => !declared.has(name))
    .map(([name, type]) => `wrangler.toml binds ${name} (${type}), which worker/env.ts does not declare.`);
  const different = [...bound].flatMap(([name, type]) => {
    const wanted = declared.get(name)?.type;
    if (wanted === undefined || wanted === type) return [];
    return [`worker/env.ts declares ${name}: ${wanted}, and wrangler.toml binds a ${type} to it.`];
  });
  return [...missing, ...unknown, ...different];
}
