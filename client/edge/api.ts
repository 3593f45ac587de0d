// Generated from the API's description by `npm run api`; a test fails where it is out of date.

export type ModelCard = FilterCard | NetworkCard;

export interface Schemas {
  Catalogue: Catalogue;
  ModelSummary: ModelSummary;
  ModelFile: ModelFile;
  ModelCard: ModelCard;
  NetworkCard: NetworkCard;
  FilterCard: FilterCard;
  PlanRequest: PlanRequest;
  Plan: Plan;
  PlanOutline: PlanOutline;
  Estimate: Estimate;
  UsageBeacon: UsageBeacon;
  UsageCounted: UsageCounted;
  UsageReport: UsageReport;
  NewSite: NewSite;
  SiteChanges: SiteChanges;
  Site: Site;
  SiteKey: SiteKey;
  CreatedSite: CreatedSite;
  SiteList: SiteList;
  KeyRotation: KeyRotation;
  CreatedKey: CreatedKey;
  Health: Health;
  Problem: Problem;
  ProblemCodeInfo: ProblemCodeInfo;
}
export interface Catalogue {
  models: ModelSummary[];
}
export interface ModelSummary {
  id: string;
  version: string;
  title: string;
  description: string;
  family: 'tier' | 'network' | 'autoencoder' | 'filter';
  task: 'denoise';
  license: string;
  sigma:
    | {
        kind: 'map';
        min: number;
        max: number;
        correlatedGain: number;
      }
    | {
        kind: 'blind';
      };
  experimental?: string;
  parameters?: number;
  gmacsPerMegapixel?: number;
  size?: {
    width: number;
    height: number;
  };
  /**
   * whether POST /v1/denoise runs it
   */
  edge: boolean;
  files: {
    f16: ModelFile[];
    q8: ModelFile[];
  };
  links: {
    /**
     * absolute address
     */
    card: string;
  };
}
export interface ModelFile {
  /**
   * absolute address
   */
  url: string;
  name: string;
  role: 'graph' | 'weights-f16' | 'weights-q8' | 'golden';
  /**
   * bytes
   */
  bytes: number;
  /**
   * SHA-256, hex
   */
  sha256: string;
}
export interface FilterCard {
  format: 2;
  id: string;
  version: string;
  title: string;
  description: string;
  task: 'denoise';
  license: string;
  experimental?: string;
  sigma:
    | {
        kind: 'map';
        min: number;
        max: number;
        correlatedGain: number;
      }
    | {
        kind: 'blind';
      };
  halo: {
    exact: number | null;
    measured: number;
  };
  sizeMultiple: number;
  memory: {
    largestBufferBytesPerPixel: number;
    peakBytesPerPixel: number;
  };
  metrics: {
    set: string;
    noise: 'float' | '8-bit' | 'factor' | 'camera';
    sigma?: number;
    factor?: number;
    psnr: number;
    ssim?: number;
    crossEntropy?: number;
    protocol: string;
  }[];
  limits: string[];
  family: 'filter';
  paper: string;
  edge: boolean;
}
export interface NetworkCard {
  format: 2;
  id: string;
  version: string;
  title: string;
  description: string;
  task: 'denoise';
  license: string;
  experimental?: string;
  sigma:
    | {
        kind: 'map';
        min: number;
        max: number;
        correlatedGain: number;
      }
    | {
        kind: 'blind';
      };
  halo: {
    exact: number | null;
    measured: number;
  };
  sizeMultiple: number;
  memory: {
    largestBufferBytesPerPixel: number;
    peakBytesPerPixel: number;
  };
  metrics: {
    set: string;
    noise: 'float' | '8-bit' | 'factor' | 'camera';
    sigma?: number;
    factor?: number;
    psnr: number;
    ssim?: number;
    crossEntropy?: number;
    protocol: string;
  }[];
  limits: string[];
  family: 'tier' | 'network' | 'autoencoder';
  architecture: {
    [k: string]: unknown;
  };
  channels: {
    input: 1 | 3;
    output: 1 | 3;
  };
  size?: {
    width: number;
    height: number;
  };
  receptiveField: {
    radius: number | null;
  };
  parameters: number;
  gmacsPerMegapixel: number;
  graph: {
    model: string;
    input: string;
    output: string;
    latent?: {
      node: string;
      size: number;
    };
  };
  files: {
    name: string;
    bytes: number;
    sha256: string;
    role: 'graph' | 'weights-f16' | 'weights-q8' | 'golden';
  }[];
  quantisation: {
    q8PsnrCost: number;
  };
  training: {
    data: {
      name: string;
      licence: string;
      images: number;
    }[];
    recipe: string;
    patches: number;
    hours: number;
    hardware: string;
  };
}
export interface PlanRequest {
  /**
   * `fast`, or `fast@1.2.0` for that version
   */
  model: string;
  /**
   * px; at most 2^28 pixels in all
   */
  width: number;
  /**
   * px
   */
  height: number;
  /**
   * Of the image, alpha included
   */
  channels?: number;
  /**
   * How weights travel: `q8` is half the download of `f16`; chosen for device and connection unless given
   */
  precision?: 'f16' | 'q8';
  /**
   * What will run it: the engine, WebGPU's limits, and the memory you are willing to spend
   */
  device?: {
    backend?: 'webgpu' | 'wasm' | 'cpu';
    maxBufferSize?: number;
    maxStorageBufferBindingSize?: number;
    shaderF16?: boolean;
    memoryBytes?: number;
  };
  /**
   * As `navigator.connection` has it; decides on the precision, and is not stored
   */
  connection?: {
    saveData?: boolean;
    downlinkMbps?: number;
  };
  /**
   * Your own UUID, a new one for each image; a retry with it counts once
   */
  planId?: string;
}
export interface Plan {
  model: {
    id: string;
    version: string;
    /**
     * absolute address
     */
    card: string;
    files: ModelFile[];
  };
  precision: 'f16' | 'q8';
  /**
   * px
   */
  width: number;
  /**
   * px
   */
  height: number;
  /**
   * size of every window that the network sees, px
   */
  tile: {
    /**
     * px
     */
    width: number;
    /**
     * px
     */
    height: number;
  };
  /**
   * px
   */
  halo: number;
  /**
   * px: windows start at multiples of it
   */
  multiple: number;
  /**
   * what each window answers for; they cover the image once, those in the middle come first
   */
  tiles: {
    /**
     * px
     */
    x: number;
    /**
     * px
     */
    y: number;
    /**
     * px
     */
    width: number;
    /**
     * px
     */
    height: number;
  }[];
  estimate: {
    /**
     * 1e9 multiply-accumulates
     */
    gmacs: number;
    /**
     * bytes
     */
    peakBytes: number;
    /**
     * bytes
     */
    downloadBytes: number;
  };
  /**
   * yours, or a new one: for the report to POST /v1/usage
   */
  planId: string;
  /**
   * the ledger is away: it will be counted
   */
  queued?: true;
}
export interface PlanOutline {
  model: {
    id: string;
    version: string;
    /**
     * absolute address
     */
    card: string;
    files: ModelFile[];
  };
  precision: 'f16' | 'q8';
  /**
   * px
   */
  width: number;
  /**
   * px
   */
  height: number;
  /**
   * size of every window that the network sees, px
   */
  tile: {
    /**
     * px
     */
    width: number;
    /**
     * px
     */
    height: number;
  };
  /**
   * px
   */
  halo: number;
  /**
   * px: windows start at multiples of it
   */
  multiple: number;
  /**
   * what each window answers for; they cover the image once, those in the middle come first
   */
  tiles: {
    /**
     * px
     */
    x: number;
    /**
     * px
     */
    y: number;
    /**
     * px
     */
    width: number;
    /**
     * px
     */
    height: number;
  }[];
  estimate: {
    /**
     * 1e9 multiply-accumulates
     */
    gmacs: number;
    /**
     * bytes
     */
    peakBytes: number;
    /**
     * bytes
     */
    downloadBytes: number;
  };
}
export interface Estimate {
  /**
   * id@version
   */
  model: string;
  type: 'image/png' | 'image/jpeg';
  /**
   * px
   */
  width: number;
  /**
   * px
   */
  height: number;
  megapixels: number;
  /**
   * whether the edge takes it, as far as size tells
   */
  withinLimits: boolean;
  limits: {
    /**
     * px
     */
    pixels: number;
    /**
     * bytes
     */
    bytes: number;
  };
  /**
   * windows that the edge would run; missing where there would be too many
   */
  tiles?: number;
  /**
   * 1e9 multiply-accumulates
   */
  gmacs?: number;
  /**
   * bytes
   */
  peakBytes?: number;
  plan?: PlanOutline;
  links: {
    /**
     * absolute address
     */
    page: string;
    /**
     * absolute address
     */
    plans: string;
  };
}
export interface UsageBeacon {
  /**
   * Of the plan
   */
  planId: string;
  /**
   * What ran it, or was tried last
   */
  backend: 'wgsl' | 'tfjs-webgpu' | 'webgpu' | 'wasm' | 'cpu' | 'filter' | 'edge' | 'none';
  /**
   * The GPU's vendor and architecture, as WebGPU tells any page
   */
  adapter?: string;
  /**
   * That were finished
   */
  tiles: number;
  /**
   * From the plan to the last tile
   */
  milliseconds: number;
  outcome: 'ok' | 'failed' | 'aborted';
  /**
   * What the plan was for, where the client made it without the edge
   */
  plan?: {
    model: string;
    width: number;
    height: number;
    channels?: number;
    precision?: 'f16' | 'q8';
    device?: {
      backend?: 'webgpu' | 'wasm' | 'cpu';
      maxBufferSize?: number;
      maxStorageBufferBindingSize?: number;
      shaderF16?: boolean;
      memoryBytes?: number;
    };
    connection?: {
      saveData?: boolean;
      downlinkMbps?: number;
    };
  };
}
export interface UsageCounted {
  /**
   * false: it was counted before
   */
  counted: boolean;
  /**
   * the ledger is away: it will be counted
   */
  queued?: true;
}
export interface UsageReport {
  /**
   * UTC
   */
  from: string;
  /**
   * UTC
   */
  to: string;
  total: {
    plans: number;
    edgeDenoises: number;
    /**
     * 1e6 px, planned or denoised
     */
    megapixels: number;
    tiles: number;
    /**
     * bytes
     */
    bytesPlanned: number;
    /**
     * how many plans ended how, by backend and outcome
     */
    outcomes: {
      [k: string]: {
        [k: string]: number;
      };
    };
  };
  days?: {
    /**
     * UTC
     */
    day: string;
    plans: number;
    edgeDenoises: number;
    /**
     * 1e6 px, planned or denoised
     */
    megapixels: number;
    tiles: number;
    /**
     * bytes
     */
    bytesPlanned: number;
    /**
     * how many plans ended how, by backend and outcome
     */
    outcomes: {
      [k: string]: {
        [k: string]: number;
      };
    };
  }[];
  models?: {
    model: string;
    version: string;
    plans: number;
    edgeDenoises: number;
    /**
     * 1e6 px, planned or denoised
     */
    megapixels: number;
    tiles: number;
    /**
     * bytes
     */
    bytesPlanned: number;
    /**
     * how many plans ended how, by backend and outcome
     */
    outcomes: {
      [k: string]: {
        [k: string]: number;
      };
    };
  }[];
  backends?: {
    backend: string;
    outcomes: {
      [k: string]: number;
    };
    tiles: number;
    milliseconds: number;
  }[];
}
export interface NewSite {
  /**
   * For people
   */
  name: string;
  /**
   * Whose pages may use the page key; `*.` stands for any host below
   *
   * @maxItems 100
   */
  origins?: string[];
  /**
   * 1e6 px a calendar month (UTC), planned and denoised; null: no limit
   */
  monthlyMegapixels?: number | null;
  /**
   * Images that the edge denoises in a calendar month; null: no limit
   */
  monthlyDenoises?: number | null;
  /**
   * Of all that asks with one of its keys; null: no limit
   */
  requestsPerMinute?: number | null;
}
export interface SiteChanges {
  /**
   * For people
   */
  name?: string;
  /**
   * Whose pages may use the page key; `*.` stands for any host below
   *
   * @maxItems 100
   */
  origins?: string[];
  /**
   * 1e6 px a calendar month (UTC), planned and denoised; null: no limit
   */
  monthlyMegapixels?: number | null;
  /**
   * Images that the edge denoises in a calendar month; null: no limit
   */
  monthlyDenoises?: number | null;
  /**
   * Of all that asks with one of its keys; null: no limit
   */
  requestsPerMinute?: number | null;
}
export interface Site {
  id: string;
  name: string;
  origins: string[];
  /**
   * null: without limit
   */
  monthlyMegapixels: number | null;
  /**
   * null: without limit
   */
  monthlyDenoises: number | null;
  /**
   * null: without limit
   */
  requestsPerMinute: number | null;
  createdAt: string;
  keys: SiteKey[];
  /**
   * of the running month, UTC
   */
  month: {
    megapixels: number;
    denoises: number;
  };
}
export interface SiteKey {
  id: string;
  kind: 'page' | 'secret';
  /**
   * a page's key whole, of a secret one the end
   */
  shown: string;
  createdAt: string;
  /**
   * null: until it is rotated or revoked
   */
  goodUntil: string | null;
}
export interface CreatedSite {
  id: string;
  name: string;
  origins: string[];
  /**
   * null: without limit
   */
  monthlyMegapixels: number | null;
  /**
   * null: without limit
   */
  monthlyDenoises: number | null;
  /**
   * null: without limit
   */
  requestsPerMinute: number | null;
  createdAt: string;
  keys: SiteKey[];
  /**
   * of the running month, UTC
   */
  month: {
    megapixels: number;
    denoises: number;
  };
  pageKey: string;
  /**
   * shown once
   */
  secretKey: string;
}
export interface SiteList {
  sites: {
    id: string;
    name: string;
    createdAt: string;
  }[];
}
export interface KeyRotation {
  /**
   * Of key
   */
  kind: 'page' | 'secret';
  /**
   * For so long the old key of this kind stays good
   */
  overlapHours?: number;
}
export interface CreatedKey {
  id: string;
  kind: 'page' | 'secret';
  /**
   * shown once
   */
  key: string;
}
export interface Health {
  status: 'ok';
  version: string;
}
export interface Problem {
  /**
   * its last part is the code
   */
  type: string;
  title: string;
  status: number;
  /**
   * what to do
   */
  detail: string;
  expected: string;
  received: string;
  /**
   * what the log knows the request by
   */
  requestId: string;
  quota?: 'monthlyMegapixels' | 'monthlyDenoises';
  limit?: number;
  resets?: string;
  plan?: PlanOutline;
  links?: {
    /**
     * absolute address
     */
    page: string;
    /**
     * absolute address
     */
    plans: string;
  };
}
export interface ProblemCodeInfo {
  code:
    | 'bad-request'
    | 'invalid-image'
    | 'unauthorized'
    | 'origin-not-allowed'
    | 'model-not-at-edge'
    | 'not-found'
    | 'not-acceptable'
    | 'image-too-large'
    | 'unsupported-media-type'
    | 'range-not-satisfiable'
    | 'rate-limited'
    | 'quota-exceeded'
    | 'busy'
    | 'internal'
    | 'ledger-unavailable';
  status: number;
  title: string;
}
