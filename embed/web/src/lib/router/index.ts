export { Link, NavLink } from './Link';
export type { LinkProps } from './Link';
export type { Location, NavigationType } from './history';
export {
  BrowserRouter,
  MemoryRouter,
  Navigate,
  useLocation,
  useNavigate,
  useNavigationType,
  useSearchParams,
} from './Router';
export { Outlet, Route, Routes, useParams } from './Routes';
