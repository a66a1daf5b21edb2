import { usualSeparators } from './header.ts';
import type { Separators } from './header.ts';

interface Translation {
  /** From the message's separators to those that hl7-standard has built in. */
  inwards(text: string): string;
  /** Back, for what is content and no separator. */
  outwards(text: string): string;
}

const roles = ['field', 'component', 'repetition', 'subcomponent'] as const;
const unchanged = (text: string): string => text;

const pattern = (characters: Iterable<string>): RegExp =>
  new RegExp(
    `[${[...characters].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}]`,
    'g',
  );

/** hl7-standard splits at `|^~&` whatever MSH says: other separators become these, and these, as content, become characters that no text holds. */
export function translateFor(separators: Separators): Translation {
  if (roles.every((role) => separators[role] === usualSeparators[role]))
    return { inwards: unchanged, outwards: unchanged };
  const there = new Map<string, string>();
  const back = new Map<string, string>();
  for (const [at, role] of roles.entries()) {
    const standIn = String.fromCharCode(0xfdd1 + at);
    there.set(usualSeparators[role], standIn);
    back.set(standIn, usualSeparators[role]);
  }
  for (const role of roles) there.set(separators[role], usualSeparators[role]);
  const inside = pattern(there.keys());
  const outside = pattern(back.keys());
  return {
    inwards: (text) => text.replace(inside, (character) => there.get(character) ?? character),
    outwards: (text) => text.replace(outside, (character) => back.get(character) ?? character),
  };
}
