/** An element with attributes and children; without the value an attribute is left out. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Record<string, string | number | boolean | undefined> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/** A table with a head, whose first cell in each row is the row's. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
): HTMLTableElement {
  const line = (cells: readonly (string | Node)[]) =>
    make('tr', {}, ...cells.map((cell, i) => (i === 0 ? make('th', { scope: 'row' }, cell) : make('td', {}, cell))));
  return make(
    'table',
    {},
    make('caption', { class: 'unseen' }, caption),
    make('thead', {}, make('tr', {}, ...head.map((name) => make('th', { scope: 'col' }, name)))),
    make('tbody', {}, ...rows.map(line)),
  );
}

/** For screen readers: what has just happened. */
export function announce(text: string): void {
  const live = document.getElementById('live');
  if (live && live.textContent !== text) live.textContent = text;
}
