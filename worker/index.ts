import { app } from './app.ts';

export { SiteLedger } from './usage/site.ts';

export default app;
