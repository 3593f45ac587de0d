import type { AttributeElement } from './attributes.ts';
import type { Face } from './face.ts';

/** The picture as it came: the file, or the address, or else what the page has put into the element. */
export class Original {
  readonly #host: AttributeElement;
  readonly #face: Face;
  #file: Blob | null = null;
  /** Of the file; as long as the element is in a page. */
  #address = '';

  constructor(host: AttributeElement, face: Face) {
    this.#host = host;
    this.#face = face;
  }

  get file() {
    return this.#file;
  }
  set file(file: Blob | null) {
    this.forget();
    this.#file = file;
  }

  get exists(): boolean {
    return this.#file !== null || this.#host.src !== '' || this.#child !== null;
  }

  /** What shows it. */
  get image(): HTMLImageElement {
    return this.#child ?? this.#face.image;
  }

  /** What changes when the page puts another picture into its own <img>; not when the browser chooses another size. */
  get childSource(): string | undefined {
    return this.#child?.src;
  }

  /** For the name of what is saved. */
  get name(): string {
    return (this.#file as File | null)?.name ?? (this.#host.src || this.image.currentSrc);
  }

  show(): void {
    const { image, slot } = this.#face;
    const isOwn = this.#child === null;
    this.#face.isEmpty = !this.exists;
    slot.hidden = isOwn;
    image.hidden = !isOwn;
    if (!isOwn) return;
    image.alt = this.#host.alt;
    for (const name of ['width', 'height'] as const) {
      if (this.#host[name] > 0) image[name] = this.#host[name];
      else image.removeAttribute(name);
    }
    if (this.#file && !this.#address) this.#address = URL.createObjectURL(this.#file);
    const address = this.#address || this.#host.src;
    if (image.getAttribute('src') === address) return;
    if (address) image.src = address;
    else image.removeAttribute('src');
  }

  /** An address holds its file in memory. */
  forget(): void {
    URL.revokeObjectURL(this.#address);
    this.#address = '';
  }

  get #child(): HTMLImageElement | null {
    return this.#file || this.#host.src ? null : this.#host.querySelector('img');
  }
}
