import { createContext } from 'react';
import type { ComponentType } from 'react';

/** Draws the words of a reply; the app lends the page what reads Markdown. */
export const Words = createContext<ComponentType<{ text: string }>>(({ text }) => text);
