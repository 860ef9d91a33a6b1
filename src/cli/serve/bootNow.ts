import { bootTime } from '../../simulator/cluster/cluster.ts'
import { Lab } from '../../simulator/lab.ts'
import type { LabDefinition } from '../../simulator/labDefinition.ts'

/** Boots a lab whose wall clock says what the real one says: clients compare the two. */
export async function bootNow(definition: LabDefinition, seed: number): Promise<Lab> {
  const epoch = Date.now() - bootTime
  const lab = await Lab.boot(definition, seed, epoch)
  await lab.advance(Math.max(0, Date.now() - epoch - lab.now))
  return lab
}
