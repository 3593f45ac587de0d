// The parts of the API's description that the reference shows. It is ours (worker/openapi makes it), so this is no
// reader of OpenAPI at large.

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Record<string, Schema>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: Schema | boolean;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly example?: string;
  readonly schema: Schema;
}

export type Content = Record<
  string,
  { schema?: Schema; example?: unknown; examples?: Record<string, { $ref: string }> }
>;

export interface Response {
  readonly description: string;
  readonly headers?: Record<string, unknown>;
  readonly content?: Content;
}

export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Record<string, readonly string[]>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Record<string, Response>;
}

export interface Api {
  readonly info: { readonly version: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: {
    readonly schemas: Record<string, Schema>;
    readonly examples: Record<string, { summary: string; value: { status: number } & Record<string, unknown> }>;
    readonly headers: Record<string, { readonly description: string; readonly example: string }>;
    readonly securitySchemes: Record<string, { readonly description: string }>;
  };
}

export const lastPart = (reference: string) => reference.split('/').at(-1) as string;
