import { defineProgram } from '../options.ts'
import { kernelRelease } from '../proc.ts'

/** Tells about the kernel and the machine. */
export const uname = defineProgram({
  name: 'uname',
  summary: 'print certain system information',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION]...',
  options: [
    { short: 'a', long: 'all', help: 'print all information' },
    { short: 's', long: 'kernel-name', help: 'print the kernel name' },
    { short: 'n', long: 'nodename', help: 'print the network node hostname' },
    { short: 'r', long: 'kernel-release', help: 'print the kernel release' },
    { short: 'v', long: 'kernel-version', help: 'print the kernel version' },
    { short: 'm', long: 'machine', help: 'print the machine hardware name' },
    { short: 'p', long: 'processor', help: 'print the processor type (non-portable)' },
    { short: 'i', long: 'hardware-platform', help: 'print the hardware platform (non-portable)' },
    { short: 'o', long: 'operating-system', help: 'print the operating system' },
  ],
  busybox: { usage: '[-amnrspvio]', options: 'asnrvmpio' },
  async run(process, args) {
    args.demandOperands(0, 0)
    const all = args.has('all')
    const parts: string[] = []
    const add = (isAsked: boolean, text: string) => {
      if (isAsked) parts.push(text)
    }
    add(all || args.has('kernel-name') || args.given.length === 0, 'Linux')
    add(all || args.has('nodename'), process.machine.hostname)
    add(all || args.has('kernel-release'), kernelRelease)
    add(all || args.has('kernel-version'), '#1 SMP')
    add(all || args.has('machine'), 'x86_64')
    add(args.has('processor'), 'unknown')
    add(args.has('hardware-platform'), 'unknown')
    add(all || args.has('operating-system'), 'GNU/Linux')
    await process.write(`${parts.join(' ')}\n`)
    return 0
  },
})
