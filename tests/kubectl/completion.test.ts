import { beforeAll, expect, test } from 'vitest'
import { referenceCluster } from '#simulator/cluster/definition.ts'
import { Lab } from '#simulator/lab.ts'

let lab: Lab

beforeAll(async () => {
  lab = await Lab.boot({ cluster: referenceCluster, files: { 'web.yaml': '' } }, 1)
  await lab.run('kubectl run box --image=busybox:1.36 -- sleep infinity')
})

// What `kubectl __complete` of release 1.36.3 answers.
test.each([
  ['ge', 'get\tDisplay one or many resources\n:4\n', 'NoFileComp'],
  [
    'create se',
    'secret\tCreate a secret using a specified subcommand\nservice\tCreate a service using a specified subcommand\nserviceaccount\tCreate a service account with the specified name\n:4\n',
    'NoFileComp',
  ],
  ['get pods -o j', 'json\njsonpath\njsonpath-as-json\njsonpath-file\n:4\n', 'NoFileComp'],
  [
    'get --wat',
    '--watch\tAfter listing/getting the requested object, watch for changes.\n--watch-only\tWatch for changes to the requested object(s), without listing/getting first.\n:4\n',
    'NoFileComp',
  ],
  ['scale --', '--replicas\tThe new desired number of replicas. Required.\n:4\n', 'NoFileComp'],
  ['rollout undo dep', 'deployment\n:4\n', 'NoFileComp'],
  ["apply -f ''", 'json\nyaml\nyml\n:8\n', 'FilterFileExt'],
  ['get pods --sort-by=', ':0\n', 'Default'],
  ['get pod b', 'box\n:4\n', 'NoFileComp'],
  ['get pod/b', 'pod/box\n:4\n', 'NoFileComp'],
  ['logs b', 'box\n:6\n', 'NoSpace, ShellCompDirectiveNoFileComp'],
  ['-n kube-s', 'kube-system\n:4\n', 'NoFileComp'],
  ['config use-context k', 'kubernetes-admin@kubernetes\n:4\n', 'NoFileComp'],
])('kubectl __complete %s', async (words, stdout, directive) => {
  expect(await lab.run(`kubectl __complete ${words}`)).toEqual({
    stdout,
    stderr: `Completion ended with directive: ShellCompDirective${directive}\n`,
    status: 0,
  })
})

test('without descriptions there are only names', async () => {
  expect(await lab.run('kubectl __completeNoDesc ge')).toMatchObject({ stdout: 'get\n:4\n' })
})
