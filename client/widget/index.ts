import { DenoiseImage } from './denoise-image.ts';

export type { DenoiseImageElement, DenoiseImageEvents, State, View } from './contract.ts';
export type { Labels } from './labels.ts';
export { DenoiseImage };

// a page may have two scripts that bring it
if (!customElements.get('denoise-image')) customElements.define('denoise-image', DenoiseImage);

declare global {
  interface HTMLElementTagNameMap {
    'denoise-image': DenoiseImage;
  }
}
