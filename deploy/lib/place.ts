/** A bucket as the rest of the app needs it, whether it was made here or was there before. */
export interface Place {
  readonly bucketName: string;
  readonly bucketArn: string;
}
