import { existsSync } from 'node:fs'
import { chromium, defineConfig, devices } from '@playwright/test'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

/** CHROMIUM_PATH, else Playwright's own browser where it is downloaded, else a browser of the system. */
const ownBrowser = existsSync(chromium.executablePath())
const executablePath = process.env['CHROMIUM_PATH'] ?? (ownBrowser ? undefined : usualPlaces.find(existsSync))
if (!executablePath && !ownBrowser)
  throw new Error(
    'No browser: install Chromium or Chrome, set CHROMIUM_PATH, or run `npx playwright install chromium`.',
  )

const port = Number(process.env['TEST_PORT'] ?? 4329)

export default defineConfig({
  testDir: 'tests/browser',
  outputDir: 'node_modules/.cache/playwright',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  forbidOnly: Boolean(process.env['CI']),
  reporter: 'dot',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://localhost:${port}`,
    launchOptions: {
      ...(executablePath ? { executablePath } : {}),
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
    trace: 'retain-on-failure',
  },
  webServer: {
    command: `"${process.execPath}" node_modules/astro/bin/astro.mjs preview --host 127.0.0.1 --port ${port}`,
    url: `http://127.0.0.1:${port}/ko/`,
    reuseExistingServer: false,
    timeout: 30_000,
  },
})
