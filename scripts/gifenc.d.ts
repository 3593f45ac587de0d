/** gifenc 1.0.3 brings no types. What scripts/recording.ts uses of it. */
declare module 'gifenc' {
  type Palette = number[][];
  interface Frame {
    palette: Palette;
    /** ms. */
    delay: number;
    /** 1: the next frame is drawn over this one. */
    dispose?: number;
    transparent?: boolean;
    transparentIndex?: number;
  }
  export function GIFEncoder(): {
    writeFrame(index: Uint8Array, width: number, height: number, frame: Frame): void;
    finish(): void;
    bytes(): Uint8Array;
  };
  export function quantize(rgba: Uint8ClampedArray, colours: number): Palette;
  export function applyPalette(rgba: Uint8ClampedArray, palette: Palette): Uint8Array;
}
