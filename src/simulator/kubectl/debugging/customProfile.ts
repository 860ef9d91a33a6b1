import type { Container } from 'kubernetes-types/core/v1'
import { strategicMerge } from '../../cluster/api/strategicMerge.ts'
import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import { parseYaml } from '../yaml/parser.ts'

const fixed = ['name', 'command', 'image', 'lifecycle', 'volumeDevices']

/** The part of a container that the file of `--custom` describes. */
export function readCustomProfile(process: Process, file: string): Partial<Container> {
  const path = process.path(file)
  if (!process.files.exists(path)) {
    throw new Failure(
      `must pass a container spec json file for custom profile: open ${file}: no such file or directory`,
    )
  }
  const invalid = (reason: string) => new Failure(`${file} does not contain a valid container spec: ${reason}`)
  let value: unknown
  try {
    value = parseYaml(process.files.readText(path))
  } catch (error) {
    throw invalid(`error converting YAML to JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const given = Array.isArray(value) ? 'array' : typeof value
    throw invalid(
      `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${given} into Go value of type v1.Container`,
    )
  }
  if (fixed.some(field => field in value)) {
    throw new Failure('name, command, image, lifecycle and volume devices are not modifiable via custom profile')
  }
  return value as Partial<Container>
}

/** A debugging container with what `--custom` adds to it. */
export function customized<T extends object>(container: T, custom: Partial<Container> | undefined): T {
  return custom ? (strategicMerge(container, custom, 'V1Container') as T) : container
}
