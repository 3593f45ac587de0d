type Attributes = Record<string, string | number>;

/** An SVG element. Attributes, not styles: the page's policy lets no markup bring styles of its own. */
export function svg(name: string, attributes: Attributes = {}, ...children: (Node | string)[]): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

let drawings = 0;

/** A drawing with a title and a description that screen readers read. */
export function drawing(width: number, height: number, title: string, description: string): SVGElement {
  const id = `drawing-${++drawings}`;
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-labelledby': `${id}-title ${id}-text`, 'font-size': 12 },
    svg('title', { id: `${id}-title` }, title),
    svg('desc', { id: `${id}-text` }, description),
  );
}

/** The drawing as a file of its own: light, whatever the page is. */
export function toSvgFile(shown: SVGElement): string {
  const [, , width, height] = (shown.getAttribute('viewBox') ?? '').split(' ');
  const copy = shown.cloneNode(true) as SVGElement;
  const attributes = { width, height, 'font-family': 'system-ui, sans-serif' };
  for (const [key, value] of Object.entries(attributes)) copy.setAttribute(key, String(value));
  copy.querySelector('desc')?.after(svg('rect', { width: '100%', height: '100%', fill: '#fff' }));
  return new XMLSerializer().serializeToString(copy);
}
