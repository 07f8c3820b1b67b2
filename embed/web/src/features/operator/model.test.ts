import { describe, expect, it } from 'vitest';
import {
  addressOf,
  exportOf,
  nameOf,
  oneOf,
  plain,
  SHOWN,
  standingOf,
  summaryOf,
  tabOf,
} from './model';

describe('addresses', () => {
  it('name a tab, its filters and what is selected; empty ones are left out', () => {
    expect(addressOf('overview')).toBe('/operator');
    expect(addressOf('users', { q: 'a&b', id: null })).toBe('/operator/users?q=a%26b');
    expect(addressOf('webhooks', { status: '', type: undefined, id: '1' })).toBe(
      '/operator/webhooks?id=1',
    );
    expect(exportOf('audit', 'csv', { action: 'export', userId: undefined })).toBe(
      '/api/operator/export/audit?format=csv&action=export',
    );
  });

  it('are read with care: what is typed need not make sense', () => {
    expect(tabOf(undefined)).toBe('overview');
    expect(tabOf('audit')).toBe('audit');
    expect(tabOf('constructor')).toBeNull();
    expect(oneOf(SHOWN, 'mine')).toBe('mine');
    expect(oneOf(SHOWN, 'theirs')).toBe('waiting');
  });
});

describe('standingOf', () => {
  const other = { id: 'other', name: 'Kim' };
  it.each([
    ['assistant', null, 'assistant'],
    ['waiting', null, 'waiting'],
    ['closed', null, 'closed'],
    ['operator', { id: 'me', name: '' }, 'mine'],
    ['operator', other, 'theirs'],
  ] as const)('%s with %j is %s', (desk, operator, want) => {
    expect(standingOf({ desk, operator }, 'me')).toBe(want);
  });
});

describe('nameOf', () => {
  it('gives the name, else the address, else the beginning of the id', () => {
    expect(nameOf({ id: '12345678-9', name: 'Kim', email: 'k@example.com' })).toBe('Kim');
    expect(nameOf({ id: '12345678-9', name: '  ', email: 'k@example.com' })).toBe('k@example.com');
    expect(nameOf({ id: '12345678-9', name: '', email: '' })).toBe('12345678');
  });
});

describe('plain', () => {
  it('leaves the words of Markdown on one line', () => {
    expect(
      plain('# Tap\n\n**Close** the `valve`:\n- see [the guide](/quickfix/tap)\n2. wait'),
    ).toBe('Tap Close the valve: see the guide wait');
    expect(plain('3.5 * 2 > 6')).toBe('3.5 * 2 > 6');
  });
});

describe('summaryOf', () => {
  it('names fields with a value to read, and neither ids nor documents', () => {
    const data = {
      type: 'x',
      userId: 'u',
      subscription_status: 'paid',
      until: null,
      raw: {},
      n: 0,
    };
    expect(summaryOf(data)).toBe('subscription_status: paid · until: null · n: 0');
  });
});
