import { addPhotos } from '../queue/add.ts';
import { Queue } from '../queue/queue.ts';
import { lastSettings } from '../queue/settings.ts';

/** Photos that another app shares with this one: into the queue, without a network, and on to the page. */
export async function receiveShare(request: Request, app: string): Promise<Response> {
  const form = await request.formData();
  const files = form.getAll('photos').filter((part) => part instanceof File);
  const queue = new Queue();
  const { problem } = await addPhotos(queue, files, await lastSettings());
  queue.close();
  const page = new URL(app);
  page.searchParams.set('shared', problem?.code ?? String(files.length));
  return Response.redirect(page.href, 303);
}
