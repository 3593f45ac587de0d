import { fileURLToPath } from 'node:url';

/** The repository. */
export const root = fileURLToPath(new URL('../', import.meta.url));

/** What runs leave behind: the unpacked browser, builds, local storage. Ignored by git, safe to delete. */
export const stateFolder = `${root}.local/`;

/** The worker as it would be uploaded. */
export const builtWorker = `${stateFolder}worker`;
