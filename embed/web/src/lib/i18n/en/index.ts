import { account } from './account';
import { app } from './app';
import { auth } from './auth';
import { billing } from './billing';
import { errors } from './errors';
import { home } from './home';
import { liveassist } from './liveassist';
import { mailLinks } from './mailLinks';
import { quickfix } from './quickfix';
import { security } from './security';
import { ui } from './ui';

export const texts = {
  account,
  app,
  auth,
  billing,
  errors,
  home,
  liveassist,
  mailLinks,
  quickfix,
  security,
  ui,
};
