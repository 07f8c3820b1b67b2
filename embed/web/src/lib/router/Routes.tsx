import { Children, createContext, isValidElement, use, useMemo } from 'react';
import type { ReactElement, ReactNode } from 'react';
import { match } from './match';
import type { Params } from './match';
import { useLocation } from './Router';

interface RouteProps {
  /** `/quickfix/:slug`, or `*` for anything. Without one, it only stands around its children. */
  path?: string;
  element: ReactNode;
  children?: ReactNode;
}

/** One address and what is shown there; inside another one, it is shown at that one's `Outlet`. */
export const Route: (props: RouteProps) => null = () => null;

interface Branch {
  path: string;
  /** From the outside in. */
  elements: ReactNode[];
}

interface Level {
  inner: ReactNode;
  params: Params;
}

const LevelContext = createContext<Level>({ inner: null, params: {} });

/** Shows the first route, in the order written, whose path is the present one. */
export function Routes({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const branches = useMemo(() => branchesOf(children, []), [children]);
  for (const { path, elements } of branches) {
    const params = match(path, pathname);
    if (params) return nest(elements, params);
  }
  return null;
}

function branchesOf(children: ReactNode, around: ReactNode[]): Branch[] {
  return Children.toArray(children)
    .filter((child): child is ReactElement<RouteProps> => isValidElement(child))
    .flatMap(({ props: { path, element, children: inside } }) => {
      const elements = [...around, element];
      return path ? [{ path, elements }] : branchesOf(inside, elements);
    });
}

function nest(elements: ReactNode[], params: Params): ReactNode {
  return elements.reduceRight<ReactNode>(
    (inner, element) => <LevelContext value={{ inner, params }}>{element}</LevelContext>,
    null,
  );
}

/** The place of the inner route. */
export function Outlet() {
  return use(LevelContext).inner;
}

/** The parts of the path that the route names with `:`. */
export function useParams<Name extends string>(): Partial<Record<Name, string>> {
  return use(LevelContext).params as Partial<Record<Name, string>>;
}
