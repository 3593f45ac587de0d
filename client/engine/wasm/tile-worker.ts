import { serveTiles } from './serve-tiles.ts';

serveTiles(self);
// who started this waits for the first word: until then it may have been refused
self.postMessage('started');
