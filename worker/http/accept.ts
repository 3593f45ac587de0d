interface Range {
  readonly type: string;
  readonly quality: number;
}

/** Parses Accept (RFC 9110, section 12.5.1); what is no media range is left out. */
function ranges(accept: string): Range[] {
  return accept.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    if (!/^([\w!#$&^.+-]+|\*)\/([\w!#$&^.+-]+|\*)$/.test(type)) return [];
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    const quality = weight === undefined ? 1 : Number(weight);
    return [{ type, quality: quality >= 0 && quality <= 1 ? quality : 0 }];
  });
}

/** The quality of a type: that of the most specific range which holds it, 0 where none does. */
function qualityOf(type: string, accepted: readonly Range[]): number {
  const wider = [type, `${type.split('/')[0]}/*`, '*/*'];
  for (const name of wider) {
    const found = accepted.find((range) => range.type === name);
    if (found) return found.quality;
  }
  return 0;
}

/**
 * The offered types that Accept takes, best first; among equals the order of the offer stays. Without the header all
 * are as good.
 */
export function accepted<Type extends string>(accept: string | undefined, offer: readonly Type[]): Type[] {
  const asked = accept?.trim() ? ranges(accept) : [{ type: '*/*', quality: 1 }];
  const qualities = new Map(offer.map((type) => [type, qualityOf(type, asked)]));
  const quality = (type: Type) => qualities.get(type) as number;
  return offer.filter((type) => quality(type) > 0).sort((a, b) => quality(b) - quality(a));
}
