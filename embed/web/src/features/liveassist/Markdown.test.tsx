import { render, screen } from '@testing-library/react';
import { MemoryRouter } from '@/lib/router';
import { describe, expect, it } from 'vitest';
import Markdown from './Markdown';

const show = (text: string) =>
  render(
    <MemoryRouter>
      <Markdown text={text} />
    </MemoryRouter>,
  ).container;

describe('Markdown', () => {
  it('shows what guides and models write', () => {
    const page = show(
      '**First** turn *off* the `tap`.\n\n1. one\n2. two\n\n- a\n\n> quote\n\n```\ncode\n```',
    );
    expect(page.querySelector('strong')).toHaveTextContent('First');
    expect(page.querySelectorAll('ol > li')).toHaveLength(2);
    expect(page.querySelector('blockquote')).toHaveTextContent('quote');
    expect(page.querySelector('pre')).toHaveTextContent('code');
  });

  it('links inside the app and to the web', () => {
    show('[guide](/quickfix/dripping-tap) and [site](https://example.com/a)');
    expect(screen.getByRole('link', { name: 'guide' })).toHaveAttribute(
      'href',
      '/quickfix/dripping-tap',
    );
    const site = screen.getByRole('link', { name: 'site' });
    expect(site).toHaveAttribute('rel', expect.stringContaining('noopener'));
  });

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](//evil.example)',
    '[x](/\\evil.example)',
    '[x](vbscript:x)',
    '[x](/&#9;/evil.example)',
    '[x](</\t/evil.example>)',
    '[x](/&#10;\\evil.example)',
    '[x](java&#10;script:alert(1))',
    '<javascript:alert(1)>',
  ])('makes no link of %s', (text) => {
    expect(show(text).querySelector('a')).toBeNull();
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onclick="x()">bold</b>',
    '<iframe src="https://example.com"></iframe>',
    '![x](https://example.com/track.png)',
  ])('shows %s as text', (text) => {
    const page = show(text);
    expect(page.querySelector('script, img, b, iframe')).toBeNull();
  });

  it('bears quotes nested as deep as a message is long', () => {
    expect(show('>'.repeat(7990) + ' deep')).toHaveTextContent('deep');
  });
});
