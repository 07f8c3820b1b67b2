export { AuthProvider } from './AuthProvider';
export { AuthContext, useAuth } from './context';
export type { Auth } from './context';
