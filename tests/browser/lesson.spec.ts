import { expect, test } from '@playwright/test'
import { LessonPage } from './lessonPage.ts'

const path = 'service/a-name-that-stays'
const podAddress = "$(kubectl get pod -l app=sleep-2 --output jsonpath='{.items[0].status.podIP}')"

for (const locale of ['ko', 'en'] as const) {
  const other = locale === 'ko' ? 'en' : 'ko'

  test(`the lesson is typed through in ${locale} to full marks`, async ({ page }) => {
    const lesson = await LessonPage.open(page, `/${locale}/${path}/`)
    await lesson.click('kubectl apply -f sleep1.yaml -f sleep2.yaml')
    await lesson.run('kubectl wait --for=condition=Ready pod --all --timeout=60s')
    await lesson.passes('pods-run')
    expect(await lesson.click(`kubectl exec deploy/sleep-1 -- ping -c 2 ${podAddress}`)).toContain('0% packet loss')
    await lesson.passes('ping-address')

    // A reload in the middle keeps the cluster, the screen and what is done.
    await page.reload()
    await lesson.isReady()
    expect(await lesson.text()).toContain('0% packet loss')
    await lesson.passes('ping-address')

    await lesson.choose('after-delete', 1)
    await lesson.click('kubectl delete pods -l app=sleep-2')
    await lesson.run('kubectl rollout status deployment sleep-2')
    await lesson.passes('new-address')

    // So does the other language.
    await page.locator('a[data-language]').click()
    await page.waitForURL(`**/${other}/${path}/`)
    await lesson.isReady()
    await lesson.passes('new-address')
    await page.locator('a[data-language]').click()
    await page.waitForURL(`**/${locale}/${path}/`)
    await lesson.isReady()

    await lesson.click('kubectl apply -f sleep2-service.yaml')
    await lesson.passes('service')

    // Undo takes the Service away again.
    await page.locator('.toolbar button', { hasText: locale === 'ko' ? '되돌리기' : 'Undo' }).click()
    await lesson.isReady()
    await expect(lesson.check('service')).toHaveAttribute('data-state', 'fail', { timeout: 60_000 })
    await lesson.click('kubectl apply -f sleep2-service.yaml')
    await lesson.passes('service')

    await lesson.choose('ping-outcome', 3)
    await lesson.choose('curl-outcome', 0)
    expect(await lesson.click('kubectl exec deploy/sleep-1 -- ping -c 1 -W 2 sleep-2')).toContain('100% packet loss')
    expect(await lesson.click('kubectl exec deploy/sleep-1 -- curl -s -m 5 http://sleep-2')).toContain(
      'Welcome to nginx!',
    )
    await lesson.passes('curl-name')
    expect(await lesson.click('ssh node1 iptables-save -t nat | grep default/sleep-2')).toContain('-j DNAT')
    await lesson.choose('why-only-ping', 2)
    await lesson.passes('why')

    await lesson.click('kubectl apply -f shop.yaml')
    await lesson.run("sed -i -e 's/app: shop-web/app: shop/' -e 's/targetPort: 8080/targetPort: 80/' shop.yaml")
    await lesson.run('kubectl apply -f shop.yaml')
    await lesson.passes('repair')
    await expect(page.locator('.checklist .score')).toContainText('11')
    await expect(page.locator('.checklist [data-state="pass"]')).toHaveCount(8)
  })
}
