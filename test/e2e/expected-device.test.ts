import { expect, it } from 'vitest';
import { randomCode, until, useStage } from './stage.ts';

const stage = useStage('test');

it('[DV16] a device that is not here is declared by hand and shows what it would be told', async () => {
  const page = await stage.open({ name: 'Ada', code: randomCode(), viewport: { width: 1440, height: 900 } });
  await page.getByRole('button', { name: 'Expect a device' }).click();
  await page.getByLabel('Name of the device').fill('desk');
  await page.getByLabel('Name of the device').press('Enter');
  await page.getByLabel('New address of desk').fill('/fader');
  await page.getByLabel('New address of desk').press('Enter');
  await page.getByRole('button', { name: 'desk:/fader', exact: true }).click();
  await page.getByLabel('What desk:/fader takes').click();
  await page.getByLabel('Unit of /fader').fill('db');
  await page.getByLabel('Unit of /fader').press('Enter');
  await until(page, () => window.tutti.devices.addresses().includes('desk:/fader'), undefined);
  await page.evaluate(() => window.tutti.devices.send('desk:/f*@[linear]', 0.5));
  await until(page, () => Math.abs((window.tutti.devices.read('desk:/fader') as number) + 6.02) < 0.01, undefined);
  await page.getByRole('listitem').filter({ hasText: 'fader' }).getByText('−6.021').first().waitFor();
  await page.getByText('number, gain.dB').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});
