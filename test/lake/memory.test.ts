import { memoryStore } from '../../src/lake/memory.js';
import { describeStore } from '../conformance/store.js';

describeStore('memoryStore', async () => ({ store: memoryStore(), dispose: async () => undefined }));
