import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Where Debian's package puts it. */
const DEBIAN = '/usr/bin/chromium';

/** The Chromium of this machine, or undefined. CHROMIUM names another one. */
export const CHROMIUM = [process.env.CHROMIUM ?? '', DEBIAN].find((path) => path !== '' && existsSync(path));

/** What a page of its own made of an HTML file: its headings, text and drawings, and every error. */
export interface Opened {
  readonly title: string;
  readonly headings: readonly string[];
  readonly text: string;
  readonly drawings: number;
  readonly errors: readonly string[];
}

/** Opens an HTML file in Chromium; whatever the page, its console or the network finds wrong is an error. */
export async function openInChromium(file: string): Promise<Opened> {
  const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: [...flags, '--disable-sync'] });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('requestfailed', (request) => errors.push(`${request.url()} failed`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) errors.push(message.text());
    });
    await page.goto(`file://${file}`);
    return {
      title: await page.title(),
      headings: await page.locator('h2').allTextContents(),
      text: (await page.locator('body').textContent()) ?? '',
      drawings: await page.locator('svg').count(),
      errors,
    };
  } finally {
    await browser.close();
  }
}
