import { element } from '../page/element.ts';
import { askedModel, openDenoiser, takeShared } from './address.ts';
import { exampleFile } from './example.ts';
import { showHistory } from './history/show.ts';
import { onPhotos } from './intake/intake.ts';
import { keepPage } from './offline/register.ts';
import { NoiseLevel } from './panel/level.ts';
import { ModelChoice } from './panel/models.ts';
import { Panel, showProblem } from './panel/panel.ts';
import { MixSliders } from './panel/sliders.ts';
import { announce, showProgress } from './panel/status.ts';
import { addPhotos } from './queue/add.ts';
import { changeSettings } from './queue/change.ts';
import type { Item, Settings } from './queue/item.ts';
import { DISK_FULL, NOTHING_KEPT, problemOf } from './queue/problems.ts';
import { Queue } from './queue/queue.ts';
import { Results } from './queue/results.ts';
import { Runner } from './queue/runner.ts';
import { FIRST_SETTINGS, keepSettings, lastSettings } from './queue/settings.ts';
import { drawThumbnails } from './queue/thumbnails.ts';
import { saveAll, saveOne } from './save/save.ts';
import { setFallback } from './store/files.ts';
import { writeInWorker } from './store/write-in-worker.ts';
import { Strip } from './strip/strip.ts';
import { Feed } from './view/feed.ts';
import { Loupe } from './view/loupe.ts';
import { Stage } from './view/stage.ts';

const queue = new Queue();
const results = new Results(queue);
const runner = new Runner(queue, results, openDenoiser);
const stage = new Stage(new Feed(queue, runner, results));
const loupe = new Loupe(stage.photo);
const parts = { sliders: new MixSliders(), level: new NoiseLevel(), models: new ModelChoice() };
const panel = new Panel(runner, parts);
const strip = new Strip(queue, runner, (id) => select(id));

/** What the next photos start with. */
let settings: Settings = FIRST_SETTINGS;
let selected: string | undefined;
/** What of the selected photo the panel was filled with: not again while somebody is at the sliders. */
let filled = '';

const shown = () => queue.find(selected);

function select(id: string | undefined): void {
  selected = id;
  runner.select(id);
  filled = '';
  show();
}

/** After every change of anything. */
function show(): void {
  if (!shown()) {
    const next = queue.items[0]?.id;
    if (selected !== next) {
      select(next);
      return;
    }
  }
  const item = shown();
  strip.show(selected);
  panel.show(item);
  const facts = item ? `${item.id} ${item.outcome?.sigma} ${parts.models.model?.id}` : '';
  if (item && facts !== filled) {
    filled = facts;
    panel.fill(item);
  }
  showQueue();
  stage.show(item).catch(fail);
}

function showQueue(): void {
  const { items } = queue;
  const done = items.filter(({ state }) => state === 'done').length;
  const failed = items.filter(({ state }) => state === 'failed').length;
  const words = [
    `${done} of ${items.length} done`,
    failed > 0 ? `${failed} failed` : '',
    runner.paused ? 'paused' : '',
  ];
  // see strip.css
  element('work').dataset.photos = String(items.length);
  element('progress-of-all').textContent = words.filter(Boolean).join(', ');
  element('save-all', HTMLButtonElement).disabled = done === 0;
  const pause = element('pause');
  pause.ariaPressed = String(runner.paused);
  pause.textContent = runner.paused ? 'Resume' : 'Pause';
  const at = items.findIndex(({ id }) => id === selected);
  element('forward', HTMLButtonElement).disabled = at < 1;
  element('back', HTMLButtonElement).disabled = at < 0 || at === items.length - 1;
}

async function add(files: readonly File[]): Promise<void> {
  await opened;
  showProblem('banner', undefined);
  // not waited for: a visitor may leave the browser's question unanswered
  navigator.storage.persist?.().catch((reason) => console.debug('degrain: no persistent storage', reason));
  const { items, problem } = await addPhotos(queue, files, settings);
  if (items[0] && files.length === items.length) select(items[0].id);
  if (!problem) return;
  showProblem('banner', problem);
  element('banner-retry').hidden = false;
  retry = () => add(problem.files);
}

let retry: () => Promise<void> = async () => undefined;

