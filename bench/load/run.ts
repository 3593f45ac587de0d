/**
 * What the edge bears: `npm run load -- plans`, `denoise`, `mixed` or `kill`. Linux only.
 *
 * `--write` puts what was measured into docs/reliability.md. Exits with 1 where something was lost, wrong or late.
 */
import { parseArgs } from 'node:util';

// wrangler reports usage and asks for a sample of metadata unless told not to, and is told when it is loaded
Object.assign(process.env, {
  WRANGLER_SEND_METRICS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_LOG: 'warn',
});

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    write: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    target: { type: 'string', default: 'wrangler' },
    images: { type: 'string', default: '30' },
    requests: { type: 'string', default: '1000' },
    plans: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
  },
});
const number = (name: 'seed' | 'rounds' | 'seconds' | 'images' | 'requests' | 'plans' | 'kills') =>
  Number(values[name]);

interface Outcome {
  readonly text: string;
  /** What must not happen; empty when all is well. */
  readonly faults?: readonly string[];
}

const MEASUREMENTS: Record<string, () => Promise<Outcome>> = {
  plans: async () => ({
    text: await (await import('./plans.ts')).measurePlans({ rounds: number('rounds'), seconds: number('seconds') }),
  }),
  denoise: async () => ({ text: await (await import('./denoise.ts')).measureDenoise({ rounds: number('images') }) }),
  mixed: async () => (await import('./mixed.ts')).mix({ seed: number('seed'), count: number('requests') }),
  kill: async () => {
    const { TARGET_NAMES } = await import('./targets.ts');
    const target = TARGET_NAMES.find((each) => each === values.target);
    if (!target) throw new Error(`Expected one of ${TARGET_NAMES.join(', ')} but received '${values.target}'.`);
    const options = { target, seed: number('seed'), plans: number('plans'), kills: number('kills') };
    return (await import('./kill.ts')).killAndCount(options);
  },
};

const [name = ''] = positionals;
const measure = MEASUREMENTS[name];
if (!measure) throw new Error(`Expected one of ${Object.keys(MEASUREMENTS).join(', ')} but received '${name}'.`);
const { text, faults = [] } = await measure();
console.log(text);
for (const fault of faults) console.error(`fault: ${fault}`);
if (values.write) await (await import('../table.ts')).writeBetween('reliability.md', name, text);
process.exit(faults.length > 0 ? 1 : 0);
