/** Where a file is found, and the addresses that lead there. */
export interface Addresses {
  readonly address: string;
  readonly from: readonly string[];
}

/**
 * As Cloudflare serves files (`auto-trailing-slash`): `a/index.html` is at `/a/`, `b.html` at `/b`, all others at their
 * own name; the other ways to write a page's address lead to it.
 */
export function addressesOf(file: string): Addresses {
  if (!file.endsWith('.html')) return { address: `/${file}`, from: [] };
  const name = `/${file.slice(0, -'.html'.length)}`;
  if (!name.endsWith('/index')) return { address: name, from: [`${name}/`, `${name}.html`] };
  const folder = name.slice(0, -'index'.length);
  const others = [name, `${name}.html`, ...(folder === '/' ? [] : [folder.slice(0, -1)])];
  return { address: folder, from: others };
}
