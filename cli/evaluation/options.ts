import { parseArgs } from 'node:util';
import { NOISE_KINDS } from '../../models/noise/kinds.ts';
import { numberOption, UsageError, userPath, wordOption } from '../command.ts';
import { ENGINES } from '../engines.ts';
import { KNOWN_SETS } from './sets.ts';
import { COLUMNS, NONE, REAL, SPEED, WHITE } from './tasks.ts';

const PARTS = [WHITE, ...NOISE_KINDS.map(({ name }) => name), REAL, NONE, SPEED];
const PRECISIONS = ['f16', 'q8'] as const;

export const HELP = `PSNR and SSIM of the published models, beside the published numbers.

  npm run evaluate                                  a quick look, on a few drawn scenes
  npm run evaluate -- --data <folder> --write       all models on the field's test sets, into docs/results.md

  --data <folder>       holds a folder per set (${KNOWN_SETS.join(', ')}), or
                        has these in test/; in real/, beside them, folders of NOISY_<name>.png and GT_<name>.png
  --models all          or fast,bm3d,... or fast@1.0.0 for one version of it
  --sets CBSD68,...     only these, and all models on them; any folder of PNG images will do
  --parts white,...     only these: ${PARTS.slice(0, 6).join(', ')},
                        ${PARTS.slice(6).join(', ')};
                        white is Gaussian noise by the field's protocol, none what happens to clean photographs, and
                        speed wants a machine that does nothing else
  --sigmas 15,25,50     of white noise
  --columns float,8-bit white noise neither clipped nor rounded, and as an 8-bit file holds it
  --auto                also let the pipeline estimate the sigma of white noise
  --precision f16,q8    one form of the weights, or both, and what the smaller one loses on white noise
  --engine wasm         or webgpu; filters need neither
  --published <folder>  another place for models than models/published, such as a fresh export
  --limit 0             only so many images of each set, for a quick look; 0 for all
  --write               store each figure as soon as it is measured, and write docs/results.md in the end; what is
                        stored is not measured again, so that the same command goes on where the last one ended
  --again               measure what is stored, too
  --render              only write docs/results.md anew from what is stored
  --crops               only draw the pictures of docs/results/crops anew, with what of --models is shown there
  --help
`;

/** @returns undefined where help was wanted. @throws UsageError for a wrong command line. */
export function parseOptions(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string' },
      models: { type: 'string', default: 'all' },
      sets: { type: 'string' },
      parts: { type: 'string' },
      sigmas: { type: 'string', default: '15,25,50' },
      columns: { type: 'string', default: COLUMNS.join() },
      auto: { type: 'boolean', default: false },
      precision: { type: 'string', default: 'f16' },
      engine: { type: 'string', default: 'wasm' },
      published: { type: 'string' },
      limit: { type: 'string', default: '0' },
      write: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      render: { type: 'boolean', default: false },
      crops: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const limit = numberOption('limit', values.limit, 0, 1e6);
  if (values.write) refuseToWrite({ ...values, limit });
  return {
    ...values,
    limit,
    data: values.data === undefined ? undefined : userPath(values.data),
    published: values.published === undefined ? undefined : userPath(values.published),
    engine: wordOption('engine', values.engine, ENGINES),
    wanted: {
      sets: values.sets?.split(','),
      parts: values.parts?.split(',').map((word) => wordOption('parts', word, PARTS)),
      sigmas: values.sigmas.split(',').map((sigma) => numberOption('sigmas', sigma, 0, 255)),
      columns: values.columns.split(',').map((word) => wordOption('columns', word, COLUMNS)),
      precisions: values.precision.split(',').map((word) => wordOption('precision', word, PRECISIONS)),
      auto: values.auto,
    },
  };
}

export type Options = NonNullable<ReturnType<typeof parseOptions>>;

/** Stored results are those of published models on whole sets. */
function refuseToWrite(values: { limit: number; data?: string | undefined; published?: string | undefined }): void {
  const { limit, data, published } = values;
  if (limit > 0) throw new UsageError('--write without --limit', 'both', 'Results are those of whole sets.');
  if (data === undefined) throw new UsageError('--data with --write', 'none', 'Drawn scenes compare with nothing.');
  if (published !== undefined) {
    throw new UsageError('--write without --published', 'both', 'Results are those of models that are published.');
  }
}