/** Also what the next photos start with. */
async function change(parts: Partial<Settings>): Promise<void> {
  const item = shown();
  settings = { ...settings, ...parts };
  await keepSettings(settings);
  if (!item) return;
  const runsAgain = await changeSettings(queue, { runner, results }, item, parts);
  if (runsAgain) stage.again();
  filled = '';
  show();
}

function fail(reason: unknown): void {
  showProblem('banner', problemOf(reason));
  element('banner-retry').hidden = true;
}

/** Of a button that works on the photo that is shown. */
function onClick(id: string, use: (item: Item) => Promise<unknown> | unknown): void {
  element(id).addEventListener('click', async () => {
    const item = shown();
    if (!item) return;
    try {
      await use(item);
    } catch (reason) {
      fail(reason);
    }
  });
}

setFallback(writeInWorker);
onPhotos((files) => add(files).catch(fail));
element('example').addEventListener('click', () =>
  exampleFile()
    .then((file) => add([file]))
    .catch(fail),
);
element('banner-close').addEventListener('click', () => showProblem('banner', undefined));
element('banner-retry').addEventListener('click', () => retry().catch(fail));

/** What was changed and is not on the disk yet: what is saved has to wait for it. */
let changing: Promise<unknown> = Promise.resolve();
const onChange = (parts: Partial<Settings>) => {
  changing = Promise.all([changing, change(parts).catch(fail)]);
};
parts.sliders.onChange((mix) => stage.mix(mix), onChange);
parts.level.onChange((sigma) => onChange({ sigma }));
parts.models.onChange((model) => onChange({ model }));

onClick('stop', ({ id }) => runner.stop(id));
onClick('resume', () => {
  runner.paused = false;
});
onClick('question-yes', () => runner.answer(true));
onClick('question-no', () => runner.answer(false));
onClick('retry', async ({ id }) => {
  await queue.update(id, () => ({ state: 'waiting', begun: 0 }));
  stage.again();
});
onClick('download', async ({ id }) => {
  await changing;
  const item = queue.find(id);
  if (item) await saveOne(queue, item);
});
onClick('for-all', async (item) => {
  for (const other of queue.items) await changeSettings(queue, { runner, results }, other, item.settings);
  announce(`The settings of ${item.name} are those of all photos.`);
});
onClick('remove', async ({ id }) => {
  const at = queue.items.findIndex((item) => item.id === id);
  const next = queue.items[at + 1] ?? queue.items[at - 1];
  runner.leave(id);
  if (next) select(next.id);
  await queue.remove(id);
});
onClick('forward', ({ id }) => queue.move(id, -1));
onClick('back', ({ id }) => queue.move(id, 1));
onClick('pause', () => {
  runner.paused = !runner.paused;
});
onClick('save-all', async () => {
  await changing;
  const done = queue.items.filter(({ state }) => state === 'done');
  await saveAll(queue, done);
});
onClick('clear', async () => {
  const unsaved = queue.items.filter(({ saved }) => !saved).length;
  if (unsaved > 0 && !confirm(`Remove all photos? ${unsaved} of them have not been saved.`)) return;
  for (const { id } of queue.items) {
    runner.leave(id);
    await queue.remove(id);
  }
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape' || !runner.running) return;
  runner.stop(runner.running);
  announce('Stopped.');
});

runner.watch((event) => {
  if (event.id === selected && 'progress' in event) showProgress(event.progress);
});
for (const target of [queue, runner]) target.addEventListener('change', show);
stage.photo.addEventListener('done', () => loupe.update());
showHistory();

/** What was left here by the last visit. */
async function open(): Promise<void> {
  settings = { ...(await lastSettings()), ...(askedModel && { model: askedModel }) };
  await queue.open();
  show();
  if (takeShared() === DISK_FULL.code) showProblem('banner', DISK_FULL);
  drawThumbnails(queue);
  runner.work().catch(fail);
  parts.models.open(shown()?.settings.model ?? settings.model).then(() => {
    filled = '';
    show();
  }, fail);
}

// not awaited at the top level: the bundler would then cut the scripts that other sites embed into chunks
const opened = open();
opened.catch((reason) => {
  console.error('degrain: the app', reason);
  showProblem('banner', NOTHING_KEPT);
});
keepPage().catch((reason) => console.debug('degrain: no service worker', reason));
