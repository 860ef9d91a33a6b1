import type { CniExecutable } from './executable.ts'

/** Sets a container's `lo` up; the runtime runs it before every other plugin. */
export const loopback: CniExecutable = {
  type: 'loopback',
  kind: 'main',
  add(_configuration, request, before) {
    const lo = request.namespace.interface('lo') ?? request.namespace.addLoopback()
    if (!lo.isUp) lo.up()
    return before ?? { addresses: [] }
  },
  remove(_configuration, request) {
    request.namespace.interface('lo')?.down()
  },
}
