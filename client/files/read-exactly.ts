/** Pixels read at a time. */
const STRIP_PIXELS = 2 ** 21;

/**
 * [H,W,4] of a bitmap as it was decoded, colours of what is transparent included: a 2D canvas multiplies them with their
 * alpha, and loses them. Undefined where there is no WebGL, or the bitmap is larger than its textures.
 */
export function readExactly(bitmap: ImageBitmap, colorSpace: PredefinedColorSpace): Uint8ClampedArray | undefined {
  const { width, height } = bitmap;
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
  if (!gl) return undefined;
  try {
    if (Math.max(width, height) > (gl.getParameter(gl.MAX_TEXTURE_SIZE) as number)) return undefined;
    if ('unpackColorSpace' in gl) gl.unpackColorSpace = colorSpace;
    else if (colorSpace !== 'srgb') return undefined;
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
    gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
    gl.framebufferTexture2D(
      gl.FRAMEBUFFER,
      gl.COLOR_ATTACHMENT0,
      gl.TEXTURE_2D,
      gl.getParameter(gl.TEXTURE_BINDING_2D),
      0,
    );
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) return undefined;
    const rgba = new Uint8ClampedArray(width * height * 4);
    const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      const part = new Uint8Array(rgba.buffer, y * width * 4, count * width * 4);
      gl.readPixels(0, y, width, count, gl.RGBA, gl.UNSIGNED_BYTE, part);
    }
    return gl.getError() === gl.NO_ERROR ? rgba : undefined;
  } finally {
    // at once: browsers allow a page some sixteen of them
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
