import { element } from '../../page/element.ts';
import type { DenoiseImageElement, View } from '../../widget/contract.ts';
import { loadElement } from '../address.ts';
import { type Item, isTooLarge, type Settings } from '../queue/item.ts';
import { readFile } from '../store/files.ts';
import type { Feed } from './feed.ts';

/** The large photo: the element, with this page's own buttons around it. */
export class Stage {
  readonly photo = element('photo') as DenoiseImageElement;
  readonly #frame = element('frame');
  readonly #zoom = element('zoom', HTMLButtonElement);
  readonly #feed: Feed;
  #shown: string | undefined;

  constructor(feed: Feed) {
    this.#feed = feed;
    this.photo.denoiser = feed;
    element('views').addEventListener('change', ({ target }) => {
      this.photo.view = (target as HTMLInputElement).value as View;
    });
    this.#zoom.addEventListener('click', () => this.#setZoom(this.#zoom.ariaPressed !== 'true'));
    loadElement()
      .then(() => this.#before?.addEventListener('load', () => this.#fit()))
      .catch((reason) => console.error('degrain: the element', reason));
  }

  /** What the element shows before and after; its parts are what it lets a page see. */
  get #before(): HTMLImageElement | null | undefined {
    return this.photo.shadowRoot?.querySelector<HTMLImageElement>('img[part~=before]');
  }

  async show(item: Item | undefined): Promise<void> {
    if (item?.id === this.#shown) {
      // it ran again after it had failed
      if (this.photo.state === 'failed' && item?.state !== 'failed') this.again();
      return;
    }
    this.#shown = item?.id;
    const file = item && (await readFile('photos', item.id));
    // another one was chosen meanwhile
    if (item?.id !== this.#shown) return;
    this.#setZoom(false);
    if (!item || !file || isTooLarge(item)) {
      this.photo.file = null;
      return;
    }
    const named = new File([file], item.name, { type: item.type });
    this.#feed.name(named, item.id);
    this.photo.alt = item.name;
    this.mix(item.settings);
    this.photo.file = named;
  }

  mix({ strength, luma, chroma }: Pick<Settings, 'strength' | 'luma' | 'chroma'>): void {
    Object.assign(this.photo, { strength, luma, chroma });
  }

  /** The network runs again, or has something to say again. */
  again(): void {
    this.photo.denoise().catch(() => 'the panel says so');
  }

  #fit(): void {
    const { naturalWidth: width = 3, naturalHeight: height = 2 } = this.#before ?? {};
    this.#frame.style.setProperty('--ratio', String(width / height));
  }

  #setZoom(full: boolean): void {
    this.#zoom.ariaPressed = String(full);
    this.photo.zoom = full ? 'full' : 'fit';
  }
}
