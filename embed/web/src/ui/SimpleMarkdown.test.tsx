import { render, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { inlineParts, parseBlocks } from './simple-markdown';
import { SimpleMarkdown } from './SimpleMarkdown';

describe('SimpleMarkdown', () => {
  it('draws paragraphs, lists and bold', () => {
    render(
      <SimpleMarkdown text={'Shut the **main valve**.\n\n- one\n- two **bold**\n  goes on'} />,
    );
    expect(screen.getByText('main valve').tagName).toBe('STRONG');
    const items = within(screen.getByRole('list')).getAllByRole('listitem');
    expect(items.map((i) => i.textContent)).toEqual(['one', 'two bold goes on']);
  });

  it('shows markup that it does not know as the characters it is', () => {
    const { container } = render(
      <SimpleMarkdown text={'<img src=x onerror=alert(1)> [a](javascript:b)'} />,
    );
    expect(container.querySelector('img, a')).toBeNull();
    expect(container).toHaveTextContent('<img src=x onerror=alert(1)> [a](javascript:b)');
  });
});

describe('parseBlocks', () => {
  it.each([
    ['', []],
    ['a\nb', [{ kind: 'paragraph', text: 'a b' }]],
    ['1. a\n2) b', [{ kind: 'numbers', items: ['a', 'b'] }]],
    [
      'intro:\n- a\n\nend',
      [
        { kind: 'paragraph', text: 'intro:' },
        { kind: 'bullets', items: ['a'] },
        { kind: 'paragraph', text: 'end' },
      ],
    ],
    ['2.5 mm is common', [{ kind: 'paragraph', text: '2.5 mm is common' }]],
  ])('%j', (source, want) => {
    expect(parseBlocks(source)).toEqual(want);
  });
});

describe('inlineParts', () => {
  it.each([
    ['a **b** c', ['a ', 'B:b', ' c']],
    ['**b**', ['B:b']],
    ['2 ** 3 ** 4', ['2 ** 3 ** 4']],
    ['open **end', ['open **end']],
  ])('%j', (text, want) => {
    expect(inlineParts(text).map((p) => (p.bold ? `B:${p.text}` : p.text))).toEqual(want);
  });
});
