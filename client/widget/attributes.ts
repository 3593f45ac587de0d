import { ATTRIBUTES } from './attribute-names.ts';
import type { View } from './contract.ts';

const VIEWS: readonly View[] = ['split', 'after', 'before', 'residual'];

/** The attributes of `<denoise-image>` as properties. What an attribute should not have said reads as its default. */
export abstract class AttributeElement extends HTMLElement {
  static readonly observedAttributes = Object.keys(ATTRIBUTES);

  get src() {
    return this.#text('src');
  }
  set src(value: string) {
    this.setAttribute('src', value);
  }
  get alt() {
    return this.#text('alt');
  }
  set alt(value: string) {
    this.setAttribute('alt', value);
  }
  get width() {
    return this.#number('width', 0, Number.MAX_SAFE_INTEGER);
  }
  set width(value: number) {
    this.setAttribute('width', String(value));
  }
  get height() {
    return this.#number('height', 0, Number.MAX_SAFE_INTEGER);
  }
  set height(value: number) {
    this.setAttribute('height', String(value));
  }
  get model() {
    return this.#text('model', 'fast');
  }
  set model(value: string) {
    this.setAttribute('model', value);
  }
  get key() {
    return this.#text('key') || this.#text('site-key');
  }
  set key(value: string) {
    this.setAttribute('key', value);
  }
  get siteKey() {
    return this.key;
  }
  set siteKey(value: string) {
    this.setAttribute('site-key', value);
  }
  get endpoint() {
    return this.#text('endpoint');
  }
  set endpoint(value: string) {
    this.setAttribute('endpoint', value);
  }
  get engine() {
    return this.#text('engine', 'auto');
  }
  set engine(value: string) {
    this.setAttribute('engine', value);
  }
  get sigma() {
    return this.#text('sigma', 'auto');
  }
  set sigma(value: string) {
    this.setAttribute('sigma', value);
  }
  get strength() {
    return this.#number('strength', 1, 1);
  }
  set strength(value: number) {
    this.setAttribute('strength', String(value));
  }
  get luma() {
    return this.#number('luma', 1, 1);
  }
  set luma(value: number) {
    this.setAttribute('luma', String(value));
  }
  get chroma() {
    return this.#number('chroma', 1, 1);
  }
  set chroma(value: number) {
    this.setAttribute('chroma', String(value));
  }
  get view() {
    return this.#oneOf('view', VIEWS);
  }
  set view(value: View) {
    this.setAttribute('view', value);
  }
  get split() {
    return this.#number('split', 50, 100);
  }
  set split(value: number) {
    this.setAttribute('split', String(value));
  }
  get zoom() {
    return this.#oneOf('zoom', ['fit', 'full']);
  }
  set zoom(value: 'fit' | 'full') {
    this.setAttribute('zoom', value);
  }
  get start() {
    return this.#oneOf('start', ['ask', 'visible', 'now']);
  }
  set start(value: 'ask' | 'visible' | 'now') {
    this.setAttribute('start', value);
  }
  get bare() {
    return this.hasAttribute('bare');
  }
  set bare(value: boolean) {
    this.toggleAttribute('bare', value);
  }

  #text(name: string, otherwise = ''): string {
    return this.getAttribute(name) || otherwise;
  }

  /** 0..most. */
  #number(name: string, otherwise: number, most: number): number {
    const value = Number.parseFloat(this.getAttribute(name) ?? '');
    return Number.isNaN(value) ? otherwise : Math.min(most, Math.max(0, value));
  }

  /** The first unless told. */
  #oneOf<Value extends string>(name: string, values: readonly [Value, ...Value[]] | readonly Value[]): Value {
    return values.find((value) => value === this.getAttribute(name)) ?? (values[0] as Value);
  }
}

/** Properties that a page set before this script came hide the real ones, until they are set anew. */
export function takeEarly(element: HTMLElement, names: readonly string[]): void {
  for (const name of names.filter((name) => Object.hasOwn(element, name))) {
    const value = Reflect.get(element, name);
    Reflect.deleteProperty(element, name);
    Reflect.set(element, name, value);
  }
}
