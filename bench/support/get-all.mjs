/** Gets every object of a bucket below a prefix and does nothing with them: what of reading many small ones is nothing but getting them. Arguments: bucket, prefix. */
import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

const AT_ONCE = 64;
const [Bucket, Prefix] = process.argv.slice(2);
const client = new S3Client({ forcePathStyle: true, requestHandler: { httpAgent: { keepAlive: true, maxSockets: AT_ONCE } } });

const keys = [];
for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) keys.push(...Contents.map(({ Key }) => Key));

const next = keys.values();
const lane = async () => {
  for (const Key of next) await (await client.send(new GetObjectCommand({ Bucket, Key }))).Body.transformToByteArray();
};
await Promise.all(Array.from({ length: AT_ONCE }, lane));
console.log(`${keys.length} objects`);
