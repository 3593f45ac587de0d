/** What answers carry beside the usual. */
export const HEADERS = {
  'Degrain-Request-Id': {
    description:
      "What the log knows the request by: the caller's own X-Request-Id where that is a UUID, else a new one",
    example: 'a3f1c9d2-7b64-4e0f-9a51-2c8d6e0b4f17',
  },
  'Degrain-Model': {
    description: 'The model that ran, with the hash of its weights; of a filter the name alone',
    example: 'fast@1.2.0; sha256=7d1f0c…',
  },
  'Degrain-Sigma': {
    description: 'What the model was told, on the scale of 0 to 255; 0.00: nothing to remove. Blind models have none',
    example: '24.81',
  },
  'Degrain-Megapixels': { description: '1e6 px, as counted', example: '0.065536' },
  'Server-Timing': { description: 'ms per step', example: 'decode;dur=2.1, estimate;dur=3.4, tiles;dur=180.2' },
  ETag: { description: 'For If-None-Match', example: '"5f0c2b7d"' },
  'Cache-Control': { description: 'How long the answer may be kept', example: 'public, max-age=31536000, immutable' },
  Link: {
    description: 'The address of this very version, and of the catalogue',
    example: '<https://edge.example/v1/models/fast/1.2.0>; rel="canonical"',
  },
  Location: { description: 'Where the new thing is', example: '/v1/sites/s4f1c9d27b64e0f9a512c' },
  'Accept-Ranges': { description: '`bytes` where a bucket serves the file', example: 'bytes' },
  'Content-Range': { description: 'Which bytes these are, of how many', example: 'bytes 0-1023/1168560' },
  'Retry-After': { description: 'Seconds to wait before the next try', example: '5' },
  'WWW-Authenticate': { description: 'How to present a key', example: 'Bearer realm="degrain"' },
} as const;

export type HeaderName = keyof typeof HEADERS;
