import { lazy } from 'react';
import { Route, Routes } from '@/lib/router';
import { OperatorOnly } from './OperatorOnly';
import { pages } from './pages';
import { PortalSlot } from './PortalSlot';
import { RequireAuth } from './RequireAuth';
import { Shell } from './Shell';

const Home = lazy(pages.home);
const QuickFix = lazy(pages.quickfix);
const Guide = lazy(pages.guide);
const LiveAssist = lazy(pages.liveassist);
const Account = lazy(pages.account);
const SignIn = lazy(pages.signIn);
const Register = lazy(pages.register);
const Operator = lazy(pages.operator);
/** Lent to the operator's pages, which may not know the conversation's own. */
const Markdown = lazy(() => import('@/features/liveassist/Markdown'));
const Forgot = lazy(pages.forgot);
const Reset = lazy(pages.reset);
const Confirm = lazy(pages.confirm);
const NotFound = lazy(() => import('./NotFoundPage'));

/** All addresses of the app on one screen. */
export function Routing() {
  return (
    <Routes>
      <Route element={<Shell />}>
        <Route path="/" element={<Home />} />
        <Route path="/quickfix" element={<QuickFix />} />
        <Route path="/quickfix/:slug" element={<Guide />} />
        <Route element={<RequireAuth />}>
          <Route path="/liveassist" element={<LiveAssist />} />
          <Route
            path="/account"
            element={
              <Account
                manage={<PortalSlot purpose="manage" />}
                updateCard={<PortalSlot purpose="updateCard" />}
              />
            }
          />
        </Route>
        <Route path="/login" element={<SignIn />} />
        <Route path="/register" element={<Register />} />
        <Route element={<OperatorOnly otherwise={<NotFound />} />}>
          <Route path="/operator" element={<Operator words={Markdown} />} />
          <Route path="/operator/:tab" element={<Operator words={Markdown} />} />
        </Route>
        <Route path="/forgot" element={<Forgot />} />
        <Route path="/reset" element={<Reset />} />
        <Route path="/confirm" element={<Confirm />} />
        <Route path="*" element={<NotFound />} />
      </Route>
    </Routes>
  );
}
