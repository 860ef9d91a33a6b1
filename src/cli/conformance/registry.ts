import type { Area } from './area.ts'
import { manifests } from './documentation/manifests.ts'
import { commandLines } from './kubectl/commandLines.ts'
import { defaulting } from './kubectl/defaulting.ts'
import { generatedBytes, generators } from './kubectl/generators.ts'
import { help } from './kubectl/help.ts'
import { newClientTranscripts, oldClientTranscripts } from './kubectl/transcripts.ts'
import { policyValidation } from './netpol/apiValidation.ts'
import { clusterPolicies } from './netpol/clusterPolicies.ts'
import { policyAreas } from './netpol/policies.ts'
import { recipeAreas } from './netpol/recipes.ts'
import { kiamol } from './scenarios/kiamol.ts'
import { chainNames } from './services/chainNames.ts'
import { coreDns } from './services/coreDns.ts'
import { dnsRecords } from './services/dnsRecords.ts'
import { endpointsController } from './services/endpointsController.ts'
import { ingressRules } from './services/ingress.ts'
import { proxyFlows, proxyRules } from './services/kubeProxy.ts'
import { ages } from './tables/ages.ts'
import { fieldSelectors } from './tables/fieldSelectors.ts'
import { jsonPatch } from './tables/jsonPatch.ts'
import { jsonPath } from './tables/jsonPath.ts'
import { labelSelectors, structuredSelectors } from './tables/labelSelectors.ts'
import { names, ports } from './tables/names.ts'
import { printerRows } from './tables/printerRows.ts'
import { quantities, quantityComparisons } from './tables/quantities.ts'
import { strategicMerge } from './tables/strategicMerge.ts'
import { validation } from './tables/validation.ts'
import { yamlToJson } from './tables/yamlToJson.ts'

/** Every area of the corpora, in the order in which it is run. */
export const areas: readonly Area[] = [
  commandLines,
  help,
  generators,
  generatedBytes,
  defaulting,
  newClientTranscripts,
  oldClientTranscripts,
  jsonPath,
  labelSelectors,
  structuredSelectors,
  fieldSelectors,
  quantities,
  quantityComparisons,
  ages,
  names,
  ports,
  strategicMerge,
  jsonPatch,
  yamlToJson,
  validation,
  printerRows,
  coreDns,
  dnsRecords,
  chainNames,
  proxyFlows,
  proxyRules,
  endpointsController,
  ingressRules,
  policyValidation,
  ...policyAreas,
  ...recipeAreas,
  clusterPolicies,
  kiamol,
  manifests,
]
