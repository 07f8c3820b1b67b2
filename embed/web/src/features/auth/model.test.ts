import { describe, expect, it } from 'vitest';
import { carriedEmail, checkRegistration, checkSignIn, returnPath, wayBack } from './model';

describe('checkRegistration', () => {
  it.each([
    ['', '', { email: 'emailMissing', password: 'passwordMissing' }],
    ['kim', '12345678', { email: 'emailIncomplete' }],
    ['kim@', '12345678', { email: 'emailIncomplete' }],
    ['a b@c', '12345678', { email: 'emailIncomplete' }],
    ['kim@example.com', '1234567', { password: 'passwordShort' }],
    ['kim@example.com', '🔧🔧🔧🔧', { password: 'passwordShort' }],
    ['kim@localhost', '12345678', {}],
    [' kim@example.com ', '🔧🔧🔧🔧🔧🔧🔧🔧', {}],
  ])('%j, %j', (email, password, want) => {
    expect(checkRegistration(email, password)).toEqual(want);
  });
});

describe('checkSignIn', () => {
  it('takes a password of any length', () => {
    expect(checkSignIn('kim@example.com', 'x')).toEqual({});
  });
});

describe('returnPath', () => {
  it.each([
    [null, '/'],
    [{}, '/'],
    [{ from: '/account?x=1' }, '/account?x=1'],
    [{ from: 'https://evil.example' }, '/'],
    [{ from: '//evil.example' }, '/'],
    [{ from: '/\\evil.example' }, '/'],
    [{ from: 7 }, '/'],
  ])('%j', (state, want) => {
    expect(returnPath(state)).toBe(want);
  });
});

describe('wayBack', () => {
  it('carries what the page wanted to keep', () => {
    const state = { from: '/liveassist', fromState: { draft: 'a' } };
    expect(wayBack(state)).toEqual(state);
    expect(wayBack(undefined)).toEqual({ from: '/', fromState: null });
  });
});

describe('carriedEmail', () => {
  it('reads an address from the other form', () => {
    expect(carriedEmail({ email: 'a@b' })).toBe('a@b');
    expect(carriedEmail({ email: 1 })).toBeUndefined();
    expect(carriedEmail(null)).toBeUndefined();
  });
});
