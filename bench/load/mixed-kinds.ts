import { createHash, randomUUID } from 'node:crypto';
import { filesToRun } from '../../models/card.ts';
import { listCards } from '../../models/catalog.ts';
import { runsAtEdge } from '../../models/limits.ts';
import type { Random } from '../../test/fuzz/random.ts';
import { INVALID, TOO_LARGE } from '../../test/hostile/attacks.ts';
import { BROKEN_JPEGS, soundJpeg, TOO_LARGE_JPEGS } from '../../test/hostile/jpeg.ts';
import { plainPng } from '../../test/hostile/png.ts';
import { readSize } from '../../worker/image/files.ts';
import { fileUrl } from '../../worker/published.ts';

/** A request, and what is wrong with the answer to it: undefined if nothing. */
export interface Ask {
  readonly path: string;
  readonly init?: RequestInit;
  readonly judge: (answer: Answer) => string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const KEY = { authorization: 'Bearer sk_local' };
const json = ({ bytes }: Answer) => JSON.parse(new TextDecoder().decode(bytes));
const post = (body: BodyInit, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers: { ...KEY, ...headers },
});

/** The status first: other answers have other bodies. */
const when = (status: number, right: (answer: Answer) => boolean) => (answer: Answer) => {
  if (answer.status !== status) return `${answer.status} ${new TextDecoder().decode(answer.bytes.subarray(0, 300))}`;
  return right(answer) ? undefined : `another body: ${new TextDecoder().decode(answer.bytes.subarray(0, 300))}`;
};

const cards = listCards();
const EDGE = 'https://edge.example';
const files = cards.flatMap((card) =>
  (['q8', 'f16'] as const).flatMap((precision) =>
    filesToRun(card, precision).map((file) => ({ ...file, path: fileUrl(EDGE, card, file).slice(EDGE.length) })),
  ),
);
const filters = cards.filter((card) => card.family === 'filter' && runsAtEdge(card)).map(({ id }) => id);

type Tile = { width: number; height: number };
const area = (tiles: readonly Tile[]) => tiles.reduce((sum, { width, height }) => sum + width * height, 0);

function plan(random: Random): Ask {
  const request = {
    planId: randomUUID(),
    model: random.pick(cards.filter(({ family }) => family === 'tier')).id,
    width: 1 + random.below(6000),
    height: 1 + random.below(6000),
    // on `cpu` large images have no plan
    device: { backend: random.pick(['webgpu', 'wasm']) },
  };
  const pixels = request.width * request.height;
  const right = (answer: Answer) => json(answer).planId === request.planId && area(json(answer).tiles) === pixels;
  return { path: '/v1/plans', init: post(JSON.stringify(request)), judge: when(200, right) };
}

/** Of a client that made its plan alone: the plan counts with it. */
function beacon(random: Random): Ask {
  const report = {
    ...{ planId: randomUUID(), backend: random.pick(['wgsl', 'wasm', 'cpu']), adapter: '', tiles: random.below(40) },
    ...{ milliseconds: random.below(5000), outcome: random.pick(['ok', 'failed', 'aborted']) },
    plan: { model: 'fast', width: 1 + random.below(4000), height: 1 + random.below(4000) },
  };
  return { path: '/v1/usage', init: post(JSON.stringify(report)), judge: when(202, (answer) => json(answer).counted) };
}

function denoise(random: Random): Ask {
  const type = random.pick(['png', 'jpeg'] as const);
  const side = 8 + random.below(40);
  const file = type === 'png' ? plainPng(side, side) : soundJpeg(random.pick(['4:2:0', 'progressive']));
  const size = readSize(`image/${type}`, file);
  const right = ({ headers, bytes }: Answer) => {
    const { width, height } = readSize(`image/${type}`, bytes);
    return headers.get('content-type') === `image/${type}` && width === size.width && height === size.height;
  };
  const model = random.pick(['fast', ...filters]);
  return {
    path: `/v1/denoise?model=${model}&sigma=20`,
    init: post(file, { 'content-type': `image/${type}` }),
    judge: when(200, right),
  };
}

function hostile(random: Random): Ask {
  const type = random.pick(['png', 'jpeg'] as const);
  const [status, code] = random.pick([
    ...Array(4).fill([400, 'invalid-image'] as const),
    [413, 'image-too-large'] as const,
  ]) as [number, string];
  const makers = { png: [INVALID, TOO_LARGE], jpeg: [BROKEN_JPEGS, TOO_LARGE_JPEGS] }[type];
  const file = random.pick(
    Object.values(makers[status === 400 ? 0 : 1] as Record<string, () => Uint8Array<ArrayBuffer>>),
  )();
  const right = (answer: Answer) =>
    answer.headers.get('content-type') === 'application/problem+json' && json(answer).type === `/problems/${code}`;
  return {
    path: '/v1/denoise?model=mean&sigma=10',
    init: post(file, { 'content-type': `image/${type}` }),
    judge: when(status, right),
  };
}

/** What is asked, how many times of a thousand, and how. */
export const KINDS: Record<string, { of1000: number; make: (random: Random) => Ask }> = {
  '`GET /v1/models`': {
    of1000: 100,
    make: () => ({ path: '/v1/models', judge: when(200, (answer) => json(answer).models.length === cards.length) }),
  },
  '`GET /v1/models/:id`': {
    of1000: 100,
    make: (random) => {
      const { id } = random.pick(cards);
      return { path: `/v1/models/${id}`, judge: when(200, (answer) => json(answer).id === id) };
    },
  },
  'files of models': {
    of1000: 100,
    make: (random) => {
      const { path, sha256 } = random.pick(files);
      const right = ({ bytes }: Answer) => createHash('sha256').update(bytes).digest('hex') === sha256;
      return { path, judge: when(200, right) };
    },
  },
  '`POST /v1/plans`': { of1000: 300, make: plan },
  '`POST /v1/usage`': { of1000: 150, make: beacon },
  '`POST /v1/denoise`': { of1000: 150, make: denoise },
  'hostile images': { of1000: 100, make: hostile },
};
