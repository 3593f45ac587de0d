/** `https://*.example.com` stands for every name below example.com, not for example.com itself. */
const WILDCARD = '*.';

/**
 * An origin as browsers send it (lower case, punycode, no default port), or `https://*.…` with one such; undefined for
 * what is neither, and for wildcards over a whole top-level domain.
 */
export function normaliseOrigin(text: string): string | undefined {
  const [, scheme, wildcard = '', rest] = /^(https?:\/\/)(\*\.)?([^*]+)$/i.exec(text.trim().normalize('NFC')) ?? [];
  const parsed = scheme && rest ? URL.parse(`${scheme}${rest}`) : null;
  if (!parsed) return undefined;
  const { protocol, host, hostname, pathname, search, hash, username, password } = parsed;
  if (pathname !== '/' || search || hash || username || password) return undefined;
  if (wildcard && (!hostname.includes('.') || /^[\d.]+$/.test(hostname))) return undefined;
  return `${protocol}//${wildcard}${host}`;
}

/**
 * Whether pages of an origin may use a site, by its list. Scheme and port count. `*` is for the local site only: every
 * origin, and none at all. Elsewhere a page key without an origin is refused: every browser sends one with what it
 * posts, so whoever sends none is no page.
 */
export function originRule(origins: readonly string[]): (origin: string | null) => boolean {
  if (origins.includes('*')) return () => true;
  const exact = new Set(origins);
  const below = origins.filter((origin) => origin.includes(WILDCARD)).map((origin) => origin.split(WILDCARD));
  return (origin) => {
    if (origin === null) return false;
    if (exact.has(origin)) return true;
    return below.some(([scheme = '', domain = '']) => {
      if (!origin.startsWith(scheme) || !origin.endsWith(`.${domain}`)) return false;
      return /^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(origin.slice(scheme.length, -domain.length - 1));
    });
  };
}
