// custom-elements.json as it is committed: what tools and editors are told about the elements.

import { readFileSync } from 'node:fs';

export interface Named {
  readonly name: string;
  readonly description: string;
  readonly type?: { readonly text: string };
  readonly default?: string;
}

export interface Attribute extends Named {
  readonly fieldName: string;
}

export interface Member extends Named {
  readonly kind: 'field' | 'method';
  readonly attribute?: string;
  readonly readonly?: boolean;
  readonly parameters?: readonly Named[];
  readonly return?: { readonly type: { readonly text: string } };
}

export interface ElementDeclaration {
  readonly name: string;
  readonly tagName: string;
  readonly attributes: readonly Attribute[];
  readonly members: readonly Member[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
}

/** The whole file. */
export const manifest = JSON.parse(
  readFileSync(new URL('../../custom-elements.json', import.meta.url), 'utf8'),
) as {
  readonly modules: readonly {
    readonly path: string;
    readonly declarations: readonly ({ readonly customElement?: boolean } | ElementDeclaration)[];
  }[];
};

/** The elements in it. */
export const elements = manifest.modules
  .flatMap(({ declarations }) => declarations)
  .filter((each): each is ElementDeclaration => 'customElement' in each);
