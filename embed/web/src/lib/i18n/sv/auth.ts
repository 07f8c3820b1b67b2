import type { auth as en } from '../en/auth';
import type { Of } from '../types';

export const auth: Of<typeof en> = {
  signIn: 'Logga in',
  signInLead: 'Dina samtal finns kvar där du lämnade dem.',
  createAccount: 'Skapa konto',
  registerLead: 'Gratis och klart på en minut. Inget kort behövs.',
  email: 'E-post',
  password: 'Lösenord',
  name: 'Namn (frivilligt)',
  nameHint: 'Det vi får kalla dig.',
  passwordHint: 'Minst 8 tecken. Några ord som du minns fungerar bra.',
  showTyped: 'Visa det jag skriver',
  noAccount: 'Ny här?',
  createOne: 'Börja gratis',
  haveAccount: 'Varit här förut?',
  forgot: 'Glömt lösenordet?',
  signInInstead: 'Logga in i stället',
  emailMissing: 'Skriv din e-postadress.',
  emailIncomplete: 'Adressen är inte fullständig. Den ska se ut som namn@example.com.',
  passwordMissing: 'Skriv ditt lösenord.',
  passwordShort: 'Ett lösenord behöver minst 8 tecken.',
  waitText: 'Det skyddar konton. Det du skrev finns kvar här.',
};
