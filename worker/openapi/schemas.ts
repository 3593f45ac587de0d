import * as z from 'zod/mini';
import { FilterCard, ModelCard, NetworkCard } from '../../models/card.ts';
import { Catalogue, ModelFile, ModelSummary } from '../answers/catalogue.ts';
import { Estimate } from '../answers/estimate.ts';
import { Health } from '../answers/health.ts';
import { Plan, PlanOutline } from '../answers/plan.ts';
import { Problem, ProblemCodeInfo } from '../answers/problem.ts';
import { CreatedKey, CreatedSite, Site, SiteKey, SiteList } from '../answers/site.ts';
import { UsageCounted, UsageReport } from '../answers/usage.ts';
import { PlanRequest } from '../routes/plans.ts';
import { NewSite, Rotation, SiteChanges } from '../routes/sites.ts';
import { Beacon } from '../routes/usage.ts';

/** Schemas that have a name in `components.schemas`, and in the generated types. */
const NAMED = {
  Catalogue,
  ModelSummary,
  ModelFile,
  ModelCard,
  NetworkCard,
  FilterCard,
  PlanRequest,
  Plan,
  PlanOutline,
  Estimate,
  UsageBeacon: Beacon,
  UsageCounted,
  UsageReport,
  NewSite,
  SiteChanges,
  Site,
  SiteKey,
  CreatedSite,
  SiteList,
  KeyRotation: Rotation,
  CreatedKey,
  Health,
  Problem,
  ProblemCodeInfo,
} as const;

export type JsonSchema = Record<string, unknown>;

const registry = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });

const uri = (id: string) => `#/components/schemas/${id}`;

/** `input`: what may be sent, before defaults and transforms. Answers have neither. */
const options = { io: 'input', target: 'draft-2020-12' } as const;

/** OpenAPI 3.1 names the dialect once, for the whole document, and schemas by their place in it. */
function bare({ $schema: _, $id: __, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

export function namedSchemas(): Record<string, JsonSchema> {
  const { schemas } = z.toJSONSchema(registry, { ...options, uri });
  return Object.fromEntries(Object.keys(NAMED).map((id) => [id, bare(schemas[id] as JsonSchema)]));
}

export const nameOf = (schema: z.core.$ZodType): string | undefined => registry.get(schema)?.id;

/** A reference, where the schema has a name. */
export function schemaOf(schema: z.core.$ZodType): JsonSchema {
  const id = nameOf(schema);
  return id === undefined ? bare(z.toJSONSchema(schema, options) as JsonSchema) : { $ref: uri(id) };
}
