/** The element of index.html with this id. */
export function element<Kind extends HTMLElement = HTMLElement>(
  id: string,
  kind: new () => Kind = HTMLElement as unknown as new () => Kind,
): Kind {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`Expected #${id} in index.html to be a ${kind.name}`);
}
