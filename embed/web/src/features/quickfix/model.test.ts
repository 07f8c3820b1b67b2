import { describe, expect, it } from 'vitest';
import { aGuide } from './testdata';
import { byCategory, isCategory, related, search } from './model';

const tap = aGuide({
  slug: 'dripping-tap',
  title: 'Dripping tap',
  tags: ['tap', 'faucet', 'drip', 'washer'],
  symptoms: ['the kitchen tap keeps dripping after I close it'],
});
const sink = aGuide({
  slug: 'blocked-sink',
  title: 'Blocked sink',
  tags: ['sink', 'drain', 'kitchen'],
  symptoms: ['the water in the kitchen sink does not go down'],
});
const window_ = aGuide({
  slug: 'draughty-window',
  title: 'Draughty window',
  category: 'doors-windows',
  tags: ['window', 'draught', 'cold'],
  symptoms: ['cold air comes in at the window'],
});
const guides = [sink, tap, window_];
const found = (query: string) => search(guides, query).map((g) => g.slug);

describe('search', () => {
  it.each([
    ['', ['blocked-sink', 'dripping-tap', 'draughty-window']],
    ['   ', ['blocked-sink', 'dripping-tap', 'draughty-window']],
    ['tap', ['dripping-tap']],
    ['TAPS', ['dripping-tap']],
    ['drips', ['dripping-tap']],
    ['my tap is dripping', ['dripping-tap']],
    ['faucet', ['dripping-tap']],
    ['windows', ['draughty-window']],
    ['dräughty', ['draughty-window']],
    ['xylophone', []],
    ['tap xylophone piano', []],
    ['?!', ['blocked-sink', 'dripping-tap', 'draughty-window']],
  ])('%j finds %j', (query, want) => {
    expect(found(query)).toEqual(want);
  });

  it('puts a word of the title before one of the symptoms', () => {
    expect(found('kitchen')).toEqual(['blocked-sink', 'dripping-tap']);
    expect(found('kitchen tap')[0]).toBe('dripping-tap');
  });
});

describe('byCategory', () => {
  it('groups in a fixed order and leaves out what is empty', () => {
    expect(byCategory([window_, sink]).map(([c, list]) => [c, list.length])).toEqual([
      ['plumbing', 1],
      ['doors-windows', 1],
    ]);
  });
});

describe('related', () => {
  it('stays in the category, without the guide itself', () => {
    expect(related(guides, tap)).toEqual([sink]);
  });

  it('puts those first that share most', () => {
    const near = aGuide({ slug: 'near', tags: ['tap', 'washer'] });
    expect(related([sink, near, tap], tap).map((g) => g.slug)).toEqual(['near', 'blocked-sink']);
  });
});

describe('isCategory', () => {
  it('knows its own', () => {
    expect(isCategory('plumbing')).toBe(true);
    expect(isCategory('gardening')).toBe(false);
    expect(isCategory(null)).toBe(false);
  });
});
