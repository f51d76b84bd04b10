/**
 * A module of the build, which is what users run. Loaded as source, every function would carry what
 * the loader of TypeScript adds to it.
 */
export const built = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(`../dist/src/${name}.js`, import.meta.url).href)) as Module;
