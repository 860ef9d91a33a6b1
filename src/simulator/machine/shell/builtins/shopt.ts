import { type Builtin, badOption, complain, parseOptions } from '../builtin.ts'

const names = [
  'autocd',
  'assoc_expand_once',
  'cdable_vars',
  'cdspell',
  'checkhash',
  'checkjobs',
  'checkwinsize',
  'cmdhist',
  'compat31',
  'complete_fullquote',
  'direxpand',
  'dirspell',
  'dotglob',
  'execfail',
  'expand_aliases',
  'extdebug',
  'extglob',
  'extquote',
  'failglob',
  'force_fignore',
  'globasciiranges',
  'globskipdots',
  'globstar',
  'gnu_errfmt',
  'histappend',
  'histreedit',
  'histverify',
  'hostcomplete',
  'huponexit',
  'inherit_errexit',
  'interactive_comments',
  'lastpipe',
  'lithist',
  'localvar_inherit',
  'localvar_unset',
  'login_shell',
  'mailwarn',
  'no_empty_cmd_completion',
  'nocaseglob',
  'nocasematch',
  'noexpand_translation',
  'nullglob',
  'patsub_replacement',
  'progcomp',
  'progcomp_alias',
  'promptvars',
  'restricted_shell',
  'shift_verbose',
  'sourcepath',
  'varredir_close',
  'xpg_echo',
]

/** Options that change something here. */
const supported: ReadonlySet<string> = new Set([
  'dotglob',
  'expand_aliases',
  'extglob',
  'failglob',
  'globstar',
  'nocaseglob',
  'nocasematch',
  'nullglob',
  'xpg_echo',
])

/** `shopt`. */
export const shopt: Builtin = {
  name: 'shopt',
  usage: '[-pqsu] [-o] [optname ...]',
  summary: 'Set and unset shell options.',
  async run(shell, args) {
    const { options, rest, unknown } = parseOptions(args, 'pqsuo')
    if (unknown) return badOption(shell, shopt, unknown)
    const isOn = (name: string) => shell.shellOptions.has(name)
    let status = 0
    if (options.has('s') || options.has('u')) {
      for (const name of rest) {
        if (!names.includes(name)) status = await complain(shell, 'shopt', `${name}: invalid shell option name`)
        else if (!supported.has(name) && isOn(name) !== options.has('s')) {
          status = await complain(shell, 'shopt', `${name} is not simulated here`)
        } else if (options.has('s')) shell.shellOptions.add(name)
        else shell.shellOptions.delete(name)
      }
      if (rest.length > 0) return status
    }
    const wanted =
      rest.length > 0
        ? rest
        : names.filter(name => (!options.has('s') || isOn(name)) && (!options.has('u') || !isOn(name)))
    for (const name of wanted) {
      if (!names.includes(name)) {
        status = await complain(shell, 'shopt', `${name}: invalid shell option name`)
        continue
      }
      if (rest.length > 0 && !isOn(name)) status = 1
      if (options.has('q')) continue
      await shell.process.write(
        options.has('p')
          ? `shopt -${isOn(name) ? 's' : 'u'} ${name}\n`
          : `${name.padEnd(15)}\t${isOn(name) ? 'on' : 'off'}\n`,
      )
    }
    return status
  },
}
