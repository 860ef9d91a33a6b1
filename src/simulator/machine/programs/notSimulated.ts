import type { Program } from '../program.ts'

/** A program that people know and that does nothing here but say so. */
function missing(name: string, summary: string, instead = ''): Program {
  return {
    name,
    summary,
    run: process => process.fail(`not simulated here${instead === '' ? '' : `: try ${instead}`}`),
  }
}

/** System programs that are installed but not simulated. */
export const missingPrograms: readonly Program[] = [
  missing('apk', 'Alpine package manager'),
  missing('apt', 'command-line interface for the package management system'),
  missing('apt-get', 'APT package handling utility'),
  missing('bc', 'an arbitrary precision calculator language', '$((…)) or awk'),
  missing('gzip', 'compress or expand files'),
  missing('gunzip', 'compress or expand files'),
  missing('logger', 'enter messages into the system log'),
  missing('lsof', 'list open files', 'ss -p'),
  missing('perl', 'the Perl 5 language interpreter', 'awk or sed'),
  missing('strace', 'trace system calls and signals'),
  missing('zcat', 'compress or expand files'),
]
