import type { paths } from "../../protocol/generated/api";

type Method = "get" | "post" | "put" | "delete";

/** The routes of protocol/openapi.yaml that have this method. */
type Route<M extends Method> = {
  [path in keyof paths]: paths[path][M] extends object ? path : never;
}[keyof paths];

/** What stands in braces in the route. */
type InPath<R extends keyof paths> = paths[R]["parameters"] extends { readonly path: infer Names }
  ? Names
  : unknown;

type InQuery<R extends keyof paths, M extends Method> = paths[R][M] extends {
  readonly parameters: { readonly query?: infer Names extends object };
}
  ? Partial<Names>
  : unknown;

type Parameters<R extends keyof paths, M extends Method> = InPath<R> & InQuery<R, M>;

/** A route with its parameters, those of the path and those of the query. */
export type Call<M extends Method> = {
  [R in Route<M>]: object extends Parameters<R, M>
    ? [route: R, parameters?: Parameters<R, M>]
    : [route: R, parameters: Parameters<R, M>];
}[Route<M>];

/** Path and query of a call. */
export function toPath([route, parameters = {}]: { [M in Method]: Call<M> }[Method]): string {
  const named: readonly [string, string | number | undefined][] = Object.entries(parameters);
  const query = new URLSearchParams();
  let path: string = route;
  for (const [name, value] of named) {
    const place = `{${name}}`;
    if (path.includes(place)) path = path.replace(place, () => encodeURIComponent(String(value)));
    else if (value !== undefined) query.set(name, String(value));
  }
  return query.size > 0 ? `${path}?${query.toString()}` : path;
}
