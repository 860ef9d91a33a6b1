import type { Program } from '../program.ts'
import { ResolveError, resolveHost } from '../resolver.ts'

/** Prints the domain part of the machine's full name. */
export const dnsdomainname: Program = {
  name: 'dnsdomainname',
  summary: "show the system's DNS domain name",
  async run(process) {
    try {
      const { name } = await resolveHost(process, process.machine.hostname)
      await process.write(name.includes('.') ? `${name.slice(name.indexOf('.') + 1)}\n` : '\n')
      return 0
    } catch (error) {
      if (error instanceof ResolveError) return process.fail(error.message)
      throw error
    }
  },
}
