/*
 * Contrast of the design tokens, for their test.
 * OKLCH to linear sRGB: Björn Ottosson, "A perceptual color space for image processing" (2020).
 * Luminance and ratio: WCAG 2.2, "relative luminance" and "contrast ratio".
 */

export interface Oklch {
  l: number;
  c: number;
  /** Degrees. */
  h: number;
}

const PAIR = /--([\w-]+):\s*light-dark\(oklch\(([^)]*)\),\s*oklch\(([^)]*)\)\);/g;

/** The colours of one theme by token name; colours with an alpha are left out. */
export function parseTokens(css: string, theme: 'light' | 'dark'): Map<string, Oklch> {
  const colours = new Map<string, Oklch>();
  for (const [, name = '', light = '', dark = ''] of css.matchAll(PAIR)) {
    const parts = (theme === 'light' ? light : dark).split(/\s+/);
    const [l, c, h] = parts.map(Number);
    if (parts.length !== 3 || l === undefined || c === undefined || h === undefined) continue;
    colours.set(name, { l, c, h });
  }
  return colours;
}

/** From 1 (no difference) to 21 (black on white). */
export function contrast(a: Oklch, b: Oklch): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(colour: Oklch): number {
  const [r, g, b] = linearRgb(colour);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Linear sRGB, clipped to what a screen shows. */
export function linearRgb({ l, c, h }: Oklch): [number, number, number] {
  const angle = (h * Math.PI) / 180;
  const [a, b] = [c * Math.cos(angle), c * Math.sin(angle)];
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (v: number) => Math.min(1, Math.max(0, v));
  return [
    clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z),
    clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z),
    clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z),
  ];
}
