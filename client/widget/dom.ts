type Attributes = Record<string, string>;

/** Elements one by one, not from a string of HTML: pages that require Trusted Types refuse those. */
export function create<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A drawing of lines on a square of 20. */
export function icon(lines: string): SVGSVGElement {
  const of = <Name extends 'svg' | 'path'>(name: Name) => document.createElementNS('http://www.w3.org/2000/svg', name);
  const svg = of('svg');
  svg.setAttribute('viewBox', '0 0 20 20');
  svg.setAttribute('aria-hidden', 'true');
  const path = of('path');
  path.setAttribute('d', lines);
  svg.append(path);
  return svg;
}

/** A policy without inline styles lets these pass. */
export function adopt(root: ShadowRoot, css: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

/** For numbers: as the page says, else the visitor's. */
export function languageOf(element: Element): string | undefined {
  return element.closest<HTMLElement>('[lang]')?.lang || undefined;
}
