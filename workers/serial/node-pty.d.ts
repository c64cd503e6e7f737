/** The package is installed under the name of the one it is built from; its types know only its own name. */
/// <reference path="../../node_modules/node-pty/node-pty.d.ts" />
declare module 'node-pty' {
  export * from '@lydell/node-pty'
}
