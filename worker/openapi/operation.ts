import type * as z from 'zod/mini';
import type { ProblemCode } from '../http/problem.ts';
import type { HeaderName } from './headers.ts';

type Schema = z.core.$ZodType;

/** Who may ask. Pages and servers have keys of their own kinds, the operator has the admin token. */
export type Access = 'anyone' | 'page or server' | 'server' | 'admin';

/** Bytes have no schema. */
export interface Content {
  readonly type: string;
  readonly schema?: Schema;
  readonly example?: unknown;
}

export interface PathParameter {
  readonly description: string;
  readonly example: string;
  /** A regular expression. */
  readonly pattern?: string;
}

/** A parameter or field whose name does not say it all; `example` only where it is a parameter. */
export interface Note {
  readonly description: string;
  readonly example?: string;
}

export interface Answer {
  readonly description: string;
  /** One per type that it may have. */
  readonly content?: Content | readonly Content[];
  readonly headers?: readonly HeaderName[];
}

/** The first is what the examples show. */
export const contentsOf = (content: Content | readonly Content[] | undefined): readonly Content[] =>
  content === undefined ? [] : [content].flat();

/** A route, as the API's reader sees it. What it takes is described by the very schemas that validate it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'patch' | 'delete';
  /** As Hono has it: `/v1/models/:id`. */
  readonly route: string;
  /** Name of the operation for generated clients. */
  readonly id: string;
  readonly tag: 'models' | 'plans' | 'denoise' | 'usage' | 'sites' | 'service';
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  /** `assets`: a file, which is served without the worker. */
  readonly servedBy?: 'worker' | 'assets';
  readonly path?: Record<string, PathParameter>;
  readonly query?: z.ZodMiniObject;
  /** Beside the schema, by name of a parameter of the query or of a field of the body. */
  readonly notes?: Record<string, Note>;
  readonly body?: Content | readonly Content[];
  /** By status. */
  readonly answers: Record<number, Answer>;
  /** Beside those that follow from `access`. */
  readonly problems?: readonly ProblemCode[];
}
