import { DegrainError } from '../../../models/errors.ts';

/** A node of a TF.js GraphModel. */
export interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, Attribute>>;
}

/** Strings are in Base64, integers in decimal. */
interface Attribute {
  readonly s?: string;
  readonly i?: string | number;
  readonly list?: { readonly i?: readonly (string | number)[]; readonly s?: readonly string[] };
}

export const nodesOf = (topology: object): readonly Node[] => (topology as { node?: readonly Node[] }).node ?? [];

export const textOf = ({ attr }: Node, name: string): string => atob(attr?.[name]?.s ?? '');
export const textsOf = ({ attr }: Node, name: string): string[] => (attr?.[name]?.list?.s ?? []).map(atob);
export const integerOf = ({ attr }: Node, name: string): number => Number(attr?.[name]?.i ?? 0);
export const integersOf = ({ attr }: Node, name: string): number[] => (attr?.[name]?.list?.i ?? []).map(Number);

/** What this engine has no kernel for. Another engine runs it. */
export function refuse(node: Pick<Node, 'name' | 'op'>, expected: string): DegrainError {
  return new DegrainError('engine-unavailable', {
    expected: `a graph of ${expected}`,
    received: `${node.op} '${node.name}'`,
    remedy: "Use another engine: 'wgsl' has kernels for the tiers, RED30 and MWCNN only.",
  });
}
