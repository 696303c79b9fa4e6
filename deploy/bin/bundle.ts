import { bundle } from '../lib/bundle.js';

// Builds the functions into a folder, for a processor: `tsx bin/bundle.ts FOLDER arm64|x64`.
const [folder, cpu] = process.argv.slice(2);
if (cpu !== undefined && cpu !== 'arm64' && cpu !== 'x64') throw new Error(`There is no Lambda for ${cpu}: give arm64 or x64`);
await bundle({ ...(folder === undefined ? {} : { folder }), ...(cpu === undefined ? {} : { cpu }) });
