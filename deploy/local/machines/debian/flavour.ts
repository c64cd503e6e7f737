/** What a guest can have besides what all of them have. */
import type { GuestFile } from './recipe.ts'

export interface Flavour {
  readonly packages: readonly string[]
  /** What its initrd must load to find the root file system. */
  readonly modules: readonly string[]
  readonly files: readonly GuestFile[]
  /** They come before all others. */
  readonly kernelParameters: readonly string[]
  /** The labels that SELinux wants on the files; none when it is not used. */
  labelsFor(tree: GuestTree): Promise<Labels>
}

/** By path. */
export type Labels = ReadonlyMap<string, string>

/** The root file system of a guest that is being built, as a folder of this machine. */
export interface GuestTree {
  /** Runs one of the guest's own programs in it, as root; gives what it said. */
  run(commandLine: readonly string[]): Promise<string>
}

export const PLAIN: Flavour = {
  packages: [],
  modules: [],
  files: [],
  kernelParameters: [],
  labelsFor: async () => new Map(),
}
