import { defineProgram } from '../options.ts'

/** Makes sure that files are on the disk, as they always are here. */
export const sync = defineProgram({
  name: 'sync',
  summary: 'synchronize cached writes to persistent storage',
  package: 'GNU coreutils 9.1',
  usage: '[OPTION] [FILE]...',
  options: [
    { short: 'd', long: 'data', help: 'sync only file data, no unneeded metadata' },
    { short: 'f', long: 'file-system', help: 'sync the file systems that contain the files' },
  ],
  busybox: { usage: '', options: 'df' },
  run: () => 0,
})
