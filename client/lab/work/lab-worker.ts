import { serve } from '../../bridge.ts';
import { addNoise, measure } from './measure.ts';
import { openPicture } from './pictures.ts';
import type { Methods } from './protocol.ts';

// What would hold up the page: pictures, noise, metrics, and the decoder that the latent plane is drawn with. TensorFlow
// comes with the first code.
const codes = () => import('./codes.ts');

serve<Methods>({
  open: openPicture,
  addNoise,
  measure,
  openCoder: async (model, { signal }) => (await codes()).openCoder(model, signal),
  decode: async ({ model, codes: wanted }) => (await codes()).decode(model, wanted),
  encode: async ({ model, image }) => (await codes()).encode(model, image),
});
