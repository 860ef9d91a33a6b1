import { checksOf } from '../lessonChecks.ts'
import { LabHost } from './labHost.ts'
import type { FromLab, ToLab } from './protocol.ts'

/** A worker holds one lab: it answers the page's messages one after another. */
const scope = globalThis as unknown as {
  postMessage(message: FromLab): void
  addEventListener(type: 'message', listener: (event: MessageEvent<ToLab>) => void): void
}

const host = new LabHost(message => scope.postMessage(message), checksOf)
scope.addEventListener('message', event => host.receive(event.data))
