import autocannon from 'autocannon';
import { childrenTime } from '../processes.ts';

/** What is asked again and again. */
export interface Question {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

export interface Round {
  /** Requests per second. */
  readonly perSecond: number;
  /** us of processor per request, of all processes that this one has started. */
  readonly processor: number;
  /** Of each answer, ms. */
  readonly milliseconds: readonly number[];
}

/** Connections that each ask again as soon as they are answered. */
const CONNECTIONS = 32;

/** @throws where an answer is none, or no 200. */
export async function loadFor(seconds: number, url: URL, question: Question): Promise<Round> {
  const milliseconds: number[] = [];
  const { path, ...options } = question;
  const before = childrenTime();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const done = (error: unknown, result: autocannon.Result) => (error ? reject(error) : resolve(result));
    const instance = autocannon(
      { url: new URL(path, url).href, connections: CONNECTIONS, duration: seconds, sampleInt: 100, ...options },
      done,
    );
    instance.on('response', (_client, _status, _bytes, ms) => milliseconds.push(ms));
  });
  const processor = childrenTime() - before;
  if (result.errors > 0 || result.non2xx > 0) {
    throw new Error(
      `Expected ${path} to be answered but ${result.errors} times nothing came, ${result.non2xx} times no 2xx`,
    );
  }
  const { length } = milliseconds;
  return { perSecond: length / result.duration, processor: (processor * 1000) / length, milliseconds };
}
