import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contrast, parseTokens } from './contrast';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const themes = { light: parseTokens(css, 'light'), dark: parseTokens(css, 'dark') };

/** Text on a surface: 4.5 : 1 (WCAG 1.4.3). */
const text: [string, string[]][] = [
  ['ink', ['paper', 'raised', 'sunken', 'overlay']],
  ['muted', ['paper', 'raised', 'sunken', 'overlay']],
  ['accent', ['paper', 'raised', 'sunken', 'overlay', 'accent-tint']],
  ['accent-strong', ['paper', 'raised', 'sunken', 'overlay']],
  ['on-accent', ['accent', 'accent-strong']],
  ['on-danger', ['danger', 'danger-strong']],
  ['on-tint', ['accent-tint']],
  ['xp-ink', ['xp-tint', 'paper', 'raised']],
  ['info-ink', ['info-tint', 'paper', 'raised']],
  ['warn-ink', ['warn-tint', 'paper', 'raised']],
  ['danger-ink', ['danger-tint', 'paper', 'raised', 'overlay']],
  ['success-ink', ['success-tint', 'paper', 'raised']],
];

/** The edge of a control and the ring of focus: 3 : 1 (WCAG 1.4.11). */
const controls: [string, string[]][] = [
  ['edge', ['paper', 'raised', 'sunken', 'overlay']],
  ['focus', ['paper', 'raised', 'sunken', 'overlay', 'accent-tint']],
  ['accent', ['paper', 'raised', 'sunken', 'overlay', 'line']],
];

describe.each(Object.entries(themes))('tokens, %s', (_, colours) => {
  const pairs = (table: [string, string[]][]) =>
    table.flatMap(([front, backs]) => backs.map((back) => [front, back] as const));

  const ratio = (front: string, back: string) => {
    const [a, b] = [colours.get(front), colours.get(back)];
    if (!a || !b) throw new Error(`tokens.css lacks --${a ? back : front}`);
    return contrast(a, b);
  };

  it.each(pairs(text))('--%s is readable on --%s', (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(pairs(controls))('--%s is visible on --%s', (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(3);
  });
});

describe('contrast', () => {
  it('gives the known extremes', () => {
    expect(contrast({ l: 1, c: 0, h: 0 }, { l: 0, c: 0, h: 0 })).toBeCloseTo(21, 5);
    expect(contrast({ l: 0.5, c: 0.1, h: 200 }, { l: 0.5, c: 0.1, h: 200 })).toBe(1);
  });
});
