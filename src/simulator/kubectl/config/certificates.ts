import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import { base64 } from '../objects/bytes.ts'
import type { Entry } from './fields.ts'

/** Complains about a file to embed that is not there. */
export function demandFile(process: Process, flag: string, name: string): void {
  if (process.files.exists(process.path(name))) return
  throw new Failure(`could not stat ${flag} file ${name}: stat ${name}: no such file or directory`)
}

/** A certificate or key as a path or, embedded, as the bytes of the file; one takes the place of the other. */
export function fileOrData(process: Process, field: string, name: string, isEmbedded: boolean): Entry {
  const data = `${field}-data`
  if (isEmbedded) return { [field]: undefined, [data]: base64(process.files.readText(process.path(name))) }
  const path = process.path(name)
  return { [field]: path, [data]: undefined }
}
