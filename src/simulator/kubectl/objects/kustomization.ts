import type { Process } from '../../machine/program.ts'
import { Failure } from '../failure.ts'
import type { ManifestSource } from './files.ts'

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** The manifests that a kustomization folder makes. */
export function kustomizationSource(process: Process, folder: string): ManifestSource {
  const path = process.path(folder)
  if (!process.files.exists(path)) {
    throw new Failure(
      `must build at directory: not a valid directory: evalsymlink failure on '${folder}' : lstat ${path}: no such file or directory`,
    )
  }
  if (!fileNames.some(name => process.files.exists(`${path}/${name}`))) {
    throw new Failure(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${path}'`,
    )
  }
  throw new Failure('kustomizations are not simulated here')
}
