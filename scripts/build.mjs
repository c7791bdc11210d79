/** `npm run build`: the app into dist/app, the server into dist/server. */
import { build, install } from './ground.mjs';

await install();
await build({ isForced: true });
