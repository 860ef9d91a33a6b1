import { defineProgram } from '../options.ts'
import { BusyboxWget } from './wget/busybox.ts'
import { GnuWget, type WgetPlan } from './wget/gnu.ts'

/** Fetches files over HTTP. */
// Simplified: certificates are not checked, and nothing is fetched recursively.
export const wget = defineProgram({
  name: 'wget',
  summary: 'the non-interactive network downloader',
  usage: '[OPTION]... [URL]...',
  package: 'GNU Wget 1.21.3',
  usageStatus: 2,
  busybox: {
    usage:
      '[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR] [--post-data STR] [-P DIR] [-U AGENT] [-T SEC] URL...',
    options:
      'qOSPTU spider header post-data timeout no-check-certificate quiet output-document server-response user-agent directory-prefix tries',
  },
  options: [
    { short: 'q', long: 'quiet', help: 'quiet (no output)' },
    { short: 'n', value: 'v', help: 'turn off verboseness: -nv', only: 'gnu' },
    { long: 'no-verbose', help: 'turn off verboseness, without being quiet', only: 'gnu' },
    { short: 'v', long: 'verbose', help: 'be verbose (this is the default)', only: 'gnu' },
    { short: 't', long: 'tries', value: 'NUMBER', help: 'set number of retries to NUMBER (0 unlimits)' },
    { short: 'O', long: 'output-document', value: 'FILE', help: 'write documents to FILE' },
    { long: 'spider', help: "don't download anything" },
    { short: 'T', long: 'timeout', value: 'SECONDS', help: 'set all timeout values to SECONDS' },
    { long: 'connect-timeout', value: 'SECS', help: 'set the connect timeout to SECS', only: 'gnu' },
    { short: 'S', long: 'server-response', help: 'print server response' },
    { short: 'P', long: 'directory-prefix', value: 'PREFIX', help: 'save files to PREFIX/..' },
    { short: 'U', long: 'user-agent', value: 'AGENT', help: 'identify as AGENT instead of Wget/VERSION' },
    { long: 'header', value: 'STRING', help: 'insert STRING among the headers' },
    { long: 'post-data', value: 'STRING', help: 'use the POST method; send STRING as the data' },
    { long: 'method', value: 'HTTPMethod', help: 'use method in the request', only: 'gnu' },
    { long: 'body-data', value: 'STRING', help: 'send STRING as data', only: 'gnu' },
    { long: 'user', value: 'USER', help: 'set user', only: 'gnu' },
    { long: 'password', value: 'PASS', help: 'set password', only: 'gnu' },
    { long: 'max-redirect', value: 'NUM', help: 'maximum redirections allowed per page', only: 'gnu' },
    { long: 'no-check-certificate', help: "don't validate the server's certificate" },
    { long: 'progress', value: 'TYPE', help: 'select progress gauge type', only: 'gnu' },
    { short: '4', long: 'inet4-only', help: 'connect only to IPv4 addresses', only: 'gnu' },
  ],
  notSimulated:
    '-c --continue -r --recursive -b --background -i --input-file -o --output-file -a --append-output -d --debug -N --timestamping -k -p -m -H -A -R -l -nc --no-clobber -x -e --execute -w --wait --limit-rate -Q -6 --post-file --body-file --ca-certificate --certificate --save-headers --content-disposition -Y --bind-address --no-proxy',
  async run(process, args) {
    const isBusybox = process.flavour === 'busybox'
    if (args.operands.length === 0) {
      if (isBusybox) throw args.misuse('')
      await process.stderr.write(
        "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      )
      return 1
    }
    const brief = args.get('n')
    if (brief !== undefined && brief !== 'v') return process.fail(`option -n${brief} is not simulated here`)
    const seconds = args.get('timeout') ?? args.get('connect-timeout')
    const tries = Number(args.get('tries') ?? 20)
    const user = args.get('user')
    const body = args.get('post-data') ?? args.get('body-data')
    const plan: WgetPlan = {
      urls: args.operands,
      isQuiet: args.has('quiet'),
      isBrief: brief === 'v' || args.has('no-verbose'),
      output: args.get('output-document'),
      prefix: args.get('directory-prefix'),
      showsServer: args.has('server-response'),
      isSpider: args.has('spider'),
      timeout: seconds === undefined || Number(seconds) === 0 ? undefined : Number(seconds) * 1000,
      tries: tries === 0 ? Number.POSITIVE_INFINITY : tries,
      headers: args.all('header'),
      userAgent: args.get('user-agent'),
      method: args.get('method') ?? (args.has('post-data') ? 'POST' : 'GET'),
      body,
      login: user === undefined ? undefined : `${user}:${args.get('password') ?? ''}`,
      maxRedirects: Number(args.get('max-redirect') ?? 20),
    }
    return isBusybox ? new BusyboxWget(process, plan).run() : new GnuWget(process, plan).run()
  },
})
