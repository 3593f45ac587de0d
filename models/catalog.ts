import { type ModelCard, parseCard } from './card.ts';
import balanced_1_0_0 from './published/balanced/1.0.0/card.json' with { type: 'json' };
import best_1_0_0 from './published/best/1.0.0/card.json' with { type: 'json' };
import bilateral_1_0_0 from './published/bilateral/1.0.0/card.json' with { type: 'json' };
import bm3d_1_0_0 from './published/bm3d/1.0.0/card.json' with { type: 'json' };
import convFashion_1_0_0 from './published/conv-fashion/1.0.0/card.json' with { type: 'json' };
import convMnist_1_0_0 from './published/conv-mnist/1.0.0/card.json' with { type: 'json' };
import denseFashion_1_0_0 from './published/dense-fashion/1.0.0/card.json' with { type: 'json' };
import denseMnist_1_0_0 from './published/dense-mnist/1.0.0/card.json' with { type: 'json' };
import fast_1_2_0 from './published/fast/1.2.0/card.json' with { type: 'json' };
import gaussian_1_0_0 from './published/gaussian/1.0.0/card.json' with { type: 'json' };
import mean_1_0_0 from './published/mean/1.0.0/card.json' with { type: 'json' };
import median_1_0_0 from './published/median/1.0.0/card.json' with { type: 'json' };
import mwcnn_1_1_0 from './published/mwcnn/1.1.0/card.json' with { type: 'json' };
import nlm_1_0_0 from './published/nlm/1.0.0/card.json' with { type: 'json' };
import pcaFashion_1_0_0 from './published/pca-fashion/1.0.0/card.json' with { type: 'json' };
import pcaMnist_1_0_0 from './published/pca-mnist/1.0.0/card.json' with { type: 'json' };
import photo_1_0_0 from './published/photo/1.0.0/card.json' with { type: 'json' };
import poolFashion_1_0_0 from './published/pool-fashion/1.0.0/card.json' with { type: 'json' };
import poolMnist_1_0_0 from './published/pool-mnist/1.0.0/card.json' with { type: 'json' };
import poolPhotos_1_0_0 from './published/pool-photos/1.0.0/card.json' with { type: 'json' };
import pridnet_1_1_0 from './published/pridnet/1.1.0/card.json' with { type: 'json' };
import red30_1_0_0 from './published/red30/1.0.0/card.json' with { type: 'json' };
import tv_1_0_0 from './published/tv/1.0.0/card.json' with { type: 'json' };
import vaeFashion_1_0_0 from './published/vae-fashion/1.0.0/card.json' with { type: 'json' };
import vaeMnist_1_0_0 from './published/vae-mnist/1.0.0/card.json' with { type: 'json' };
import wavelet_1_0_0 from './published/wavelet/1.0.0/card.json' with { type: 'json' };

/** Everything that is published, as people choose: our tiers, networks, autoencoders, filters; new versions first. */
const CARDS: readonly ModelCard[] = [
  fast_1_2_0,
  balanced_1_0_0,
  best_1_0_0,
  photo_1_0_0,
  mwcnn_1_1_0,
  pridnet_1_1_0,
  red30_1_0_0,
  convFashion_1_0_0,
  convMnist_1_0_0,
  denseFashion_1_0_0,
  denseMnist_1_0_0,
  pcaFashion_1_0_0,
  pcaMnist_1_0_0,
  poolFashion_1_0_0,
  poolMnist_1_0_0,
  poolPhotos_1_0_0,
  vaeFashion_1_0_0,
  vaeMnist_1_0_0,
  mean_1_0_0,
  gaussian_1_0_0,
  median_1_0_0,
  bilateral_1_0_0,
  nlm_1_0_0,
  tv_1_0_0,
  wavelet_1_0_0,
  bm3d_1_0_0,
].map(parseCard);

/** The cards of all models, of each model the newest version first. */
export function listCards(): readonly ModelCard[] {
  return CARDS;
}

/** The newest version of a model, or the one asked for. */
export function findCard(id: string, version?: string): ModelCard | undefined {
  return CARDS.find((card) => card.id === id && (version === undefined || card.version === version));
}
