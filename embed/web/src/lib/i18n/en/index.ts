import { account } from './account';
import { app } from './app';
import { auth } from './auth';
import { billing } from './billing';
import { errors } from './errors';
import { home } from './home';
import { liveassist } from './liveassist';
import { quickfix } from './quickfix';
import { ui } from './ui';

export const texts = { account, app, auth, billing, errors, home, liveassist, quickfix, ui };
