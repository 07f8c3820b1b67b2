import type { components } from './schema';

type Schemas = components['schemas'];

export type User = Schemas['User'];
export type Message = Schemas['Message'];
export type Session = Schemas['Session'];
export type Conversation = Schemas['Conversation'];
export type Found = Schemas['Found'];
export type Plan = Schemas['Plan'];
export type OperatorRef = Schemas['OperatorRef'];
export type XP = Schemas['XP'];
export type Guide = Schemas['Guide'];
export type GuideSummary = Schemas['GuideSummary'];
export type Credentials = Schemas['Credentials'];
export type Login = Schemas['Login'];
export type Registration = Schemas['Registration'];
