import type { Program } from '../../machine/program.ts'
import { programs } from '../../machine/programs/registry.ts'
import type { Programs } from '../images/image.ts'

/** The shell commands of all machines and the programs of one cluster, for images to pick from. */
export class ProgramList implements Programs {
  readonly commands: readonly string[]
  readonly #commands: ReadonlyMap<string, Program>
  readonly #daemons: ReadonlyMap<string, Program>

  constructor(daemons: ReadonlyMap<string, Program>) {
    this.#commands = new Map(programs.map(program => [program.name, program]))
    this.#daemons = daemons
    this.commands = [...this.#commands.keys()].sort()
  }

  command(name: string): Program {
    const found = this.#commands.get(name)
    if (!found) throw new Error(`no program ${name}`)
    return found
  }

  ofCluster(name: string): Program {
    return this.#daemons.get(name) ?? lacking(name)
  }
}

/** Stands for a program that the cluster does not have. */
function lacking(name: string): Program {
  return {
    name,
    summary: `${name} is not simulated here`,
    async run(process) {
      await process.stderr.write(`${name} is not simulated here\n`)
      return 1
    },
  }
}
