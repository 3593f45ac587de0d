import { openApiDocument } from '../../worker/openapi/document.ts';
import { clientTypes, storeClientTypes } from './types.ts';

// `npm run api`: after a change of a route's schema.
await storeClientTypes(await clientTypes(openApiDocument()));
