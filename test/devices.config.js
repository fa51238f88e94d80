import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import base from '../vitest.config.js';
/**
 * The tests that need a graphics card, on the software driver that comes with Debian's Chromium: `npm run test:devices`. Whoever has a
 * card names its driver in VK_ICD_FILENAMES, or runs these tests by `npm test`, where they look for any adapter.
 */
const chromium = '/usr/lib/chromium';
const driver = `${chromium}/vk_swiftshader_icd.json`;
const isSoftware = process.env.VK_ICD_FILENAMES === undefined && existsSync(driver);
export default defineConfig({
    test: {
        ...base.test,
        include: ['src/**/*device*.test.ts', 'test/devices.test.ts'],
        // A driver in software compiles and computes for a while.
        testTimeout: 300_000,
        // Chromium brings the Vulkan loader too.
        env: isSoftware ? { VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: chromium } : {},
    },
});
