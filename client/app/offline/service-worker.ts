import { receiveShare } from './receive-share.ts';
import { type ServiceWorkerScope, TAKE_OVER } from './scope.ts';
import { Shell } from './shell.ts';

// Lies at the edge's root and is registered for all addresses that begin with `/a`: the app's page, and the workers in
// /assets/, which browsers find a service worker for by their own address and not by that of their page.
const scope = self as unknown as ServiceWorkerScope;

const APP = new URL('app/', scope.location.href).href;
const SHARE = new URL('app/share', scope.location.href).href;

const shell = new Shell();

scope.addEventListener('install', (event) => event.waitUntil(shell.install(event)));

scope.addEventListener('activate', (event) =>
  // the first visit's page is served from here too, so that it can go offline without a reload
  event.waitUntil(shell.activate(event).then(() => scope.clients.claim())),
);

scope.addEventListener('message', ({ data }) => {
  if (data === TAKE_OVER) scope.skipWaiting().catch((reason) => console.debug('degrain: update', reason));
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const address = origin + pathname;
  if (request.method === 'POST' && address === SHARE) event.respondWith(receiveShare(request, APP));
  else if (request.mode === 'navigate' && `${address}/` === APP)
    event.respondWith(Promise.resolve(Response.redirect(APP)));
  else if (request.method === 'GET' && shell.has(address)) event.respondWith(shell.answer(request, address));
});
