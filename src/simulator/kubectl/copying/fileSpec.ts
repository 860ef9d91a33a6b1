import { Failure } from '../failure.ts'

/** A file here, or one in a pod. */
export interface FileSpec {
  /** '' for a file here. */
  readonly pod: string
  /** '' for the namespace of the command. */
  readonly namespace: string
  readonly file: string
}

/** Reads `FILE`, `POD:FILE` or `NAMESPACE/POD:FILE`. */
export function parseFileSpec(argument: string): FileSpec {
  const at = argument.indexOf(':')
  if (at < 0) return { pod: '', namespace: '', file: argument }
  const [first = '', second, ...more] = argument.slice(0, at).split('/')
  if (at === 0 || more.length > 0) {
    throw new Failure('filespec must match the canonical format: [[namespace/]pod:]file/path')
  }
  const file = argument.slice(at + 1)
  return second === undefined ? { pod: first, namespace: '', file } : { pod: second, namespace: first, file }
}
