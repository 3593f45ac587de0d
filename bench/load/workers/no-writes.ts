import edge, { SiteLedger } from '../../../worker/index.ts';

/** The edge with objects that agree at once and write nothing: all of a plan but the writing. */
class Agreeing extends SiteLedger {
  override async plan() {
    return { readable: true, value: 'new' } as const;
  }
}

export { Agreeing as SiteLedger };

export default { fetch: edge.fetch };
